"""`waddlebot logs`: what the running platform writes, as lines for people, filtered."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from local.log_lines import LEVELS, LogEntry, read_line
from local.progress import complain
from local.settings import LocalSettings, SettingWrong

LOOK_SECONDS = 0.3
RECENT_BYTES = 16 * 1024
RECENT_LINES = 40


def main(argv: Sequence[str]) -> int:
    """Until Ctrl-C; with --once, 0 after what stands there, 1 where nothing does, also of a
    function or session that is asked for.
    """
    asked = _arguments(argv)
    wanted = WantedLogs(
        functions=tuple(asked.function), session=asked.session, level=asked.level.upper()
    )
    try:
        settings = LocalSettings.of_running_house()
    except SettingWrong as wrong:
        return complain(str(wrong))
    if not list(settings.logs.glob("*.log")):
        return complain(f"No logs in {settings.logs} yet: make run")
    return _follow(Files(folder=settings.logs), wanted, asked)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="waddlebot logs", description="Follow the logs of the platform on this machine."
    )
    parser.add_argument(
        "--function", action="append", default=[], metavar="NAME", help="of this one; repeatable"
    )
    parser.add_argument("--session", default="", metavar="ID", help="of one session")
    parser.add_argument(
        "--level", default="info", choices=[level.lower() for level in LEVELS], help="or above"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--once", action="store_true", help="what stands there, without waiting")
    return parser.parse_args(argv)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLogs:
    functions: Sequence[str]
    session: str
    level: str

    @property
    def is_narrow(self) -> bool:
        """Whoever looks for something wants all of it, not the last lines alone."""
        return bool(self.functions or self.session or self.level in LEVELS[2:])

    def has(self, entry: LogEntry) -> bool:
        return (
            (not self.functions or entry.function in self.functions)
            and (not self.session or entry.fields.get("session_id") == self.session)
            and LEVELS.index(self.level) <= LEVELS.index(entry.level)
        )


@dataclass(slots=True, kw_only=True)
class Files:
    """All logs of a folder, each read on from where it was left; one that began anew too."""

    folder: Path
    _places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Inode and offset."""

    def news(self, *, recent_bytes: int | None = None) -> Iterator[LogEntry]:
        """Whole lines that have come since the last time; at first, of that many bytes."""
        for path in sorted(self.folder.glob("*.log")):
            try:
                text = self._read(path, recent_bytes)
            except OSError:  # it has just become another
                continue
            at = ""
            for line in text.decode(errors="replace").splitlines():
                if entry := read_line(path.stem, line):
                    at = entry.at or at
                    yield entry if entry.at else _dated(entry, at)

    def _read(self, path: Path, recent_bytes: int | None) -> bytes:
        with path.open("rb") as file:
            found = path.stat()
            inode, offset = self._places.get(path, (found.st_ino, -1))
            if offset < 0:
                offset = max(0, found.st_size - recent_bytes) if recent_bytes else 0
            if inode != found.st_ino or offset > found.st_size:
                offset = 0
            file.seek(offset)
            whole, end, _ = file.read().rpartition(b"\n")
        self._places[path] = (found.st_ino, offset + len(whole) + len(end))
        return whole + end


def _dated(entry: LogEntry, at: str) -> LogEntry:
    """A line without a time belongs to the one before it."""
    return LogEntry(function=entry.function, level=entry.level, at=at, message=entry.message)


def _follow(files: Files, wanted: WantedLogs, asked: argparse.Namespace) -> int:
    before = list(files.news(recent_bytes=None if wanted.is_narrow else RECENT_BYTES))
    found = sorted(filter(wanted.has, before), key=lambda entry: entry.at)
    unknown = _unknown(wanted, before) if not found else ""
    if unknown and asked.once:
        return complain(unknown)
    if unknown:
        complain(unknown)
    _show(found if wanted.is_narrow else found[-RECENT_LINES:], is_json=asked.json)
    while not asked.once:
        time.sleep(LOOK_SECONDS)
        _show(sorted(filter(wanted.has, files.news()), key=lambda it: it.at), is_json=asked.json)
    return 0


def _unknown(wanted: WantedLogs, entries: Sequence[LogEntry]) -> str:
    """Of what is asked for and has written nothing; empty where all of it has."""
    known = sorted({entry.function for entry in entries})
    for name in wanted.functions:
        if name not in known:
            near = get_close_matches(name, known, n=3)
            others = (
                f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(known)}."
            )
            return f"Nothing was written by a function '{name}'. {others}"
    if wanted.session and not any(
        entry.fields.get("session_id") == wanted.session for entry in entries
    ):
        return f"Nothing was written of a session '{wanted.session}': see `explain --json`."
    return ""


def _show(entries: Sequence[LogEntry], *, is_json: bool) -> None:
    for entry in entries:
        print(entry.as_json() if is_json else entry.as_text(), flush=True)
