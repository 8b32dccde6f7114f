"""Found by every Python process that the bench starts with this folder on its path: writes down each sleep."""

import os
import time

sleep = time.sleep


def counted(seconds: float) -> None:
    began = time.perf_counter()
    sleep(seconds)
    with open(os.environ["COUNTED_SLEEPS"], "a", encoding="utf-8") as file:  # noqa: PTH123
        file.write(f"{time.perf_counter() - began:.3f}\n")


time.sleep = counted
