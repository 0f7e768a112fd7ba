"""Deeds and their doors as they stand in the code."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.contract.imports import ROOT
from tests.helpers.trees import nodes_of
from waddlebot import decisions
from waddlebot.decisions import parts

DECISIONS = "waddlebot.decisions"


DOORS: Mapping[str, tuple[str, ...]] = {
    "chat": ("functions/builtins/*/*.py",),
    "api": ("functions/communities/*_routes.py", "functions/operations/*.py"),
    "page": ("functions/identity/*.py",),
}
"""The text form is a door too: the file `text.py` of each part, and the one of them all."""


def deeds() -> frozenset[str]:
    """Every public function of the floor that takes an edit and who asks."""
    return frozenset(
        name
        for found in _files()
        for name, deed in inspect.getmembers(importlib.import_module(found), inspect.isfunction)
        if deed.__module__ == found
        and not name.startswith(("_", "check_", "find_"))
        and list(inspect.signature(deed).parameters)[:2] == ["edit", "asker"]
    )


def _files() -> Iterator[str]:
    """Those of the floor, and of the parts that are on their list."""
    for found in pkgutil.iter_modules(decisions.__path__, f"{DECISIONS}."):
        if not found.ispkg:
            yield found.name
    for part in parts.PARTS:
        folder = importlib.import_module(f"{DECISIONS}.parts.{part}")
        for found in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
            yield found.name


def doors() -> frozenset[tuple[str, str]]:
    """(deed, door) for every call of a deed that stands in a door's files."""
    known = deeds()
    return frozenset(
        (name, door) for door, file in _doors() for name in _called(file) if name in known
    )


def _doors() -> Iterator[tuple[str, Path]]:
    for door, patterns in DOORS.items():
        for pattern in patterns:
            yield from ((door, file) for file in ROOT.glob(pattern))
    for name in _files():
        if name.endswith(".text"):
            yield "text", Path(str(importlib.import_module(name).__file__))


def _called(file: Path) -> Iterator[str]:
    for node in nodes_of(file):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
