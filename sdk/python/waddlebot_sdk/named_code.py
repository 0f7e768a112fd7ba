"""Whether a folder's code has the functions that its declaration names: looked for as words.

Nothing is imported or parsed: the code is a stranger's, and whoever takes its folder is the house.
A word that stands there may still be none; then its own call alone fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

MOST_BYTES = 1024 * 1024

_SERVED = re.compile(r"\bserve_folder\(\s*(\w+)\s*\)")
_FROM_MODULE = re.compile(r"^[ \t]*(?:from|import)[ \t]+functions\.modules\.(\w+)", re.MULTILINE)
_WORD = re.compile(r"\w+")
_BY_OTHER_WAYS = re.compile(r"import\s*\(?\s*\*|\b(?:globals|setattr|vars|exec|__getattr__)\b")
"""With any of these a name need not stand in the file that has it."""


def find_missing(handler: Path, names: Iterable[str]) -> tuple[str, str] | None:
    """`(file, name)` of the first that is not there; None too where nobody can tell."""
    file = _served_by(handler)
    text = _text(file) if file is not None else None
    if file is None or text is None or _BY_OTHER_WAYS.search(text):
        return None
    words = set(_WORD.findall(text))
    return next(((file.name, name) for name in names if name not in words), None)


def find_neighbour(handler: Path) -> tuple[str, str] | None:
    """`(file, module)` of the first import of another folder, which a function does not see."""
    for file in filter(None, (handler, _served_by(handler))):
        for module in _FROM_MODULE.findall(_text(file) or ""):
            if module != handler.parent.name:
                return file.name, module
    return None


def _served_by(handler: Path) -> Path | None:
    served = _SERVED.search(_text(handler) or "")
    return handler.with_name(f"{served[1]}.py") if served else None


def _text(file: Path) -> str | None:
    if not file.is_file() or file.is_symlink() or file.stat().st_size > MOST_BYTES:
        return None
    return file.read_text("utf-8", errors="replace")
