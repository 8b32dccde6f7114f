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
    if sys.platform == "linux":
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
    inner, stdin = os.pipe()
    stdout, outer = (None, os.dup(output.fileno())) if output else os.pipe()
    end, ended = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    files = [inner, outer, errors.fileno() if errors else outer, ended.fileno()]
    with ASKING, ended:
        try:
            pid = ask(json.dumps(program).encode(), files)
        finally:
            os.close(inner)
            os.close(outer)
    return Fork(pid, end, stdin, stdout)


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
        variables = {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(PACKAGES)}
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
        return int(
            self._end.recv(20, socket.MSG_PEEK) or -signal.SIGKILL
        )  # without a word: the seed was killed

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
