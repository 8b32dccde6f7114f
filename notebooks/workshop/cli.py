"""The commands of the workshop. Each is a few lines over a module that does the work."""

import math
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click

from . import demo as story
from . import paths
from .commands import COMMANDS
from .errors import WorkshopError
from .learner import keeping, manifest, planned, progress, work
from .learner.report import (
    print_hint,
    print_outcomes,
    print_progress,
    say_kept,
    say_open_notebooks,
)
from .servers import serving, shipped
from .setup import jupyter

WATCH_TIMEOUT = 200  # milliseconds
CORES = os.cpu_count() or 1
# More than cores: much of what the tests do is waiting, for tokens to die and for processes to start. A browser computes.
TEST_WORKERS, BROWSER_WORKERS = min(2 * CORES, 8), min(CORES, 4)


class Group(click.Group):
    """Commands in the order of `commands.py`; a `WorkshopError` becomes its sentence and exit code 1."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return [name for name in COMMANDS if name in self.commands]

    def invoke(self, context: click.Context):
        if paths.elsewhere():
            click.echo(paths.elsewhere(), err=True)
        try:
            return super().invoke(context)
        except WorkshopError as error:
            raise click.ClickException(str(error)) from None
        except KeyboardInterrupt:
            click.echo("\nStopped. Nothing is left running.", err=True)
            sys.exit(130)


@click.group(cls=Group)
def cli() -> None:
    """The JWT workshop for Django REST framework."""


def command(name: str):
    return cli.command(name, help=COMMANDS[name].does)


step_argument = click.argument("step", envvar="STEP", default="")


def named_or_current(typed: str) -> manifest.Step:
    """The step that was typed, or the one `work/` is at."""
    return planned.find(typed) if typed else work.current()


class Seconds(click.FloatRange):
    """A positive number of seconds."""

    name = "number of seconds"

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True)

    def convert(self, value, param, context):
        seconds = super().convert(value, param, context)
        return (
            seconds
            if math.isfinite(seconds)
            else self.fail(f"{value!r} is no length of time.", param, context)
        )


class Arguments(click.ParamType):
    """Arguments for pytest; in a variable, quotes hold together what belongs together, as in a shell."""

    name = "arguments"

    def split_envvar_value(self, value):
        return shlex.split(value)


def lifetime(name: str):
    """An option for a lifetime in seconds, also read from the environment variable of that name."""
    told = f"lifetime of a {name} token, seconds"
    return click.option(f"--{name}", envvar=name.upper(), show_envvar=True, type=Seconds(), help=told)


@command("demo")
@click.option("--pause", envvar="PAUSE", is_flag=True, help="wait for Enter between the acts")
@lifetime("access")
@lifetime("refresh")
def demo(pause: bool, access: float | None, refresh: float | None) -> None:
    story.tell(pause=pause, access=access or story.ACCESS, refresh=refresh or story.REFRESH)


@command("serve")
@click.option(
    "--port", envvar="PORT", show_envvar=True, type=click.IntRange(1, 65_535), default=8000, show_default=True
)
@lifetime("access")
@lifetime("refresh")
def serve(port: int, access: float | None, refresh: float | None) -> None:
    sys.exit(serving.serve(port=port, access=access, refresh=refresh))


@command("class")
@click.option(
    "--students",
    envvar="STUDENTS",
    show_envvar=True,
    type=click.IntRange(1, 1000),
    default=30,
    show_default=True,
)
@click.option("--port", envvar="PORT", type=click.IntRange(1, 65_535), default=8000, show_default=True)
@click.option("--bind", envvar="BIND", default="0.0.0.0", show_default=True, help="the address to listen on")  # noqa: S104
def serve_class(students: int, port: int, bind: str) -> None:
    from .servers import classroom

    sys.exit(classroom.serve_class(students=students, port=port, bind=bind))


@command("setup")
def set_up() -> None:
    click.echo(jupyter.how_to_open())


@command("ship")
@click.option(
    "--port", envvar="PORT", show_envvar=True, type=click.IntRange(1, 65_535), default=8443, show_default=True
)
@click.option(
    "--web", envvar="WEB", show_envvar=True, type=click.IntRange(1, 16), default=2, show_default=True
)
def ship(port: int, web: int) -> None:
    shipped.serve(port=port, web=web)


@cli.command("lab", help=COMMANDS["lab"].does, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def lab(arguments: tuple[str, ...]) -> None:
    jupyter.open_lab(list(arguments))


@command("start")
@step_argument
@click.option(
    "--from", "brought", envvar="FROM", default="", help="a work.zip from the workshop in a browser's tab"
)
def start(step: str, brought: str) -> None:
    if brought:
        keeping.unpack(Path(brought))
        click.echo(f"work/ is as it was in the tab, at step {work.current().stem}. Now: make check")
        return
    chosen = planned.find(step)
    say_kept(work.start(chosen))
    say_open_notebooks()
    click.echo(f"work/ is ready for step {chosen.stem}: {chosen.title}.\n")
    click.echo("You edit:  " + "\n           ".join(f"work/{path}" for path in chosen.edits))
    click.echo(f"Read:      {paths.shown(chosen.lesson)}\nThen:      make check")


@command("check")
@step_argument
def check(step: str) -> None:
    passed = print_outcomes(named_or_current(step))
    sys.exit(0 if passed else 1)


@command("watch")
@step_argument
def watch(step: str) -> None:
    from watchfiles import PythonFilter, watch

    named_or_current(step)
    options = {"watch_filter": PythonFilter(), "raise_interrupt": False}
    changes = watch(paths.WORK, **options, yield_on_timeout=True, rust_timeout=WATCH_TIMEOUT)
    next(changes)  # from now on it watches, so a file saved during the first check counts too
    print_outcomes(named_or_current(step))
    click.echo("\nWatching work/. Save a file to check again; Ctrl-C ends this.")
    for _saved in filter(None, changes):
        print_outcomes(named_or_current(step))
    click.echo("Stopped watching.")


@command("hint")
@step_argument
def hint(step: str) -> None:
    print_hint(named_or_current(step))


@command("solve")
@step_argument
def solve(step: str) -> None:
    chosen = named_or_current(step)
    say_kept(work.solve(chosen))
    say_open_notebooks()
    progress.note(chosen, solved=True)
    click.echo(
        f"work/ now holds the answer of step {chosen.stem}.\n"
        f"Why it is right: {paths.shown(chosen.folder)}/README.md"
    )


@command("reset")
@step_argument
def reset(step: str) -> None:
    chosen = named_or_current(step)
    say_kept(work.start(chosen))
    say_open_notebooks()
    progress.note(chosen, solved=False)
    click.echo(f"work/ is at the beginning of step {chosen.stem} again.")


@command("progress")
def show_progress() -> None:
    print_progress()


@command("new")
@click.argument("stem", envvar="STEP", default="")
def new(stem: str) -> None:
    from .authoring.scaffold import scaffold

    for path in scaffold(stem):
        click.echo(f"Wrote {paths.shown(path)}")
    click.echo(f"Now: make start STEP={stem} && make check")


@command("join")
@click.option(
    "--class", "url", envvar="CLASS", show_envvar=True, required=True, help="the address on your slip"
)
@click.option("--name", envvar="NAME", show_envvar=True, required=True, help="the name on your slip")
@click.password_option(confirmation_prompt=False, help="asked for when it is not given")
def join(url: str, name: str, password: str) -> None:
    from .learner import class_report

    class_report.join(url, name, password)
    click.echo(
        f"You are {name} in the class at {url}. From now on every check tells it the step's number, how many checks\n"
        f"passed, and which was the first that did not. To leave, delete work/{class_report.FILE}."
    )


@command("passed")
def passed() -> None:
    from .servers import classroom

    click.echo(classroom.results(), nl=False)


@command("slides")
def slides() -> None:
    from .authoring.slides import make

    for path in make():
        click.echo(f"Wrote {paths.shown(path)}")
    click.echo("Open one in a browser, full screen; print the handout from there.")


@command("notebooks")
@click.argument("step", envvar="STEP", default="")
@click.option("--check", "only_check", is_flag=True, help="change nothing; name what is out of date")
def notebooks(step: str, only_check: bool) -> None:
    from .authoring.generated import regenerate

    stale = regenerate(write=not only_check, only=manifest.find(step) if step else None)
    for path in stale:
        click.echo(f"{'Out of date' if only_check else 'Wrote'}: {paths.shown(path)}")
    click.echo("Everything is as the answers produce it." if not stale else "")
    sys.exit(1 if stale and only_check else 0)


@command("site")
def site() -> None:
    from .authoring.site import build

    out = paths.shown(build.build())
    click.echo(f"See it: {build.SERVE} {out}")


@command("test")
@click.argument("arguments", envvar="ARGS", nargs=-1, type=Arguments())
def test(arguments: tuple[str, ...]) -> None:
    run_tests("not browser", TEST_WORKERS, arguments)


@command("test-browser")
@click.argument("arguments", envvar="ARGS", nargs=-1, type=Arguments())
def test_browser(arguments: tuple[str, ...]) -> None:
    # A module stays with one worker, which builds its site once; those that take longest come first.
    run_tests("browser", BROWSER_WORKERS, arguments, "--dist", "loadscope", "--no-loadscope-reorder")


def run_tests(marked: str, workers: int, arguments: tuple[str, ...], *options: str) -> NoReturn:
    """End with pytest's exit code; an expression of marks among the arguments goes before ours."""
    os.environ.setdefault("VARIANTS", "1" if arguments else "8")  # see server/testkit/turns.py
    sys.exit(run([sys.executable, "-m", "pytest", "-n", str(workers), "-m", marked, *options, *arguments]))


@command("fuzz")
def fuzz() -> None:
    sys.exit(run([sys.executable, "-m", "fuzz"], folder=paths.SERVER))


@command("lint")
def lint() -> None:
    tasks = [["check", "."], ["format", "--check", "."]]
    sys.exit(max(run([sys.executable, "-m", "ruff", *task]) for task in tasks))


@command("bench")
def bench() -> None:
    tasks = [(paths.NOTEBOOKS / "tests", "bench"), (paths.SERVER, "bench")]
    sys.exit(max(run([sys.executable, "-m", module], folder=folder) for folder, module in tasks))


def run(arguments: list[str], *, folder: Path = paths.ROOT) -> int:
    """Run a program in the clone, its output straight to the screen; its exit code."""
    try:
        return subprocess.run(arguments, cwd=folder).returncode
    except KeyboardInterrupt:
        return 130
