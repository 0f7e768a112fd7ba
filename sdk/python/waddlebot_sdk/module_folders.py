"""Finds the modules of the folder that somebody works in."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waddlebot_sdk.checked import DeclarationWrong
from waddlebot_sdk.declared import FILE
from waddlebot_sdk.folder import bound, take_folder
from waddlebot_sdk.module import Module

TREE = Path("functions") / "modules"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundModule:
    """A folder with a module: what it declares, or why it cannot be loaded.

    `code` is the dotted name of what a declaration alone has not loaded yet.
    """

    name: str
    module: Module[Any] | None = None
    problem: str = ""
    code: str = ""

    def loaded(self) -> Module[Any]:
        """With its code. Raises whatever that raises, and DeclarationWrong."""
        if self.module is None:
            raise DeclarationWrong(self.problem)
        if not self.code:
            return self.module
        return bound(self.module, importlib.import_module(self.code))


def find_modules(folder: Path | None = None) -> list[FoundModule]:
    """The modules of the tree around `folder`, else the one that lies in it.

    The tree is the nearest folder upwards that has `functions/modules/`. In a tree the code of
    nobody but the house is loaded, in a folder of its own its developer's.
    """
    here = (folder or Path.cwd()).resolve()
    for root in (here, *here.parents):
        if (root / TREE).is_dir():
            _look_in(root)
            return list(_of_tree(root))
    _look_in(here)
    if (here / FILE).is_file():
        return [_declared(here, code="commands")]
    return [_imported("module", here)] if (here / "module.py").is_file() else []


def _of_tree(root: Path) -> Iterator[FoundModule]:
    house = getattr(importlib.import_module("functions.modules"), "HOUSE", ())
    for folder in sorted((root / TREE).iterdir()):
        dotted = f"functions.modules.{folder.name}"
        if folder.name in house:
            yield _imported(f"{dotted}.module", folder)
        elif (folder / FILE).is_file():
            yield _declared(folder, code=f"{dotted}.commands")


def _look_in(root: Path) -> None:
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))


def _declared(folder: Path, *, code: str) -> FoundModule:
    try:
        return FoundModule(name=folder.name, module=take_folder(folder), code=code)
    except DeclarationWrong as wrong:
        return FoundModule(name=folder.name, problem=str(wrong))


def _imported(dotted: str, folder: Path) -> FoundModule:
    try:
        return FoundModule(name=folder.name, module=importlib.import_module(dotted).MODULE)
    except Exception as error:  # noqa: BLE001  whatever a file raises is named, not hidden
        return FoundModule(name=folder.name, problem=f"{type(error).__name__}: {error}")
