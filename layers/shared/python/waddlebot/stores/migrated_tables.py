"""Whose a table is: whoever's migrations make it. A contract test compares with what they made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_COMMENT = re.compile(r"--[^\n]*")
_NAME = r"(?P<name>(?:\w+\.)?\w+)"
_MADE = (
    re.compile(
        r"\bCREATE\s+(?:OR\s+REPLACE\s+|UNLOGGED\s+)?(?:TABLE|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?"
        + _NAME,
        re.IGNORECASE,
    ),
    re.compile(rf"\bALTER\s+TABLE\s+(?:\w+\.)?\w+\s+RENAME\s+TO\s+{_NAME}", re.IGNORECASE),
)


def tables_made_in(folder: Path) -> tuple[str, ...]:
    """Tables and views that its migrations make, by name; those that they drop again too."""
    return tuple(dict.fromkeys(name for path in sorted(folder.glob("*.sql")) for name in _in(path)))


def _in(path: Path) -> Iterator[str]:
    text = _COMMENT.sub("", path.read_text())
    for pattern in _MADE:
        yield from (found["name"] for found in pattern.finditer(text))
