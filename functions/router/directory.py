"""Who an event is about, where it happened, and with which versions of the tables it is judged.

Communities, places and people stay in process memory under the community's token. One MGET tells
for a whole batch what of it still holds; one statement loads what does not.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from functions.router.acquaintances import account_of, speaking
from functions.router.command_table_reading import read_table
from functions.router.directory_memory import Clock, DirectoryMemory
from waddlebot.decisions.parts import rows_of_parts
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, Speaker
from waddlebot.domain.known_people import NOTHING_KNOWN, Known, introduced
from waddlebot.domain.labels import Applied
from waddlebot.domain.private_talk import NOWHERE
from waddlebot.domain.sessions import Community, Person, Session, Spot
from waddlebot.stores import keys
from waddlebot.stores.directory_rows import (
    NOTHING,
    DirectoryRows,
    GivenRoles,
    Loaded,
    OpenedPlace,
    WantedRows,
)
from waddlebot.stores.known_people import keys_of_speakers, known_of_speakers
from waddlebot.stores.opening import open_places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions
from waddlebot_sdk.roles import Role, highest

MOST_TABLES = 4
"""Versions of the command table: the one in force, and those that open batches may still use."""

_ID_BYTES = 12
_ID_LETTERS = 16
"""What twelve bytes are in base64; a multiple of three, so nothing is padded."""

log = logging.getLogger(__name__)


class Unopened(Unavailable):
    """Nothing has begun: what of a batch can be opened may be routed without the rest."""


class Directory:
    """Kept as long as the process lives. `tables` (by commands version) is shared, not copied."""

    def __init__(
        self, postgres: Postgres, versions: Versions, *, clock: Clock = time.monotonic
    ) -> None:
        self._postgres = postgres
        self._rows = DirectoryRows(postgres, read_table, rows_of_parts())
        self._versions = versions
        self._memory = DirectoryMemory(clock)
        self._tables: OrderedDict[str, CommandTable] = OrderedDict()

    @property
    def tables(self) -> Mapping[str, CommandTable]:
        return self._tables

    def open(self, events: Sequence[Event]) -> list[Session]:
        """Session n belongs to event n.

        One round trip to the cache server; one more to the replica, and only for what is not in
        memory. The writer is asked for what has changed, and where the replica lags.

        Raises:
            Unopened: the database does not answer, and memory does not suffice.
        """
        tokens = self._read_tokens(events)
        view = self._view(events, tokens, opens=True)
        names = _session_ids(len(events))
        return [
            _introduced(view.session(event, name), tokens.known)
            for event, name in zip(events, names, strict=True)
        ]

    def look(self, event: Event) -> Session | None:
        """As `open`, where nothing happens yet: None of a place where nothing ever did."""
        view = self._view([event], self._read_tokens([event]), opens=False)
        is_known = event.private or event.place in view.places
        return view.session(event, _session_ids(1)[0]) if is_known else None

    def find_communities(self, numbers: Iterable[CommunityId]) -> Mapping[CommunityId, Community]:
        """As their rows are now, for what happens in none of their places. Raises Unopened."""
        wanted = sorted(set(numbers))
        if not wanted:
            return {}
        try:
            return self._rows.read_newest(WantedRows(communities=wanted)).communities
        except Unavailable as error:
            raise Unopened(error.what, error.how) from error

    def find_places(self, names: Sequence[EntityId]) -> Mapping[EntityId, OpenedPlace]:
        """Those of these that are anybody's places, as they are now. Raises Unavailable."""
        return self._rows.read_newest(WantedRows(places=names)).places

    def open_homes(self, homes: Iterable[EntityId]) -> None:
        """Servers of which no place was seen: their private talk comes first. Raises Unopened."""
        try:
            with self._postgres.writer() as connection:
                open_places(connection, homes)
        except Unavailable as error:
            raise Unopened(error.what, error.how) from error

    def _view(self, events: Sequence[Event], tokens: ReadTokens, *, opens: bool) -> View:
        """`opens` places that are new. Raises Unopened."""
        view = self._remember(events, tokens)
        wanted = view.missing(events)
        if wanted:
            try:
                loaded = self._load(wanted, tokens, is_changed=view.is_changed, opens=opens)
            except Unavailable as error:
                raise Unopened(error.what, error.how) from error
            self._keep(loaded)
            view.add(loaded)
        return view

    def _read_tokens(self, events: Sequence[Event]) -> ReadTokens:
        places = {name: keys.place_version(name) for name in places_of(events)}
        people = list(dict.fromkeys(filter(None, map(speaking, events))))
        names = [keys.commands_version(), *places.values(), *keys_of_speakers(people)]
        try:
            found = self._versions.read(names)
        except Unavailable:
            log.warning("cache server did not answer")
            return ReadTokens(are_known=False)
        return ReadTokens(
            commands=found[keys.commands_version()],
            places={name: found[key] for name, key in places.items()},
            known=known_of_speakers(found, people),
        )

    def _remember(self, events: Sequence[Event], tokens: ReadTokens) -> View:
        view = View(is_changed=not tokens.are_known)
        self._remember_commands(view, tokens)
        for name in places_of(events):
            self._remember_place(view, tokens, name)
        everywhere = view.commands_version
        if everywhere is None:  # roles that hold everywhere may have changed
            return view
        for name, user in people_of(events):
            if name in view.places:
                given = self._memory.find_role(name, view.community_at(name), user, everywhere)
                if given is not None:
                    view.roles[name, user] = given
        return view

    def _remember_commands(self, view: View, tokens: ReadTokens) -> None:
        version = self._memory.find_commands_version()
        if version is not None and tokens.commands_hold(version):
            view.commands_version = version
        elif version is not None or tokens.commands is None:
            view.is_changed = True

    def _remember_place(self, view: View, tokens: ReadTokens, name: EntityId) -> None:
        known = self._memory.find_place(name)
        if known is not None and tokens.place_holds(name, known[1].version):
            view.add_place(name, *known)
        elif known is not None or tokens.places.get(name) is None:
            view.is_changed = True

    def _load(
        self, wanted: WantedRows, tokens: ReadTokens, *, is_changed: bool, opens: bool
    ) -> Loaded:
        loaded = self._rows.read_newest(wanted) if is_changed else self._rows.read(wanted)
        unknown = [name for name in wanted.places if name not in loaded.places]
        if not unknown and not is_changed and tokens.confirm(loaded, wanted):
            return loaded
        if unknown and opens:
            with self._postgres.writer() as connection:
                open_places(connection, unknown)
        if unknown or not is_changed:
            loaded = self._rows.read_newest(wanted)
        self._mend(loaded, tokens)
        return loaded

    def _mend(self, loaded: Loaded, tokens: ReadTokens) -> None:
        """Tokens that are gone from the cache server, or that an editor could not set."""
        if not tokens.are_known:
            return
        seen = {keys.place_version(name): token for name, token in tokens.places.items()}
        found = {keys.place_version(name): token for name, token in loaded.versions().items()}
        if loaded.table is not None:
            seen[keys.commands_version()] = tokens.commands
            found[keys.commands_version()] = loaded.commands_version
        try:
            self._versions.mend(seen, found)
        except Unavailable:
            log.warning("cache server did not answer")

    def _keep(self, loaded: Loaded) -> None:
        self._memory.keep(loaded)
        if loaded.table is not None:
            self._tables[loaded.commands_version] = loaded.table
            self._tables.move_to_end(loaded.commands_version)
            while len(self._tables) > MOST_TABLES:
                self._tables.popitem(last=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTokens:
    """What the cache server said at the start of a batch, before any rows were read.

    While it is away, what is in memory holds as long as memory keeps it. `known` are those people
    of the batch that a platform was asked about lately.
    """

    are_known: bool = True
    commands: str | None = None
    places: Mapping[EntityId, str | None] = field(default_factory=dict)
    known: Known = NOTHING_KNOWN

    def commands_hold(self, version: str) -> bool:
        return not self.are_known or self.commands == version

    def place_holds(self, name: EntityId, version: str) -> bool:
        return not self.are_known or self.places[name] == version

    def confirm(self, loaded: Loaded, wanted: WantedRows) -> bool:
        """Whether the replica is as far as the tokens are."""
        return (
            self.commands == loaded.commands_version
            and len(loaded.people) == len(wanted.people)
            and all(self.places[name] == token for name, token in loaded.versions().items())
        )


@dataclass(slots=True, kw_only=True)
class View:
    """What one batch sees, whatever memory forgets meanwhile.

    `is_changed`: something is missing because it changed, so a replica must not answer.
    """

    is_changed: bool
    commands_version: str | None = None
    places: dict[EntityId, OpenedPlace] = field(default_factory=dict)
    communities: dict[CommunityId, Community] = field(default_factory=dict)
    roles: dict[tuple[EntityId, str], GivenRoles] = field(default_factory=dict)

    def add_place(self, name: EntityId, place: OpenedPlace, community: Community) -> None:
        self.places[name] = place
        self.communities[community.id] = community

    def community_at(self, name: EntityId) -> Community:
        return self.communities[self.places[name].community]

    def missing(self, events: Sequence[Event]) -> WantedRows:
        return WantedRows(
            places=[name for name in places_of(events) if name not in self.places],
            people=[person for person in people_of(events) if person not in self.roles],
            commands=self.commands_version is None,
        )

    def add(self, loaded: Loaded) -> None:
        self.places.update(loaded.places)
        self.communities.update(loaded.communities)
        self.roles.update((person, member.given) for person, member in loaded.people.items())
        if loaded.table is not None:
            self.commands_version = loaded.commands_version

    def session(self, event: Event, name: str) -> Session:
        assert self.commands_version is not None  # noqa: S101 - missing() asks for it
        if event.private:
            return _private(event, name, self.commands_version)
        return Session(
            id=name,
            event=event,
            community=self.community_at(event.place),
            spot=self.places[event.place].spot,
            person=self._person(event.place, event.user) if event.user else None,
            commands_version=self.commands_version,
        )

    def _person(self, name: EntityId, user: Speaker) -> Person:
        given = self.roles.get((name, user.id), NOTHING)
        if given is NOTHING and user.role is Role.USER:  # as for most people
            return Person(id=user.id, name=user.name, role=Role.USER)
        is_home = self.community_at(name).home == self.places[name].home
        return Person(
            id=user.id,
            name=user.name,
            role=highest(user.role, given.here),
            everywhere=highest(user.role if is_home else Role.USER, given.everywhere),
            labels=holding(given.labels),
        )


def _private(event: Event, name: str, commands_version: str) -> Session:
    """In no community yet (private_talk.py): nothing is looked up for a line of private talk."""
    user = event.user
    return Session(
        id=name,
        event=event,
        community=NOWHERE,
        spot=Spot(entity=event.place),
        person=Person(id=user.id, name=user.name, role=Role.USER) if user else None,
        commands_version=commands_version,
    )


def _introduced(session: Session, known: Known) -> Session:
    account = account_of(session.event)
    return introduced(session, account, known) if account else session


def holding(labels: Sequence[Applied]) -> frozenset[str]:
    """One that has run out counts no more, however long its row is remembered."""
    if not labels:
        return frozenset()
    now = datetime.now(UTC)
    return frozenset(label.name for label in labels if label.holds(now))


def _session_ids(count: int) -> list[str]:
    """Each of 96 random bits, as nobody may guess another's; one draw for a whole batch."""
    drawn = secrets.token_urlsafe(count * _ID_BYTES)
    return [f"sess_{drawn[at : at + _ID_LETTERS]}" for at in range(0, len(drawn), _ID_LETTERS)]


def places_of(events: Sequence[Event]) -> list[EntityId]:
    """Those that belong to a community, each once."""
    return list(dict.fromkeys(event.place for event in events if not event.private))


def people_of(events: Sequence[Event]) -> list[tuple[EntityId, str]]:
    """Everybody who is spoken of, once for each place."""
    return list(
        dict.fromkeys(
            (event.place, event.user.id) for event in events if event.user and not event.private
        )
    )
