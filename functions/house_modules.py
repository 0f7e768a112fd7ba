"""The modules of the house that HOUSE names: loaded, and checked as everybody's are."""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from functions.house_wrong import HouseModuleWrong
from functions.modules import HOUSE
from waddlebot.domain.database_users import NO_MODULES
from waddlebot_sdk.checked import DeclarationWrong, check_module
from waddlebot_sdk.module import Module

FOLDER = Path(__file__).parent / "modules"
FILE, HANDLER = "module.py", "handler.py"
_NAMED = "HOUSE in functions/modules/__init__.py"


def load_house_modules(names: Iterable[str] = HOUSE) -> tuple[Module[Any], ...]:
    """Raises HouseModuleWrong."""
    return tuple(map(_load, names))


def _load(name: str) -> Module[Any]:
    folder, at = FOLDER / str(name), f"functions/modules/{name}"
    if name in NO_MODULES:
        raise HouseModuleWrong(f"{_NAMED} names {name!r}, as a database user of ours is called.")
    if not folder.is_dir():
        raise HouseModuleWrong(f"{_NAMED} names {name!r}, but there is no folder {at}/.")
    for file, holds in ((FILE, "`MODULE = Module(…)`"), (HANDLER, "`handler = serve_module(…)`")):
        if not (folder / file).is_file():
            raise HouseModuleWrong(f"{at}/{file} is missing: {holds}.")
    module = getattr(_imported(name, folder), "MODULE", None)
    if not isinstance(module, Module):
        raise HouseModuleWrong(f"{at}/{FILE} has no `MODULE = Module(…)`.")
    try:
        check_module(module, folder=name, file=f"{at}/{FILE}")
    except DeclarationWrong as wrong:
        raise HouseModuleWrong(str(wrong)) from wrong
    return module


def _imported(name: str, folder: Path) -> ModuleType:
    try:
        return importlib.import_module(f"functions.modules.{name}.module")
    except Exception as error:
        raise HouseModuleWrong(_where(error, folder)) from error


def _where(error: Exception, folder: Path) -> str:
    """The last line of the module's own that was run, as the house's lines below it say nothing."""
    if isinstance(error, SyntaxError) and error.filename:
        file, line, words = Path(error.filename), error.lineno, error.msg
    else:
        own = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if folder in Path(frame.filename).parents
        ]
        file, line = (Path(own[-1].filename), own[-1].lineno) if own else (folder / FILE, 1)
        words = str(error) or "no word of it"
    root = FOLDER.parents[1]
    place = file.relative_to(root) if root in file.parents else file
    return f"{place}, line {line}: {type(error).__name__}: {words[:300]}"
