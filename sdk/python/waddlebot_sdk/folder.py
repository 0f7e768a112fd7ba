"""The folder of a community function: whether it may be taken, and its declaration with its code.

functions/modules/roll/
    waddlebot.toml   what it declares
    commands.py      a function for each command: `def roll(call: Call) -> Chat`
    handler.py       `handler = serve_folder(commands)`
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from waddlebot_sdk.calls import Call
from waddlebot_sdk.checked import DeclarationWrong
from waddlebot_sdk.declared import FILE, Elsewhere, read_declaration
from waddlebot_sdk.module import Answer, Body, Module

MOST_FILES = 500
MOST_FOLDER_BYTES = 10 * 1024 * 1024
HANDLER = "handler.py"


def take_folder(folder: Path) -> Module[None]:
    """What it declares, once its files may be copied. Nothing of it is imported.

    Raises DeclarationWrong.
    """
    _check_files(folder)
    return read_declaration(folder)


def _check_files(folder: Path) -> None:
    if not (folder / HANDLER).is_file():
        raise DeclarationWrong(f"{HANDLER} is missing: `handler = serve_folder(commands)`.")
    size = 0
    for count, path in enumerate(_everything(folder), start=1):
        name = path.relative_to(folder)
        if path.is_symlink():
            raise DeclarationWrong(f"{name} is a symbolic link: put the file itself there.")
        if path.is_dir() and path.name == "migrations":
            raise DeclarationWrong(
                f"{name}/ makes tables: a community function keeps none, so it has no migrations."
            )
        size += path.lstat().st_size if path.is_file() else 0
        if count > MOST_FILES or size > MOST_FOLDER_BYTES:
            raise DeclarationWrong(
                f"it is too large: at most {MOST_FILES} files and "
                f"{MOST_FOLDER_BYTES // 1024 // 1024} MB."
            )


def _everything(folder: Path) -> Iterator[Path]:
    """Links are named and not followed; compiled code is left out, as it is when copied."""
    if folder.is_symlink():
        yield folder
        return
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(parent, name) for name in (*folders, *files))


def bound(declared: Module[None], code: ModuleType) -> Module[None]:
    """With the functions of this code as bodies. Raises DeclarationWrong: one is missing."""
    return replace(
        declared,
        commands=tuple(replace(one, body=_body(one.body, code)) for one in declared.commands),
        listens=tuple(replace(one, body=_body(one.body, code)) for one in declared.listens),
    )


def with_code(code: ModuleType) -> Module[None]:
    """The module that the folder of this code declares. Raises DeclarationWrong."""
    return bound(read_declaration(Path(str(code.__file__)).parent), code)


def _body(declared: Body[Any], code: ModuleType) -> Body[None]:
    assert isinstance(declared, Elsewhere)  # noqa: S101 - a declaration has no other bodies
    function = getattr(code, declared.function, None)
    if not callable(function):
        raise DeclarationWrong(
            f"{code.__name__} has no function {declared.function}(call), which {FILE} names."
        )

    def body(call: Call, _tools: None) -> Answer:
        answer: Answer = function(call)
        return answer

    return body
