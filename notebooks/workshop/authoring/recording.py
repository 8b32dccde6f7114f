"""A short moving picture of the demo and of the Token Lab, made from the real ones: `python -m workshop.authoring.recording`."""

import html
import io
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from .. import paths
from ..errors import WorkshopError
from ..servers.live_server import LiveServer
from ..setup import chromium

FILE = paths.LESSONS / "images/demo.gif"
SIZE = {"width": 800, "height": 480}
COLOURS = 16  # in each picture: text on one ground needs no more
PAGE = {"width": 1200, "height": 720}  # in which the Token Lab has room; it is made smaller afterwards
LARGEST = 600_000  # bytes
ROWS = 21  # lines of the terminal that are shown
ACTS = 5  # of the demo: more would take longer than anybody looks
TERMINAL = """\
<body style="margin:0;background:#fff;color:#111"><pre style="font:15px/20px monospace;padding:14px">$ make demo
{}</pre></body>"""

Frame = tuple[bytes, int]  # a picture as PNG, and for how many milliseconds it is shown


def record(target: Path = FILE) -> Path:
    """Make the picture anew. Gives its file."""
    with sync_playwright() as playwright:
        program = chromium.find()
        if not program:
            raise WorkshopError(
                "A recording needs Chromium, and none is on PATH. On Debian: apt-get install chromium."
            )
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE)
        frames = [*demo(page), *token_lab(page)]
        browser.close()
    save(frames, target)
    return target


def demo(page: Page) -> Iterator[Frame]:
    """The first acts of `make demo`, each line when the demo prints it."""
    command = [sys.executable, "-u", "-m", "workshop", "demo"]
    with subprocess.Popen(command, cwd=paths.NOTEBOOKS, stdout=subprocess.PIPE, text=True) as process:
        lines: list[str] = []
        began = time.monotonic()
        for line in process.stdout:
            if line.startswith(f"{ACTS + 1}  "):
                process.terminate()
                break
            lines.append(line.rstrip())
            if line.strip():
                passed, began = round(1000 * (time.monotonic() - began)), time.monotonic()
                yield terminal(page, lines), min(max(passed, 250), 1500)
        yield terminal(page, lines), 1500


def terminal(page: Page, lines: list[str]) -> bytes:
    page.set_content(TERMINAL.format(html.escape("\n".join(lines[-ROWS:]))))
    return page.screenshot()


def token_lab(page: Page) -> Iterator[Frame]:
    """A login, a call, the death of the access token, and a refresh, in the Token Lab."""
    with LiveServer(paths.SERVER, access=5, refresh=60) as server:
        page.set_viewport_size(PAGE)
        page.goto(server.url)
        page.locator("[data-account=ada]").click()
        page.get_by_text("200").first.wait_for()
        yield page.screenshot(), 1200
        for press in ("protected", None, None, "protected", None, None, "protected", "refresh", "protected"):
            if press:
                page.locator(f"#controls [data-do={press}]").first.click()
            page.wait_for_timeout(1000)
            yield page.screenshot(), 1000


def picture(png: bytes) -> Image.Image:
    size = (SIZE["width"], SIZE["height"])
    return Image.open(io.BytesIO(png)).convert("RGB").resize(size, Image.Resampling.LANCZOS).quantize(COLOURS)


def save(frames: list[Frame], target: Path) -> None:
    """One moving GIF of all pictures. Too large for a page, it is a `WorkshopError`, and the file stays as it was."""
    pictures = [picture(png) for png, _ in frames]
    times = [milliseconds for _, milliseconds in frames]
    made, options = io.BytesIO(), {"save_all": True, "loop": 0, "optimize": True}
    pictures[0].save(made, "GIF", append_images=pictures[1:], duration=times, **options)
    if (size := len(made.getvalue())) > LARGEST:
        raise WorkshopError(
            f"{paths.shown(target)} would have {size} bytes; a page should load at most {LARGEST}. Show less."
        )
    target.write_bytes(made.getvalue())


if __name__ == "__main__":
    print(paths.shown(record()))
