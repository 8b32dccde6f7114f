"""A notebook's kernel in the hands of a test."""

from jupyter_client.manager import KernelManager

from workshop import paths
from workshop.authoring.generated import connection


class Kernel:
    """A notebook's kernel: runs cells, and gives what each showed."""

    def __init__(self, environment: dict[str, str]):
        self.manager = KernelManager(kernel_name="python3", **connection())
        self.manager.start_kernel(env=environment, cwd=str(paths.NOTEBOOKS))
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(self, cell: str) -> str:
        shown: list[str] = []

        def note(message: dict) -> None:
            content = message["content"]
            told = content.get("text") or "\n".join(content.get("traceback", []))
            shown.append(told or content.get("data", {}).get("text/plain", ""))

        reply = self.client.execute_interactive(cell, timeout=60, output_hook=note)
        self.payload = reply["content"].get("payload", [])  # what the cell asks of the notebook that shows it
        return "".join(shown)

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()
