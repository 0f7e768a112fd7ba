"""Keeps one worker of a stranger's function, and ends all that it started when it ends.

The keeper stands between the fork server and the worker. On Linux it is the "subreaper" of what
is below it: a process that leaves its group or session, or whose parent ends, becomes the
keeper's child instead of everybody's. Elsewhere the worker's process group is all it can end.

The standard library alone, as `fork_server_process.py`, which loads this file.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36
PATIENCE_SECONDS = 3.0
ASKED_TO_END = signal.SIGTERM
HEARD = frozenset({ASKED_TO_END, signal.SIGCHLD})


def keep(work: Callable[[], NoReturn], tell: int) -> NoReturn:
    """Forks the worker, writes its number to `tell`, and ends as it ended, when nothing is left.

    `work` is run in the worker. Asked to end (SIGTERM), it ends all at once.
    """
    adopt_orphans()
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    worker = os.fork()
    if worker == 0:
        os.close(tell)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
        work()
    os.write(tell, str(worker).encode())
    os.close(tell)
    status = wait_for(worker)
    kill_group(worker)
    end_all(spared=frozenset())
    end_like(status)


def adopt_orphans() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(parent: int, number: signal.Signals) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)


def name_process(name: str) -> None:
    """What `ps` and `top` show of a worker: the function that it serves."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def wait_for(worker: int) -> int:
    """Its wait status, while it is a zombie: its number is not given to anybody else yet."""
    while signal.sigwait(HEARD) != ASKED_TO_END:
        ended = os.waitid(os.P_PID, worker, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is not None:
            is_exit = ended.si_code == os.CLD_EXITED
            return ended.si_status << 8 if is_exit else ended.si_status
        reap_others(worker)
    return signal.SIGKILL


def reap_others(worker: int) -> None:
    """Orphans that have ended by themselves."""
    for child in children_of(os.getpid()):
        if child != worker:
            _reap(child)


def end_all(spared: frozenset[int]) -> None:
    """Ends every process below this one but those, with what is below them.

    Each is stopped before any is killed: whoever forks faster than it is killed has to hold still.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        stopped: set[int] = set()
        while found := below(os.getpid(), spared) - stopped:
            for pid in found:
                _send(pid, signal.SIGSTOP)
            stopped |= found
            if time.monotonic() > until:
                break
        if not stopped:
            return
        for pid in stopped:
            _send(pid, signal.SIGKILL)
        for pid in stopped:
            _reap(pid)
        time.sleep(0.001)


def below(pid: int, spared: frozenset[int]) -> set[int]:
    """All that descends from it; zombies too, until somebody has waited for them."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        children = [one for one in children_of(waiting.pop()) if one not in spared]
        waiting += [one for one in children if one not in found]
        found.update(children)
    return found


def children_of(pid: int) -> list[int]:
    """None, where the machine does not tell."""
    children: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += map(int, (task / "children").read_text(encoding="ascii").split())
    except OSError:  # a thread or the process has ended, or the kernel was built without it
        return children_among_all(pid)
    return children


def children_among_all(pid: int) -> list[int]:
    return [one for one in all_processes() if parent_of(one) == pid]


def all_processes() -> list[int]:
    try:
        return [int(place.name) for place in Path("/proc").iterdir() if place.name.isdecimal()]
    except OSError:  # this is no Linux
        return []


def parent_of(pid: int) -> int:
    """0 where it has ended. Its name, in brackets, may hold anything."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(told.rpartition(")")[2].split()[1])


def end_like(status: int) -> NoReturn:
    """Whoever waits for the keeper learns what became of the worker."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1)


def kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _reap(pid: int) -> None:
    """Somebody else's child is its parent's to wait for."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
