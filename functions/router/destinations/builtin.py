"""What the router serves itself: ordinary modules, found by file, called in process."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from functions.router.command_table import CommandTable
from functions.router.destinations import Answered
from functions.router.rule_sets import RuleSets
from functions.router.typed import find_named
from waddlebot.decisions.asking import Asker
from waddlebot.domain import sayings
from waddlebot.domain.errors import Refusal
from waddlebot.domain.executions import Notice
from waddlebot.domain.own_words import OwnWords
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.stores.effects import Effects
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit, Versions, editing
from waddlebot_sdk.calls import Call
from waddlebot_sdk.module import Module
from waddlebot_sdk.responses import MOST_RESPONSES, Chat, NotAResponse, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a change says: to whoever asked for it, and elsewhere."""

    text: str
    notices: tuple[Notice, ...] = ()

    def to_wire(self) -> dict[str, Any]:
        notices = [asdict(notice) for notice in self.notices]
        return {"text": self.text, **({"notices": notices} if notices else {})}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Changed:
        notices = (Notice(**notice) for notice in wire.get("notices", ()))
        return cls(text=wire["text"], notices=tuple(notices))


Part = Response | PlatformAction | Notice
"""What a builtin gives back; strangers get no farther than responses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinTools:
    """What one call of a builtin works with."""

    session: Session
    table: CommandTable
    postgres: Postgres
    versions: Versions
    rule_sets: RuleSets
    now: datetime

    def find_command(self, name: str) -> CommandTrigger | None:
        """The command that is called so, its prefix left off or not, as it is here."""
        return find_named(name, self.session.community, self.table)

    def name_of(self, typed: str) -> str:
        """As everybody types the command that is meant; what is none stays as it was typed."""
        found = self.find_command(typed)
        return found.typed if found else typed

    def decide(self, call: Call, decide: Callable[[Edit, Asker], str]) -> Chat:
        """Has the community decide, once; `decide` calls a deed and says what it did."""
        asker = Asker.in_chat(self.session)
        return self.change(call, lambda edit: decide(edit, asker))

    def decide_in_secret(self, call: Call, decide: Callable[[Edit, Asker], str]) -> Chat:
        """As `decide`, for an answer that holds a secret: it is kept nowhere."""
        asker = Asker.in_chat(self.session)
        return self.change_in_secret(call, lambda edit: decide(edit, asker))

    def change(self, call: Call, change: Callable[[Edit], str]) -> Chat:
        """Makes a change once, however often the call is delivered; `change` says what it did.

        A Refusal or NotUnderstood raised by it leaves everything as it was.
        """
        return self.change_and_tell(call, lambda edit: Changed(text=change(edit)))[0]

    def change_and_tell(
        self, call: Call, change: Callable[[Edit], Changed]
    ) -> tuple[Chat, *tuple[Notice, ...]]:
        """As `change`, where others are to hear of it too."""
        with editing(self.postgres, self.versions, by=_by(call)) as edit:
            effects = Effects(edit.connection)
            kept = effects.begin(call.execution_id)
            changed = Changed.from_wire(kept[0]) if kept else change(edit)
            effects.keep(call.execution_id, [changed.to_wire()])
        return (_in_force(changed.text, edit), *changed.notices)

    def change_in_secret(self, call: Call, change: Callable[[Edit], str]) -> Chat:
        """As `change`, for an answer that holds a secret: it is kept nowhere.

        Where the call is delivered again, `change` is called again and makes another secret: of a
        call that was taken over from somebody, nothing was said before.
        """
        with editing(self.postgres, self.versions, by=_by(call)) as edit:
            text = change(edit)
        return replace(_in_force(text, edit), private=True, secret=True)


def _by(call: Call) -> str:
    return f"{call.entity.platform}:{call.user.id if call.user else ''}"


def _in_force(text: str, edit: Edit) -> Chat:
    return Chat(text if edit.in_force else f"{text} {sayings.IN_FORCE_LATER}")


def call_builtin(name: str, call: Call, tools: BuiltinTools) -> Answered:
    """Raises whatever the module raises; a Refusal is an answer for the asking person."""
    try:
        answer = find_module(name).answer(call, tools)
    except Refusal as refusal:
        answer = Chat(refusal.say, private=True)
    parts: Sequence[Part] = (
        () if answer is None else answer if isinstance(answer, Sequence) else (answer,)
    )
    words = tools.session.community.words
    return _sorted_by_kind(parts if words.are_usual else [_reworded(part, words) for part in parts])


@cache
def find_module(name: str) -> Module[BuiltinTools]:
    """Raises LookupError: the command table names a builtin that this release does not have."""
    if not name.isidentifier():
        raise LookupError(f"{name[:80]!r} is no name of a builtin")
    try:
        file = importlib.import_module(f"functions.router.builtins.{name}")
    except ModuleNotFoundError as error:
        raise LookupError(f"there is no builtin '{name}'") from error
    module: Module[BuiltinTools] = file.MODULE
    return module


def _reworded(part: Part, words: OwnWords) -> Part:
    return replace(part, text=words.reword(part.text)) if isinstance(part, Chat) else part


def _sorted_by_kind(parts: Sequence[Part]) -> Answered:
    actions = tuple(part for part in parts if isinstance(part, PlatformAction))
    notices = tuple(part for part in parts if isinstance(part, Notice))
    responses = tuple(part for part in parts if not isinstance(part, PlatformAction | Notice))
    if len(responses) > MOST_RESPONSES:
        raise NotAResponse(f"{len(responses)} responses; {MOST_RESPONSES} at most")
    return Answered(responses=responses, platform_actions=actions, notices=notices)
