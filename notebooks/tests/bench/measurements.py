"""What a newcomer waits for, and what the live server and the checker cost."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import requests

from workshop import paths
from workshop.authoring import rules
from workshop.cli import TEST_WORKERS
from workshop.learner import manifest
from workshop.servers import manage, template
from workshop.servers.live_server import LISTENING, LiveServer

ROUNDS = 5


def newcomer() -> tuple[float, float]:
    """Seconds from `make demo` in a fresh clone to the first token, and to the first expiry.

    Nothing is prepared: no environment, an empty package cache, and no uv on the machine.
    """
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", str(paths.ROOT), str(clone)], check=True)  # noqa: S607
        environment = os.environ | {"PATH": bare_path(Path(folder) / "bin"), "HOME": folder}
        environment.pop("UV_CACHE_DIR", None)
        began = time.perf_counter()
        with subprocess.Popen(
            ["make", "demo"],  # noqa: S607
            cwd=clone,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            seen = [(line, time.perf_counter() - began) for line in process.stdout]
        return first(seen, "200 OK"), first(seen, "Token is expired")


def bare_path(folder: Path) -> str:
    """A PATH with Python, make, git and the system's own programs, and without uv."""
    folder.mkdir()
    base = Path(sys.base_prefix) / "bin" / "python3"
    (folder / "python3").symlink_to(base)
    return f"{folder}:/usr/bin:/bin"


def first(seen: list[tuple[str, float]], words: str) -> float:
    """When the words were first printed; never, if they were not."""
    return next((moment for line, moment in seen if words in line), float("inf"))


def demo() -> tuple[float, float]:
    """Seconds that a demo takes beyond its waits, from process start to end, and the seconds it waited."""
    script = (
        "import time; began = time.perf_counter(); waited = []\n"
        "from workshop import demo, waiting\n"
        "until = waiting.until\n"
        "def timed(instant, **options):\n"
        "    start = time.perf_counter(); until(instant, **options); waited.append(time.perf_counter() - start)\n"
        "waiting.until = timed\n"
        "demo.tell(pause=False)\n"
        "print('WAITED', sum(waited))"
    )
    began = time.perf_counter()
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    waited = float(said.rsplit("WAITED", 1)[1])
    return time.perf_counter() - began - waited, waited


def start_to_first_answer() -> tuple[float, float]:
    """Median seconds to the first answer: a bare `manage.py runserver --noreload`, and `LiveServer`; taking turns."""
    with LiveServer(paths.SERVER):  # makes the template, once per clone
        pass
    times = [(seconds(bare_start), seconds(live_start)) for _ in range(ROUNDS)]
    return median(bare for bare, _ in times), median(live for _, live in times)


def bare_start() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = template.copy_to(Path(folder) / "db.sqlite3", paths.SERVER)
        command = [
            sys.executable,
            str(manage.manage_py(paths.SERVER)),
            "runserver",
            "--noreload",
            "127.0.0.1:0",
        ]
        with subprocess.Popen(
            command,
            cwd=paths.SERVER,
            env=manage.environment(paths.SERVER, database),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            port = next(found[1] for line in process.stdout if (found := LISTENING.search(line)))
            requests.get(f"http://127.0.0.1:{port}/products/", timeout=10).raise_for_status()
            process.kill()


def live_start() -> None:
    with LiveServer(paths.SERVER) as server:
        requests.get(f"{server.url}/products/", timeout=10).raise_for_status()


def all_steps() -> tuple[float, float, int]:
    """Seconds that the trees, notebooks and lessons of all steps take, run as `make test` runs them.

    And the seconds slept in it, added up over all its processes: the waiting that tokens require, and the
    polling of timelines. Last, the number of steps.
    """
    with tempfile.TemporaryDirectory() as folder:
        sleeps = Path(folder) / "sleeps"
        sleeps.touch()
        environment = os.environ | {
            "COUNTED_SLEEPS": str(sleeps),
            "PYTHONPATH": str(Path(__file__).parent / "counting"),
        }
        files = [f"notebooks/tests/test_{name}.py" for name in ("rules", "notebooks", "lessons")]
        command = [sys.executable, "-m", "pytest", "-q", "-n", str(TEST_WORKERS), *files]
        began = time.perf_counter()
        subprocess.run(
            command, cwd=paths.ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        taken = time.perf_counter() - began
        return taken, sum(map(float, sleeps.read_text().split())), len(manifest.steps())


def seconds(action) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def all_trees() -> tuple[float, float, int]:
    """Seconds to check every tree of step 01 one by one, and side by side; and how many trees that is."""
    step = manifest.find("01")
    tasks = [lambda: rules.starter_rule(step), lambda: rules.answer_rule(step)]
    tasks += [lambda wrong=wrong: rules.wrong_rule(step, wrong) for wrong in step.wrong]
    alone = seconds(lambda: [task() for task in tasks])
    return alone, seconds(lambda: side_by_side(tasks)), len(tasks)


def side_by_side(tasks: list) -> list:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda task: task(), tasks))
