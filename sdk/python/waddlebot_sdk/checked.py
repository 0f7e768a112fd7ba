"""What any module must be, whoever wrote it and however it was declared: checked here alone."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from waddlebot_sdk.events import EVENTS, nearest_event
from waddlebot_sdk.module import Command, Listener, Module, Setting
from waddlebot_sdk.seen_signs import is_one_line
from waddlebot_sdk.web import WebRoute
from waddlebot_sdk.wishes import May

MOST_TEXT = 200
MOST_SECONDS = 30
MOST_PRIORITY = 1000
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}", re.ASCII)
OURS_ALONE = frozenset({"due", "first_line"})
"""Events of the house's own clock and record; no stranger hears of them."""

_SECRET = re.compile(r"[A-Z][A-Z0-9_]{2,60}", re.ASCII)
_OF_THE_HOUSE = re.compile(
    r"(?:WADDLEBOT|AWS|LAMBDA|DATABASE|POSTGRES|VALKEY|DISCORD|SLACK|TWITCH|OVERLAY|STAND_IN"
    r"|REPLICATION|PYTHON|LD|LC|XDG|SSL)[A-Z0-9]*_.*|PYTHON.*|.*_PROXY"
    r"|PATH|HOME|USER|SHELL|LANG|LANGUAGE|TERM|TMPDIR|TZ|PWD|PORT|HOSTNAME|LOGNAME|MAX_CLAIMS",
    re.ASCII,
)
"""Variables of the house, of its platforms and of any process: none is a module's own."""
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_NOT_PUBLIC = (".local", ".localhost", ".internal", ".lan", ".home", ".home.arpa")
_KINDS = {
    "commands": (Command, "a function under @command(…)"),
    "listens": (Listener, 'on("raid", greet)'),
    "settings": (Setting, "Setting(name=…, default=…, summary=…)"),
    "routes": (WebRoute, 'route("GET", "feed", feed)'),
    "outside": (str, "text"),
    "secrets": (str, "text"),
}


class DeclarationWrong(ValueError):
    """The sentence is for the function's developer: which field, and what it should be."""


def check_module(module: Module[Any], *, folder: str, file: str) -> None:
    """`file` is where it is declared, in the folder of this name. Raises DeclarationWrong."""
    _Checks(module, file).check(folder)


class _Checks:
    def __init__(self, module: Module[Any], file: str) -> None:
        self._module, self._file = module, file

    def check(self, folder: str) -> None:
        module = self._module
        self._check_kinds()
        if module.name != folder:
            self._refuse(f"name is '{str(module.name)[:40]}', but its folder is called '{folder}'")
        if not NAME.fullmatch(folder):
            self._refuse("name is 2 to 31 small letters, digits and _, with a letter first")
        if not is_line(module.summary):
            self._refuse(f"summary is one line of 1 to {MOST_TEXT} characters")
        self._check_number("timeout_seconds", least=0.1, most=MOST_SECONDS)
        self._check_number("priority", least=0, most=MOST_PRIORITY)
        if not (module.commands or module.listens or module.routes):
            self._refuse("it has no [[commands]] and no [[listens]], so nothing could ever call it")
        for command in module.commands:
            self._refuse_if(example_problem(command))
        for listener in module.listens:
            if module.community or listener.event_type not in OURS_ALONE:
                self._refuse_if(event_problem(listener.event_type))
        for host in module.outside:
            self._check_host(host)
        for secret in module.secrets:
            self._check_secret(secret)
        self._check_once()

    def _check_kinds(self) -> None:
        for name, (kind, such_as) in _KINDS.items():
            found = getattr(self._module, name)
            if not isinstance(found, tuple | list):
                self._refuse(f"{name} is a list, ({such_as},): the comma makes it one")
            for number, one in enumerate(found, start=1):
                if not isinstance(one, kind):
                    self._refuse(f"{name}[{number}] is {str(one)[:40]!r}; it is {such_as}")
        known = ", ".join(f"May.{one.name}" for one in sorted(May))
        if not isinstance(self._module.may, frozenset | set | tuple | list):
            self._refuse(f"may is a frozenset of {known}")
        for word in self._module.may:
            if not isinstance(word, May):
                self._refuse(f"may cannot have {str(word)[:40]!r}: a module may {known}")

    def _check_number(self, name: str, *, least: float, most: float) -> None:
        found = getattr(self._module, name)
        if isinstance(found, bool) or not isinstance(found, int | float):
            self._refuse(f"{name} is a number, not {str(found)[:40]!r}")
        if not least <= found <= most:
            self._refuse(f"{name} is {found}; it is {least:g} to {most:g}")

    def _check_host(self, host: str) -> None:
        if not _HOST.fullmatch(host) or host.endswith(_NOT_PUBLIC):
            self._refuse(
                f"outside cannot have {host[:80]!r}: it is the public name of a host alone, "
                "such as 'api.example.com'"
            )

    def _check_secret(self, name: str) -> None:
        if not _SECRET.fullmatch(name):
            self._refuse(
                f"secrets cannot have {name[:80]!r}: a variable is large letters, digits and _, "
                "such as 'EXAMPLE_TOKEN'"
            )
        if _OF_THE_HOUSE.fullmatch(name):
            self._refuse(
                f"secrets cannot have {name!r}: that variable is the house's or of any process. "
                "Take one of its own, such as 'EXAMPLE_TOKEN'"
            )

    def _check_once(self) -> None:
        for what, those in self._declared().items():
            twice = next((one for one in those if those.count(one) > 1), None)
            if twice is not None:
                self._refuse(f"the {what} '{twice}' is declared twice")

    def _declared(self) -> dict[str, list[str]]:
        module = self._module
        return {
            "command": [path for command in module.commands for path in command.paths],
            "event": [f"{one.event_type} {one.action}".strip() for one in module.listens],
            "setting": [setting.name for setting in module.settings],
            # A gateway tells parts of a path apart by their place, whatever they are called.
            "route": [re.sub(r"\{\w+\}", "{…}", one.key(module.name)) for one in module.routes],
            "secret": list(module.secrets),
            "host": list(module.outside),
        }

    def _refuse_if(self, problem: str) -> None:
        if problem:
            self._refuse(problem)

    def _refuse(self, what: str) -> NoReturn:
        end = "" if what.endswith(("?", ".")) else "."
        raise DeclarationWrong(f"{self._file}: {what}{end}")


def is_line(text: object) -> bool:
    """Whether `text` is one that people can be shown: of one line, not blank, not too long."""
    return (
        isinstance(text, str)
        and bool(text.strip())
        and len(text) <= MOST_TEXT
        and is_one_line(text)
    )


def example_problem(command: Command[Any]) -> str:
    """Empty where it is none."""
    path, example = command.usage.path, command.example
    if example.startswith(path) and command.usage.bind(example[len(path) :]) is not None:
        return ""
    return f"example '{example[:80]}' does not fit usage '{command.usage}'"


def event_problem(event: str) -> str:
    """Empty where it is none."""
    if event in EVENTS:
        return ""
    near = nearest_event(event)
    hint = f"Did you mean {near}?" if near else f"There are {', '.join(sorted(EVENTS))}."
    return f"there is no event '{event[:80]}'. {hint}"
