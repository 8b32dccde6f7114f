"""Start Python programs: on Linux as forks of a process that has imported their libraries, elsewhere anew."""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import weakref
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import IO

PACKAGES = Path(__file__).resolve().parents[2]
LONGEST = 200_000  # bytes of a request to the seed: the variables of an environment are a few thousand

FORKS = sys.platform == "linux"  # the calls used here exist there
SEED: socket.socket | None = None  # of this process; made at the first start, or inherited from the seed
ASKING = threading.Lock()


def start(
    arguments: list[str],
    *,
    cwd: Path,
    env: dict[str, str],
    alone: bool = False,
    output: IO | None = None,
    errors: IO | None = None,
) -> "Process":
    """`python ...`, with a pipe as its input; what it says goes to the files, or else to a pipe to read as text.

    Errors go where output goes, unless they have a file. `alone`: in a session of its own, with all that it starts.
    """
    if FORKS:
        with contextlib.suppress(OSError, ValueError):  # no seed can run here
            return fork(arguments, cwd=cwd, env=env, alone=alone, output=output, errors=errors)
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=cwd,
        env=env,
        stdin=subprocess.PIPE,
        stdout=output or subprocess.PIPE,
        stderr=errors or subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=alone,
    )


def fork(
    arguments: list[str], *, cwd: Path, env: dict[str, str], alone: bool, output: IO | None, errors: IO | None
) -> "Fork":
    program = {"arguments": arguments, "cwd": str(cwd), "env": env, "alone": alone}
    with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
        inner, stdin = pipe(theirs, ours)
        stdout, outer = (None, output.fileno()) if output else pipe(ours, theirs)
        end, ended = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        theirs.enter_context(ended)
        ours.enter_context(end)
        files = [inner, outer, errors.fileno() if errors else outer, ended.fileno()]
        with ASKING:
            pid = ask(json.dumps(program).encode(), files)
        ours.pop_all()
    return Fork(pid, end, stdin, stdout)


def pipe(reader: contextlib.ExitStack, writer: contextlib.ExitStack) -> tuple[int, int]:
    """A pipe, and who closes which end of it."""
    ends = os.pipe()
    for owner, end in zip((reader, writer), ends, strict=True):
        owner.callback(os.close, end)
    return ends


def ask(request: bytes, files: list[int]) -> int:
    """The id of the process that the seed made."""
    seed = own_seed()
    socket.send_fds(seed, [request], files)
    return int(seed.recv(20))


def own_seed() -> socket.socket:
    """The way to this process's seed, which ends when this process does."""
    global SEED
    if SEED is None:
        SEED, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        places = filter(None, [str(PACKAGES), os.environ.get("PYTHONPATH")])
        variables = {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": os.pathsep.join(places)}
        options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": os.environ | variables}
        command = [sys.executable, "-m", "workshop.servers.seed"]
        with theirs:
            atexit.register(end_seed, SEED, subprocess.Popen(command, stdin=theirs, **options))
    return SEED


def end_seed(seed: socket.socket, process: subprocess.Popen) -> None:
    seed.close()
    process.wait()


class Fork:
    """A process of the seed's, with the part of `subprocess.Popen` that its callers use."""

    def __init__(self, pid: int, end: socket.socket, stdin: int, stdout: int | None):
        self.pid = pid
        self.stdin = os.fdopen(stdin, "w", encoding="utf-8")
        self.stdout = None if stdout is None else os.fdopen(stdout, encoding="utf-8", errors="replace")
        self._end = end
        weakref.finalize(self, end.close)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended."""
        if not wait_for([self._end], timeout):
            raise subprocess.TimeoutExpired("python", timeout)
        told = self._end.recv(20, socket.MSG_PEEK)
        return int(told or -signal.SIGKILL)  # no word from the seed: it was killed

    def poll(self) -> int | None:
        return self.wait() if wait_for([self._end], 0) else None

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


Process = subprocess.Popen[str] | Fork
