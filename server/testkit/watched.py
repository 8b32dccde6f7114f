"""Run a program until standard input ends, as it does when whoever holds its other end is gone.

`python -m testkit.watched SIGNAL USER PROGRAM ...` sends the signal then. An empty USER is the present one.
"""

import os
import signal
import subprocess
import sys
import threading


def main(name, user, *command):
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, **as_user(user)) as process:
        threading.Thread(target=watch, args=(process, getattr(signal, name)), daemon=True).start()
        return process.wait()


def as_user(user):
    """The options of a process that this user runs, with the user's own group; none for the present user."""
    if not user:
        return {}
    import pwd

    return {"user": user, "group": pwd.getpwnam(user).pw_gid}


def watch(process, number):
    # Not sys.stdin.read(): its lock, held by a daemon thread, would make a normal exit crash.
    while os.read(0, 1024):
        pass
    process.send_signal(number)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
