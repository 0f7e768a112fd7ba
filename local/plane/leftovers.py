"""Servers that a killed launcher left behind.

A process is ours if it runs one of our programs *in* our data folder. That cannot name a stranger
who got the same number, as a remembered process id can, and it finds PostgreSQL's children too,
which hold the shared memory for a moment longer than their parent lives.
"""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

PROGRAMS = frozenset({"postgres", "initdb", "pg_basebackup", "valkey-server"})
PATIENCE_SECONDS = 5.0


def end_leftovers(folder: Path) -> None:
    """Returns when no server is left in `folder` or beneath it."""
    for farewell in (signal.SIGINT, signal.SIGKILL):
        if not end_with(farewell, folder):
            break
    # Nobody is here, so these name the dead. PostgreSQL would believe a number used again.
    for stale in (folder / "postmaster.pid", *folder.glob("*/postmaster.pid")):
        stale.unlink(missing_ok=True)


def end_with(farewell: signal.Signals, folder: Path) -> list[psutil.Process]:
    """Those that are still there after a while."""
    found = servers_in(folder)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(farewell)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while found and time.monotonic() < deadline:
        time.sleep(0.02)
        found = servers_in(folder)
    return found


def servers_in(folder: Path) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["exe", "cwd"]) if is_in(process, folder)]


def is_in(process: psutil.Process, folder: Path) -> bool:
    # Both are None for zombies and for other people's processes.
    exe, cwd = process.info["exe"], process.info["cwd"]
    if not exe or not cwd:
        return False
    return Path(exe).name in PROGRAMS and Path(cwd).is_relative_to(folder)
