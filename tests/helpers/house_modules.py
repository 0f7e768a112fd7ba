"""Modules of the house that are no part of it: folders and names in HOUSE of a copied tree."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.helpers.house import ROOT

SHIPPED = ("functions", "sdk", "layers/shared", "local", "gateway_bot")

_HANDLER = """
from functions.modules.{name}.module import MODULE
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=lambda connection: connection)
"""


def copy_tree(folder: Path, *more: str) -> Path:
    """With what was compiled, which is good for as long as its source is as old and as long.

    Else each process of a house would compile all that it imports. What somebody is just writing
    has a number behind its name.
    """
    ignored = shutil.ignore_patterns("*.pyc.*", ".*_cache")
    for name in (*SHIPPED, *more):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    return folder


def python_path(tree: Path) -> str:
    return os.pathsep.join(map(str, (tree, tree / "sdk/python", tree / "layers/shared/python")))


def add_house_module(tree: Path, name: str, code: str) -> Path:
    """Its folder; it is named in HOUSE."""
    folder = tree / "functions" / "modules" / name
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "module.py").write_text(code)
    (folder / "handler.py").write_text(_HANDLER.format(name=name))
    name_in_house(tree, name)
    return folder


def name_in_house(tree: Path, name: str) -> None:
    file = tree / "functions" / "modules" / "__init__.py"
    house = "HOUSE = ("
    assert house in file.read_text()
    file.write_text(file.read_text().replace(house, f'{house}"{name}", '))
