"""A process and its children, as /proc tells of them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """`command` of a server's child is its parent's: theirs say what they do, not what they are."""

    pid: int
    parent: int
    command: tuple[str, ...]

    def pss_mb(self) -> float:
        """0 where it has ended meanwhile."""
        with contextlib.suppress(OSError):
            for line in (PROC / str(self.pid) / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def cpu_seconds(self) -> float:
        """User and system, with its children that have ended; 0 where it has ended itself."""
        with contextlib.suppress(OSError):
            # After the name, which may hold anything: utime, stime, cutime and cstime.
            stat = (PROC / str(self.pid) / "stat").read_text().rpartition(")")[2].split()
            return sum(map(int, stat[11:15])) / _TICKS
        return 0.0

    def environment(self) -> dict[str, str]:
        """As it was when it was started."""
        raw = (PROC / str(self.pid) / "environ").read_bytes().decode(errors="replace")
        return dict(one.split("=", 1) for one in raw.split("\0") if "=" in one)


def tree(pid: int) -> list[Process]:
    """The process and all that it and its children have started."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents():
        children.setdefault(parent, []).append(child)
    return list(_below(pid, 0, children, ()))


def _below(
    pid: int, parent: int, children: dict[int, list[int]], inherited: tuple[str, ...]
) -> Iterator[Process]:
    own = _command(pid)
    # PostgreSQL's processes rename themselves.
    command = inherited if inherited and own[:1] and own[0].startswith("postgres:") else own
    yield Process(pid=pid, parent=parent, command=command)
    for child in children.get(pid, ()):
        yield from _below(child, pid, children, command)


def _parents() -> Iterator[tuple[int, int]]:
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # After the name, which may hold anything: state, then the parent.
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                yield int(entry.name), int(stat[1])


def _command(pid: int) -> tuple[str, ...]:
    with contextlib.suppress(OSError):
        raw = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace")
        return tuple(raw.rstrip("\0").split("\0"))
    return ()
