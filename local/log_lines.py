"""What stands in a log file, as entries: JSON lines of ours, and whatever else is written there."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_SHOWN_APART = frozenset({"timestamp", "level", "category", "module", "message", "stack"})
# START, END and REPORT of each invocation, and counts for CloudWatch: for machines.
_PLATFORMS_OWN = re.compile(r"(START|END|REPORT) RequestId: |INIT_")
_STARTING = "the database system is starting up"
"""PostgreSQL calls it fatal for whoever looks whether it is up, as every start does."""
_BAD = re.compile(r"Traceback|\[ERROR\]|\b(ERROR|FATAL|PANIC|Error|Exception)\b")
_POSTGRES = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}) UTC \[\d+\] *")
_VALKEY = re.compile(r"\d+:[A-Z] (\d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3}) [.*#-] *")
_NAME_WIDTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """`at` is UTC as in ISO 8601, to the millisecond; empty where the line has no time."""

    function: str
    level: str
    at: str
    message: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    stack: str = ""

    def as_text(self) -> str:
        told = " ".join(f"{name}={_short(value)}" for name, value in self.fields.items())
        head = f"{self.at[11:]:<12} {self.level:<7} {self.function:<{_NAME_WIDTH}} {self.message}"
        stack = "".join(f"\n    {line}" for line in self.stack.splitlines())
        return f"{head}  {told}".rstrip() + stack

    def as_json(self) -> str:
        own = {"function": self.function, "at": self.at, "level": self.level}
        more = {"stack": self.stack} if self.stack else {}
        told = {**own, "message": self.message, **self.fields, **more}
        return json.dumps(told, ensure_ascii=False)


def read_line(function: str, line: str) -> LogEntry | None:
    """None for what is of no interest to people."""
    if not line.strip():
        return None
    told = _object(line)
    if told is not None and "_aws" in told:
        return None
    if told is None or told.get("level") not in LEVELS:
        return _plain(function, line)
    return LogEntry(
        function=function,
        level=told["level"],
        at=str(told.get("timestamp") or "")[:23],
        message=str(told.get("message") or ""),
        fields={name: value for name, value in told.items() if name not in _SHOWN_APART},
        stack=_text(told.get("stack")),
    )


def _plain(function: str, line: str) -> LogEntry:
    at, message = _servers_time(line.rstrip())
    level = "ERROR" if _BAD.search(message) and _STARTING not in message else "INFO"
    if _PLATFORMS_OWN.match(message):
        level = "DEBUG"
    return LogEntry(function=function, level=level, at=at, message=message)


def _servers_time(text: str) -> tuple[str, str]:
    """When a server of the data plane wrote this, and what; no time for lines of others."""
    if found := _POSTGRES.match(text):
        return f"{found[1]}T{found[2]}", text[found.end() :]
    if found := _VALKEY.match(text):
        with contextlib.suppress(ValueError):
            at = datetime.strptime(found[1], "%d %b %Y %H:%M:%S.%f").replace(tzinfo=UTC)
            return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:23], text[found.end() :]
    return "", text


def _object(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _text(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _short(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
