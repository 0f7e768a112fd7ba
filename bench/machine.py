"""What the bench ran on, and how busy that was beside it."""

from __future__ import annotations

import os
import platform
import time


def machine() -> str:
    cores = len(os.sched_getaffinity(0))
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cores} cores {platform.machine()}, {gigabytes:.0f} GB, Linux {platform.release()}, "
        f"CPython {platform.python_version()}"
    )


def load() -> float:
    """Processes that ran or wanted to, in the mean of the last minute."""
    return os.getloadavg()[0]


def fixed_work() -> float:
    """CPU seconds of a fixed piece of Python: more where others use the same core or its cache."""
    before = time.thread_time()
    sum(number * number for number in range(5_000))
    return time.thread_time() - before
