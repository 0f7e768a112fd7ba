"""Which files ship with a function: its folders and the package markers above them.

The dotted handler name is then the same in Lambda, on one machine and in tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from functions.declaration import Function

NOT_SHIPPED = ("stand_in", "__pycache__")


def asset_files(function: Function, root: Path) -> Iterator[Path]:
    """Paths below `root`, sorted; tests, stand-ins and byte-code stay out."""
    found: set[Path] = set()
    for folder in function.folders:
        for parent in Path(folder).parents:
            marker = parent / "__init__.py"
            if parent != Path() and (root / marker).exists():
                found.add(marker)
        found.update(
            path.relative_to(root)
            for path in (root / folder).rglob("*")
            if path.is_file() and not set(NOT_SHIPPED) & set(path.relative_to(root).parts)
        )
    yield from sorted(found)
