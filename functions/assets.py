"""Which files ship with a function: its folders and the package markers above them.

The dotted handler name is then the same in Lambda, on one machine and in tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from functions.declaration import Function

NOT_SHIPPED = frozenset({"stand_in", "stand_ins", "tests", "__pycache__"})


def asset_files(function: Function, root: Path) -> Iterator[Path]:
    """Paths below `root`, sorted; tests, stand-ins, byte-code and hidden files stay out.

    So do symbolic links: what they point at is no part of the folder.
    """
    found: set[Path] = set()
    for folder in function.folders:
        for parent in Path(folder).parents:
            marker = parent / "__init__.py"
            if parent != Path() and (root / marker).exists():
                found.add(marker)
        inside = (
            path
            for path in (root / folder).rglob("*")
            if path.is_file() and not _is_linked(path, root)
        )
        found.update(filter(is_shipped, (path.relative_to(root) for path in inside)))
    yield from sorted(found)


def _is_linked(path: Path, root: Path) -> bool:
    inside = (part for part in (path, *path.parents) if root in part.parents)
    return any(part.is_symlink() for part in inside)


def is_shipped(path: Path) -> bool:
    """A name counts with and without its ending: a stand-in is a file or a folder."""
    is_hidden = any(part.startswith(".") for part in path.parts)
    names = {part.partition(".")[0] for part in path.parts}
    return not is_hidden and not names & NOT_SHIPPED and path.suffix != ".pyc"
