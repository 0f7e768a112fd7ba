"""What a file imports, read without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from tests.helpers.trees import parse

ROOT = Path(__file__).resolve().parents[2]


def imports_of(file: Path) -> Sequence[str]:
    """Dotted names, those inside functions too; `from a import b` gives `a` and `a.b`."""
    return _imports_in(file.read_text())


@cache
def _imports_in(source: str) -> Sequence[str]:
    """Found once in a process; the names are kept, and not the tree."""
    return tuple(_imported(parse(source)))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files_behind(dotted: str) -> set[Path]:
    """The file of this dotted name and all files of `functions` that it leads to."""
    seen: set[Path] = set()
    waiting = [file_of(dotted)]
    while waiting:
        file = waiting.pop()
        if file is None or file in seen:
            continue
        seen.add(file)
        waiting += [
            file_of(name) for name in imports_of(ROOT / file) if name.startswith("functions")
        ]
    return seen


def file_of(dotted: str) -> Path | None:
    """Relative to the root; None where the name is no file (but something inside one)."""
    path = Path(*dotted.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if (ROOT / candidate).exists():
            return candidate
    return None
