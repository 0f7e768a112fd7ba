"""What is served in process: ordinary modules, found by their declared names, given what they ask.

Nothing here imports one of them, and none of them imports a stage of the road.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from functions.router.destinations import Answered
from functions.router.others_asked import OthersAsked
from functions.router.rule_sets import RuleSets
from waddlebot.domain.accounts import Account
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.errors import Refusal, Rejected
from waddlebot.domain.executions import Notice, Part
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.domain.public_addresses import NOWHERE, PublicAddress
from waddlebot.domain.sessions import Session
from waddlebot.domain.socket_pushes import SocketPush, nobody_looks
from waddlebot.stores.offered import WaitingOffers
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.private_choices import PrivateChoices
from waddlebot.stores.sealing import Seal, SealLost
from waddlebot.stores.versions import Versions
from waddlebot_sdk.calls import Call
from waddlebot_sdk.completions import Choice
from waddlebot_sdk.module import Module
from waddlebot_sdk.responses import MOST_RESPONSES, Chat
from waddlebot_sdk.roles import Role
from waddlebot_sdk.wire_texts import NotAResponse

BUILTINS = "functions.builtins"


def _nothing_seals() -> Seal:
    raise SealLost("the seal", "is not there")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """All that a built-in can be given, by the names under which it declares it."""

    session: Session
    table: CommandTable
    postgres: Postgres
    versions: Versions
    choices: PrivateChoices
    offered: WaitingOffers
    rule_sets: RuleSets
    now: datetime
    public: PublicAddress = NOWHERE
    seal: Callable[[], Seal] = _nothing_seals
    show: Callable[[Sequence[SocketPush]], None] = nobody_looks
    signing_key: Callable[[], str] = lambda: ""
    is_member: Callable[[Account], bool] = lambda _account: False
    role_in: Callable[[Account, str], Role | None] = lambda _account, _home: None
    others: OthersAsked | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """`tools` is the class that the module declares, `names` its fields."""

    module: Module[Any]
    tools: type[Any]
    names: tuple[str, ...]

    def given(self, kit: Kit) -> Any:
        return self.tools(**{name: getattr(kit, name) for name in self.names})


def call_builtin(name: str, call: Call, kit: Kit) -> Answered:
    """Raises whatever the module raises; a Refusal is an answer for the asking person."""
    try:
        served = find_module(name)
        answer = served.module.answer(call, served.given(kit))
    except Refusal as refusal:
        answer = Chat(refusal.say, private=True, free=True)
    except Rejected as rejected:  # what a page says with a status is said in chat
        answer = Chat(rejected.message, private=True, free=True)
    parts: Sequence[Part] = (
        () if answer is None else answer if isinstance(answer, Sequence) else (answer,)
    )
    return _sorted_by_kind(parts)


def complete_builtin(name: str, call: Call, argument: str, kit: Kit) -> Sequence[Choice]:
    """Raises whatever the module raises."""
    served = find_module(name)
    return served.module.complete(call, argument, served.given(kit))


@cache
def find_module(name: str) -> Served:
    """Raises LookupError: the command table names a builtin that this release does not have."""
    if not name.isidentifier():
        raise LookupError(f"{name[:80]!r} is no name of a builtin")
    if name not in _folders():
        raise LookupError(f"there is no builtin '{name}'")
    module = importlib.import_module(f"{BUILTINS}.{_folders()[name]}.{name}").MODULE
    return Served(module, module.tools, tuple(field.name for field in fields(module.tools)))


@cache
def _folders() -> dict[str, str]:
    """In which folder each lies."""
    package = importlib.import_module(BUILTINS)
    return {
        found.name: folder.name
        for folder in pkgutil.iter_modules(package.__path__)
        if folder.ispkg
        for found in pkgutil.iter_modules([f"{path}/{folder.name}" for path in package.__path__])
    }


def _sorted_by_kind(parts: Sequence[Part]) -> Answered:
    actions = tuple(part for part in parts if isinstance(part, PlatformAction))
    notices = tuple(part for part in parts if isinstance(part, Notice))
    responses = tuple(part for part in parts if not isinstance(part, PlatformAction | Notice))
    if len(responses) > MOST_RESPONSES:
        raise NotAResponse(f"{len(responses)} responses; {MOST_RESPONSES} at most")
    return Answered(responses=responses, platform_actions=actions, notices=notices)
