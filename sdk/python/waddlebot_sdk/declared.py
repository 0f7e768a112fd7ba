"""`waddlebot.toml`: what a community function declares, read without running a line of its code.

The house reads this file alone; the code beside it is loaded in a process of its own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from waddlebot_sdk.asks import ACTION, Pressed
from waddlebot_sdk.calls import Call
from waddlebot_sdk.checked import (
    MOST_PRIORITY,
    MOST_SECONDS,
    MOST_TEXT,
    NAME,
    DeclarationWrong,
    check_module,
    event_problem,
    example_problem,
)
from waddlebot_sdk.completions import Completer, read_completers
from waddlebot_sdk.grammar import Usage, parse_usage
from waddlebot_sdk.module import (
    USUAL_PRIORITY,
    Command,
    ExecutionMode,
    Listener,
    Module,
    Setting,
)
from waddlebot_sdk.roles import Role
from waddlebot_sdk.seen_signs import is_one_line
from waddlebot_sdk.wishes import STRANGERS_MAY, May

FILE = "waddlebot.toml"
MOST_BYTES = 16 * 1024
MOST_ROWS = 50
MOST_PARTS = 16
"""Of a key: tomllib works on n parts for n² steps."""

OF_THE_HOUSE = {
    "outside": "a community function has no way out where it is deployed",
    "secrets": "no variable of the house is set for it",
    "routes": "nobody is led to a stranger's page at an address of the house",
    "personal_data": "a community function is given nothing to keep",
}
"""Fields of a Module that a community function does not declare, and why."""

_LONG_KEY = re.compile(
    rf"""(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{MOST_PARTS}}}""", re.ASCII
)
_FUNCTION = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}", re.ASCII)
_USAGE = re.compile(r"[^\W_][\w-]*(?: [\w-]+)*(?: (?:<[\w-]{1,32}>|\[[\w-]{1,32}\]))*")
_PATH = re.compile(r"[^\W_][\w-]*(?: [\w-]+)*")
_EVENT = re.compile(r"[A-Za-z][A-Za-z_.]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The body of what was only declared: the function of this name in the folder's code."""

    function: str

    def __call__(self, _call: Call, _tools: None) -> NoReturn:
        raise NotImplementedError(f"{self.function} runs where its code is loaded")


def read_declaration(folder: Path) -> Module[None]:
    """The module that `waddlebot.toml` in this folder declares; its bodies are `Elsewhere`.

    Raises DeclarationWrong.
    """
    try:
        return _read(folder)
    except DeclarationWrong:
        raise
    except ValueError as error:  # of thousands of digits, wherever it is read or said
        raise DeclarationWrong(f"{FILE} has what is no number that anybody reads") from error


def _read(folder: Path) -> Module[None]:
    top = _Fields(_parsed(folder / FILE), "")
    module: Module[None] = Module(
        name=top.text("name", shape=NAME),
        summary=top.text("summary"),
        commands=tuple(map(_command, top.rows("commands"))),
        listens=tuple(map(_listener, top.rows("listens"))),
        settings=tuple(map(_setting, top.rows("settings"))),
        community=True,
        timeout_seconds=top.number("timeout_seconds", usual=2.0, least=0.1, most=MOST_SECONDS),
        repeatable=top.truth("repeatable"),
        may=_may(top),
        priority=int(
            top.number("priority", usual=USUAL_PRIORITY, least=USUAL_PRIORITY, most=MOST_PRIORITY)
        ),
        execution_mode=ExecutionMode(
            top.one_of("execution_mode", tuple(ExecutionMode), usual=ExecutionMode.SEQUENTIAL)
        ),
    )
    for name, why in OF_THE_HOUSE.items():
        if top.has(name):
            top.refuse(f"{name} is for modules of the house: {why}")
    top.check_end()
    check_module(module, folder=folder.name, file=FILE)
    return module


def _parsed(file: Path) -> Mapping[str, Any]:
    if file.is_symlink() or not file.is_file():
        raise DeclarationWrong(f"{FILE} is not there, or is no file")
    with file.open("rb") as source:
        raw = source.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise DeclarationWrong(f"{FILE} is larger than {MOST_BYTES // 1024} kB")
    try:
        text = raw.decode()
        if _LONG_KEY.search(text):
            raise DeclarationWrong(f"{FILE}: a key has {MOST_PARTS} parts at most")
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DeclarationWrong(f"{FILE} is no TOML: {str(error)[:200]}") from error


def _command(fields: _Fields) -> Command[None]:
    usage = _usage(fields)
    example = fields.text("example")
    command: Command[None] = Command(
        usage=usage,
        also=tuple(path.lower() for path in fields.texts("also", shape=_PATH)),
        summary=fields.text("summary"),
        example=example,
        role=_role(fields),
        body=Elsewhere(
            fields.text("function", usual=usage.path.replace(" ", "_"), shape=_FUNCTION)
        ),
        per_minute=int(fields.number("per_minute", usual=60, least=1, most=1000)),
        cooldown_seconds=int(fields.number("cooldown_seconds", usual=0, least=0, most=86_400)),
        private=fields.truth("private"),
        secret=fields.truth("secret"),
        completes=_completes(fields, usage),
    )
    if problem := example_problem(command):
        fields.refuse(problem)
    fields.check_end()
    return command


