"""Files of the house, each parsed once in a process for all who read them.

By what stands in them: a copy of a file is the same tree, and a file that was changed is another.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path


def tree_of(file: Path) -> ast.Module:
    return tree_of_text(file.read_text())


def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    """All of its tree, as `ast.walk` tells them."""
    return nodes_of_text(file.read_text())


@cache
def tree_of_text(source: str) -> ast.Module:
    return parse(source)


def parse(source: str) -> ast.Module:
    """For who reads it once: it is not kept."""
    with _nothing_thrown_away():
        return ast.parse(source)


@cache
def nodes_of_text(source: str) -> tuple[ast.AST, ...]:
    with _nothing_thrown_away():
        return tuple(ast.walk(tree_of_text(source)))


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """To look for garbage among nodes that all stay took longer than to read them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
