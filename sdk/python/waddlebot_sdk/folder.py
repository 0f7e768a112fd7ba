"""The folder of a community function: whether it may be taken, and its declaration with its code.

functions/modules/roll/
    waddlebot.toml   what it declares
    commands.py      a function for each command: `def roll(call: Call) -> Chat`
    handler.py       `handler = serve_folder(commands)`
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from waddlebot_sdk.calls import Call
from waddlebot_sdk.checked import DeclarationWrong
from waddlebot_sdk.completions import Completer
from waddlebot_sdk.declared import FILE, Elsewhere, read_declaration
from waddlebot_sdk.module import Answer, Body, Command, Module
from waddlebot_sdk.named_code import find_missing, find_neighbour

MOST_FILES = 500
MOST_FOLDER_BYTES = 10 * 1024 * 1024
HANDLER = "handler.py"


def take_folder(folder: Path) -> Module[None]:
    """What it declares, once its files may be copied. Nothing of it is imported.

    Raises DeclarationWrong.
    """
    _check_files(folder)
    declared = read_declaration(folder)
    _check_code(folder / HANDLER, declared)
    return declared


def _check_code(handler: Path, declared: Module[None]) -> None:
    if neighbour := find_neighbour(handler):
        raise _not_seen(*neighbour, handler.parent.name)
    bodies = [one.body for one in declared.commands] + [one.body for one in declared.listens]
    completers = [each for one in declared.commands for each in one.completes.values()]
    named = [one.function for one in bodies if isinstance(one, Elsewhere)]
    named += [one.function for one in completers if isinstance(one, Elsewhere)]
    if missing := find_missing(handler, named):
        raise _not_there(*missing)


def _not_there(where: str, function: str) -> DeclarationWrong:
    return DeclarationWrong(f"{where} has no function {function}(call), which {FILE} names.")


def _not_seen(where: str, module: str, own: str) -> DeclarationWrong:
    return DeclarationWrong(
        f"{where} imports functions.modules.{module}, and a function sees its own folder alone. "
        f"Copy what it needs of there, and import functions.modules.{own}."
    )


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
    return _with_bodies(declared, lambda body: _body(body, code), code)


def served(code: ModuleType) -> Module[None]:
    """As `with_code`; one that is missing fails when it is called, and only then."""

    def found(body: Body[Any]) -> Body[None]:
        try:
            return _body(body, code)
        except DeclarationWrong as wrong:
            return _Failing(str(wrong))

    return _with_bodies(_declared_beside(code), found, code)


@dataclass(frozen=True, slots=True)
class _Failing:
    why: str

    def __call__(self, _call: Call, _tools: None) -> Answer:
        raise DeclarationWrong(self.why)


def _with_bodies(
    declared: Module[None], body: Callable[[Body[Any]], Body[None]], code: ModuleType
) -> Module[None]:
    return replace(
        declared,
        commands=tuple(
            replace(one, body=body(one.body), completes=_completers(one, code))
            for one in declared.commands
        ),
        listens=tuple(replace(one, body=body(one.body)) for one in declared.listens),
    )


def _completers(command: Command[None], code: ModuleType) -> dict[str, Completer[None]]:
    """One that is missing fails when somebody types there, and only then."""

    def found(declared: Completer[None]) -> Completer[None]:
        if not isinstance(declared, Elsewhere):
            return declared
        return lambda call, _tools: _function(declared.function, code)(call)

    return {name: found(one) for name, one in command.completes.items()}


def with_code(code: ModuleType) -> Module[None]:
    """The module that the folder of this code declares. Raises DeclarationWrong."""
    return bound(_declared_beside(code), code)


def _declared_beside(code: ModuleType) -> Module[None]:
    return read_declaration(Path(str(code.__file__)).parent)


def _body(declared: Body[Any], code: ModuleType) -> Body[None]:
    assert isinstance(declared, Elsewhere)  # noqa: S101 - a declaration has no other bodies
    function = _function(declared.function, code)

    def body(call: Call, _tools: None) -> Answer:
        answer: Answer = function(call)
        return answer

    return body


def _function(name: str, code: ModuleType) -> Callable[[Call], Any]:
    function = getattr(code, name, None)
    if not callable(function):
        raise _not_there(code.__name__, name)
    return function  # type: ignore[no-any-return] # whatever the stranger wrote