def _completes(fields: _Fields, usage: Usage) -> Mapping[str, Completer[None]]:
    """`{ side = "sides", kind = ["a", "b"] }`: a function of the code, or the few words."""
    found = fields.value("completes", {})
    if not isinstance(found, dict):
        fields.refuse(f"completes is a table, not {_kind(found)}")
    each = _Fields(found, f"{fields.where}completes: ")
    declared = {
        name: each.texts(name)
        if isinstance(one, list)
        else Elsewhere(each.text(name, shape=_FUNCTION))
        for name, one in found.items()
    }
    try:
        return read_completers(usage, declared)
    except ValueError as error:
        fields.refuse(str(error))


def _usage(fields: _Fields) -> Usage:
    text = fields.text("usage", shape=_USAGE)
    try:
        usage = parse_usage(text)
    except ValueError as error:
        fields.refuse(f"usage: {error}")
    names = [argument.name.lower() for argument in usage.arguments]
    if len(set(names)) < len(names):
        fields.refuse(f"usage '{text}' has two arguments of one name")
    return usage


def _role(fields: _Fields) -> Role:
    return Role(fields.one_of("role", tuple(Role), usual=Role.USER))


def _may(top: _Fields) -> frozenset[May]:
    """What the community's owner grants with installing it."""
    words = top.texts("may")
    for word in words:
        if word not in STRANGERS_MAY:
            known = ", ".join(sorted(STRANGERS_MAY))
            top.refuse(f"may cannot have '{word[:40]}': a community function may {known}")
    return frozenset(map(May, words))


def _listener(fields: _Fields) -> Listener[None]:
    event = fields.text("event", shape=_EVENT)
    if problem := event_problem(event):
        fields.refuse(problem)
    function = fields.text("function", shape=_FUNCTION)
    action = fields.text("action", shape=ACTION) if fields.has("action") else ""
    if action and event not in set(Pressed):
        fields.refuse(f"action is for {', '.join(Pressed)}")
    fields.check_end()
    return Listener(event_type=event, body=Elsewhere(function), action=action)


def _setting(fields: _Fields) -> Setting:
    default = fields.value("default")
    if not isinstance(default, bool | int | str) or len(str(default)) > MOST_TEXT:
        fields.refuse("default is true, false, a whole number or a short text")
    setting = Setting(
        name=fields.text("name", shape=NAME), default=default, summary=fields.text("summary")
    )
    fields.check_end()
    return setting


class _Fields:
    """The fields of one table, each taken once; what is left at the end is no field."""

    def __init__(self, table: Mapping[str, Any], where: str) -> None:
        self._left = dict(table)
        self._known: list[str] = []
        self.where = where

    def refuse(self, what: str) -> NoReturn:
        end = "" if what.endswith(("?", ".")) else "."
        raise DeclarationWrong(f"{FILE}: {self.where}{what}{end}")

    def value(self, name: str, usual: Any = None) -> Any:
        self._known.append(name)
        found = self._left.pop(name, usual)
        if found is None:
            self.refuse(f"{name} is missing")
        return found

    def text(
        self, name: str, *, usual: str | None = None, shape: re.Pattern[str] | None = None
    ) -> str:
        found = self.value(name, usual)
        if not isinstance(found, str):
            self.refuse(f"{name} is text in quotes, not {_kind(found)}")
        if not found.strip() or len(found) > MOST_TEXT or not is_one_line(found):
            self.refuse(f"{name} is one line of 1 to {MOST_TEXT} characters")
        if shape is not None and not shape.fullmatch(found):
            self.refuse(f"{name} cannot be '{found[:40]}'; docs/adding-a-module.md shows how")
        return found

    def texts(self, name: str, *, shape: re.Pattern[str] | None = None) -> list[str]:
        found = self.value(name, [])
        if not isinstance(found, list) or len(found) > MOST_ROWS:
            self.refuse(f"{name} is a list of at most {MOST_ROWS}, not {_kind(found)}")
        return [_Fields({name: one}, self.where).text(name, shape=shape) for one in found]

    def number(self, name: str, *, usual: float, least: float, most: float) -> float:
        found = self.value(name, usual)
        if isinstance(found, bool) or not isinstance(found, int | float):
            self.refuse(f"{name} is a number, not {_kind(found)}")
        if not least <= found <= most:
            self.refuse(f"{name} is {found}; it is {least:g} to {most:g}")
        return found

    def one_of(self, name: str, known: tuple[str, ...], *, usual: str) -> str:
        typed = self.text(name, usual=usual)
        if typed not in known:
            self.refuse(f"{name} is '{typed[:40]}'; it is one of {', '.join(known)}")
        return typed

    def has(self, name: str) -> bool:
        return name in self._left

    def truth(self, name: str) -> bool:
        found = self.value(name, usual=False)
        if not isinstance(found, bool):
            self.refuse(f"{name} is true or false, not {_kind(found)}")
        return found

    def rows(self, name: str) -> Iterator[_Fields]:
        found = self.value(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.refuse(f"{name} is written as [[{name}]], once for each")
        if len(found) > MOST_ROWS:
            self.refuse(f"{name} has {len(found)}; {MOST_ROWS} at most")
        return (_Fields(one, f"{name}[{n}]: ") for n, one in enumerate(found, start=1))

    def check_end(self) -> None:
        if self._left:
            known = ", ".join(sorted(self._known))
            self.refuse(f"'{min(self._left)[:40]}' is no field here; there are {known}")


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "text"}
    return kinds.get(type(value), "a table" if isinstance(value, dict) else "a list")
