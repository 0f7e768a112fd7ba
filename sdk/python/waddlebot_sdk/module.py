"""How a module declares itself: frozen values; nothing registers anything anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from waddlebot_sdk.asks import Pressed
from waddlebot_sdk.calls import Call
from waddlebot_sdk.completions import AUTOCOMPLETE, Choice, Completer, chosen, read_completers
from waddlebot_sdk.grammar import Usage, parse_usage
from waddlebot_sdk.own_words import STRANGERS_PREFIX, USUAL_PREFIX, say_declared
from waddlebot_sdk.responses import Chat, Response
from waddlebot_sdk.roles import Role
from waddlebot_sdk.web import WebRoute
from waddlebot_sdk.wishes import May

Tools = TypeVar("Tools")
Answer = Response | Sequence[Response] | None
Body = Callable[[Call, Tools], Answer]


USUAL_PRIORITY = 100


class ExecutionMode(StrEnum):
    """Of several modules that one event calls: one after the other, or all at once."""

    SEQUENTIAL = "sequential"
    PARALLEL = "parallel"


class NotUnderstood(Exception):
    """Raised by a command, before it changes anything: what was typed cannot be used.

    `say` goes to the person who typed it: what is wrong, and what to type instead.
    """

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[Tools]):
    """One thing that can be typed. `also` are short or long forms with the same arguments.

    `completes` says by an argument's name what is offered for it while it is typed.
    """

    usage: Usage
    also: tuple[str, ...]
    summary: str
    example: str
    role: Role
    body: Body[Tools]
    per_minute: int
    cooldown_seconds: int
    private: bool
    secret: bool
    completes: Mapping[str, Completer[Tools]] = field(default_factory=dict, hash=False)

    @property
    def path(self) -> str:
        return self.usage.path

    @property
    def paths(self) -> tuple[str, ...]:
        """All that means this command, the declared path first."""
        return (self.path, *self.also)

    def __call__(self, call: Call, tools: Tools) -> Answer:
        arguments = self.usage.bind(call.text)
        if arguments is None:
            return Chat(self.usage_text(call.prefix), private=True, free=True)
        try:
            return self.body(replace(call, arguments=arguments), tools)
        except NotUnderstood as wrong:
            return Chat(wrong.say, private=True, free=True)

    def usage_text(self, prefix: str = USUAL_PREFIX) -> str:
        """Of a stranger's, `prefix` is its own; ours are named for whoever says the text."""
        declared = STRANGERS_PREFIX if prefix == STRANGERS_PREFIX else USUAL_PREFIX
        usage, example = (
            say_declared(one, prefix=declared) for one in (str(self.usage), self.example)
        )
        return f"Usage: {usage}. Example: {example}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener(Generic[Tools]):
    """What a module does when an event of this type happens (`raid`, `due`, …).

    With an `action` it is what comes of a button, a menu or a form of the module's own; of a
    reaction it is the one emoji that is meant.
    """

    event_type: str
    body: Body[Tools]
    action: str = ""

    @property
    def heard_as(self) -> str:
        """`raid`, or `reaction 📌`: of other reactions the module is not told."""
        is_sign = self.action and self.event_type == "reaction"
        return f"{self.event_type} {self.action}" if is_sign else self.event_type

    def hears(self, call: Call) -> bool:
        return self.event_type == call.event_type and (
            not self.action or self.action == call.data.get("action")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing a community can set for a module; the default decides its type."""

    name: str
    default: bool | int | str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData(Generic[Tools]):
    """How a person's data in this module is handed out and removed.

    Both take (community id, platform, the platform's user id, tools);
    `erase` says how many records went.
    """

    export: Callable[[int, str, str, Tools], list[dict[str, Any]]]
    erase: Callable[[int, str, str, Tools], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Module(Generic[Tools]):
    """`timeout_seconds` up to 2 is waited for in the batch; longer calls go their own way.

    `community` marks a stranger's function: its commands start with `#`, it runs apart.
    `repeatable` says that a call may be made twice without harm.
    `may` is what it does besides answering; of a community function, what the community's owner
    grants with it. Of several modules that one event calls, those of a lower `priority` answer
    first; `execution_mode` says whether it waits for those before it.
    `outside` are the hosts of other people's services that it asks, `secrets` the environment
    variables that it needs for that: for modules of the house, which then get a `Reach`.
    `routes` are web addresses of its own, for modules of the house too.

    `listens` are what it does when something happens, in no order.
    """

    name: str
    summary: str
    commands: tuple[Command[Tools], ...] = ()
    listens: tuple[Listener[Tools], ...] = ()
    settings: tuple[Setting, ...] = ()
    personal_data: PersonalData[Tools] | None = None
    community: bool = False
    timeout_seconds: float = 2.0
    repeatable: bool = False
    may: frozenset[May] = frozenset()
    priority: int = USUAL_PRIORITY
    execution_mode: ExecutionMode = ExecutionMode.SEQUENTIAL
    outside: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    routes: tuple[WebRoute[Tools], ...] = ()

    @property
    def prefix(self) -> str:
        return STRANGERS_PREFIX if self.community else USUAL_PREFIX

    def answer(self, call: Call, tools: Tools) -> Answer:
        """What this module says to a call; None where it has nothing to say."""
        call = replace(call, config={**self.defaults(), **call.config})
        if call.command:
            return self.find_command(call.command)(call, tools)
        for listener in self.listens:
            if listener.hears(call):
                return _heard(listener, call, tools)
        return None

    def complete(self, call: Call, argument: str, tools: Tools) -> tuple[Choice, ...]:
        """What may stand for this argument of `call.command`; nothing is changed by it.

        `call.text` is what stands there so far, `call.arguments` what the others hold.
        """
        completer = self.find_command(call.command).completes.get(argument)
        if completer is None:
            return ()
        config = {**self.defaults(), **call.config}
        asked = replace(call, config=config, event_type=AUTOCOMPLETE)
        return chosen(completer(asked, tools), call.text)

    def find_command(self, path: str) -> Command[Tools]:
        """Raises KeyError: the router and this module disagree on what is declared."""
        for command in self.commands:
            if path in command.paths:
                return command
        raise KeyError(f"{self.name} has no command '{path}'")

    def defaults(self) -> Mapping[str, bool | int | str]:
        return {setting.name: setting.default for setting in self.settings}


def command(
    usage: str,
    summary: str,
    *,
    example: str,
    also: tuple[str, ...] = (),
    role: Role = Role.USER,
    per_minute: int = 60,
    cooldown_seconds: int = 0,
    private: bool = False,
    secret: bool = False,
    completes: Mapping[str, Completer[Any] | Sequence[str]] | None = None,
) -> Callable[[Body[Tools]], Command[Tools]]:
    """Make a function a command: `@command("quote [number]", "Show a quote.", example="quote 3")`.

    `per_minute` is what one person may do; `private` answers the asking person alone.
    What is typed behind a `secret` one is a code, say: it is not recorded.
    `completes` are functions, or the few words that there are, by the arguments that they are for.
    """
    parsed = parse_usage(usage)
    completers = read_completers(parsed, completes or {})

    def declare(body: Body[Tools]) -> Command[Tools]:
        return Command(
            usage=parsed,
            also=tuple(path.lower() for path in also),
            summary=summary,
            example=example,
            role=role,
            body=body,
            per_minute=per_minute,
            cooldown_seconds=cooldown_seconds,
            private=private,
            secret=secret,
            completes=completers,
        )

    return declare


def on(event_type: str, body: Body[Tools], *, action: str = "") -> Listener[Tools]:
    """`on("raid", greet)`; `on("button_click", keep, action="keep")` for buttons of one's own, and
    `on("reaction", pinned, action="📌")` for that emoji alone.
    """
    return Listener(event_type=event_type, body=body, action=action)


def _heard(listener: Listener[Tools], call: Call, tools: Tools) -> Answer:
    """Who pressed or filled in something is told what cannot be used, as who typed it is."""
    try:
        return listener.body(call, tools)
    except NotUnderstood as wrong:
        if call.event_type not in set(Pressed):
            raise
        return Chat(wrong.say, private=True, free=True)
