"""What a built-in is given: what it declares, and no more.

A built-in names the parts it works with as the bases of one class, and the class as its `tools`;
whoever serves it fills the fields of that class by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from waddlebot.decisions.asking import Asker
from waddlebot.domain import sayings
from waddlebot.domain.accounts import Account
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.custom_facts import StreamFacts
from waddlebot.domain.entities import EntityId
from waddlebot.domain.executions import Notice
from waddlebot.domain.module_names import OURS
from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.domain.sessions import Community, Session
from waddlebot.domain.socket_pushes import SocketPush
from waddlebot.domain.string_rules import StringRule
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.domain.typed import find_named
from waddlebot.stores.effects import Effects
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.sealing import Seal
from waddlebot.stores.versions import Edit, Versions, editing
from waddlebot_sdk import Call, Chat, Module, Role


# Without slots: Python does not join classes that have them.
@dataclass(frozen=True, kw_only=True)
class InSession:
    """Who asks, and where: every built-in knows it."""

    session: Session


T = TypeVar("T", bound=InSession)


@dataclass(frozen=True, slots=True, kw_only=True)
class Builtin(Module[T]):
    """A module that is served in process; `tools` is what it gets with each call."""

    tools: type[T]


@dataclass(frozen=True, kw_only=True)
class WithClock(InSession):
    now: datetime


@dataclass(frozen=True, kw_only=True)
class WithStores(InSession):
    """What is kept."""

    postgres: Postgres


@dataclass(frozen=True, kw_only=True)
class WithMembers(InSession):
    """Who is in the server where this is said, as the platform answers that is asked."""

    is_member: Callable[[Account], bool]


@dataclass(frozen=True, kw_only=True)
class WithRoles(InSession):
    """What somebody is in a server now, as the platform says that is asked.

    `role_in` gives None where no platform is asked that, and raises Unavailable where it does not
    answer.
    """

    role_in: Callable[[Account, str], Role | None]


@dataclass(frozen=True, kw_only=True)
class WithStream(InSession):
    """What Twitch says of the channel where this is said, or in half a sentence why nobody knows.

    Asking may take two seconds. It never raises.
    """

    stream: Callable[[], StreamFacts | str]


@dataclass(frozen=True, kw_only=True)
class WithCommands(InSession):
    """Which commands there are."""

    table: CommandTable

    def find_command(self, name: str) -> CommandTrigger | None:
        """The command that is called so, its prefix left off or not, as it is here."""
        return find_named(name, self.session.community, self.table)

    def name_of(self, typed: str) -> str:
        """As everybody types the command that is meant; what is none stays as it was typed."""
        found = self.find_command(typed)
        return found.typed if found else typed


class RuleFinder(Protocol):
    def find(
        self, community: Community, text: str, entity: EntityId, *, at_once: bool = False
    ) -> Sequence[StringRule]:
        """The community's rules that this text hits in this place, in the order of its rules.

        `at_once`: as they are saved, however long that takes.
        """
        ...

    def resting(self, community: Community) -> Sequence[StringRule]:
        """Those that cost more than rules may: they were saved before anybody counted."""
        ...


@dataclass(frozen=True, kw_only=True)
class WithRules(InSession):
    """What rules would do."""

    rule_sets: RuleFinder


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
        notices = (
            Notice(**{**notice, "instead": tuple(notice.get("instead", ()))})
            for notice in wire.get("notices", ())
        )
        return cls(text=wire["text"], notices=tuple(notices))


@dataclass(frozen=True, kw_only=True)
class WithSigningKey(InSession):
    """What the secrets of this house's webhooks are made of; empty where it has none.

    It is read when it is asked for: that may take a call to AWS. Raises Unavailable.
    """

    signing_key: Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class WithSeal(InSession):
    """What opens and makes what is kept sealed; read when it is asked for. Raises SealLost."""

    seal: Callable[[], Seal]


@dataclass(frozen=True, kw_only=True)
class WithAddress(InSession):
    """Where people find the pages of this house."""

    public: PublicAddress


@dataclass(frozen=True, kw_only=True)
class WithPages(InSession):
    """Tells pages of overlays that look now what is new there; those that hear nothing ask."""

    show: Callable[[Sequence[SocketPush]], None]


@dataclass(frozen=True, kw_only=True)
class Deciding(WithStores):
    """Changes, each once, and in force at every router's next event."""

    versions: Versions

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
            effects = Effects(edit.connection, OURS)
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


@dataclass(frozen=True, kw_only=True)
class Showing(Deciding, WithClock, WithPages):
    """Decides what overlays show, and tells pages that look now."""

    def show_now(self, call: Call, decide: Callable[[Edit, Asker], str]) -> Chat:
        """As `decide`; pages are told once it is so."""
        shown: list[SocketPush] = []

        def noting(edit: Edit, asker: Asker) -> str:
            said = decide(edit, asker)
            shown.extend(edit.pushed)
            return said

        told = self.decide(call, noting)
        self.show(shown)
        return told


def _by(call: Call) -> str:
    return f"{call.entity.platform}:{call.user.id if call.user else ''}"


def _in_force(text: str, edit: Edit) -> Chat:
    return Chat(text if edit.in_force else f"{text} {sayings.IN_FORCE_LATER}")
