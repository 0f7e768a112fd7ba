"""Who people are on platforms whose events carry ids alone: remembered, else asked for.

What is remembered comes with the versions of a batch, in the same trip (directory.py); what is not
is asked of a function of its own, and only where something is about to be done about it.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import ADMIN, BOT, CHANNEL, ConnectionState
from waddlebot.domain.entities import EntityId, home_of, parse_entity, platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Caller, Event
from waddlebot.domain.known_people import VERSION, Group, Known, KnownPerson, account_in
from waddlebot.domain.sessions import Session
from waddlebot.platforms import find_abilities
from waddlebot.platforms.slack import ORGANISATION
from waddlebot.runtime.invoke import Invoker
from waddlebot.stores.connections import end_connection
from waddlebot.stores.known_people import KnownPeople
from waddlebot.stores.lent_rights import lender_of
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.slack_organisations import keep_workspaces, leave_workspaces
from waddlebot_sdk.roles import Role

ASKED_PATIENCE = timedelta(seconds=0.4)
"""Of the 1.8 s of whoever holds a request open (docs/delivery.md)."""
TOLD_PATIENCE = timedelta(seconds=1.5)

log = logging.getLogger(__name__)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What an asking function answers, by id."""

    people: dict[str, KnownPerson] = {}
    channels: dict[str, str] = {}
    groups: dict[str, list[str]] = {}


@dataclass(slots=True)
class WantedPeople:
    """Whom and what to ask about, each once, with the server where they were met, if there is one:
    it is asked with the leave that this server gave.
    """

    people: dict[Account, str] = field(default_factory=dict)
    channels: dict[Account, str] = field(default_factory=dict)
    groups: dict[Group, None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.people or self.channels or self.groups)


def account_of(event: Event) -> Account | None:
    """The account that a platform has to be asked about; None where the event says it all.

    An API caller says who somebody is, as far as the key may.
    """
    if event.user is None or isinstance(event.way_back, Caller):
        return None
    platform = platform_of(event.entity)
    return Account(platform, event.user.id) if find_abilities(platform).asks_with else None


@dataclass(frozen=True, slots=True)
class Acquaintances:
    """Nothing here raises: who cannot be asked about is unknown."""

    invoke: Invoker
    store: KnownPeople
    postgres: Postgres

    def remembered(self, people: Iterable[Account], channels: Iterable[Account] = ()) -> Known:
        try:
            return self.store.read(people, channels)
        except Unavailable:
            return Known()

    def ask(self, wanted: WantedPeople, patience: timedelta) -> Known:
        """One call a platform, none for channels that are remembered; people were looked up before.

        What came too late for this call may be remembered by now.
        """
        until = datetime.now(UTC) + patience
        known = self.remembered((), wanted.channels).with_more(self._in_groups(wanted.groups))
        channels = {
            one: server for one, server in wanted.channels.items() if one not in known.channels
        }
        groups = {one: None for one in wanted.groups if one not in known.groups}
        for platform, ids in _by_platform(WantedPeople(wanted.people, channels, groups)).items():
            function = find_abilities(platform).asks_with
            known = known.with_more(self._ask(function, platform, ids, until))
        return known

    def standings(self, people: Iterable[Account], patience: timedelta) -> Known:
        """What people are in servers, each as `account_in` names them; one call a platform."""
        asked, until = list(dict.fromkeys(people)), datetime.now(UTC) + patience
        known = self.remembered(asked)
        unknown = {one: "" for one in asked if one not in known.people}
        for platform, ids in _by_platform(WantedPeople(unknown)).items():
            function = find_abilities(platform).asks_standing_with
            known = known.with_more(self._ask(function, platform, ids, until))
        return known

    def is_member(self, session: Session, account: Account) -> bool:
        """Whether the platform says now that somebody is in the server where this happens."""
        event = session.event
        home = session.community.home if event.private else home_of(session.spot.entity)
        if home is None or not _asks_in(home, account):
            return False
        found = self._find_in(home, account, patience_for([event]))
        return found is not None and found.is_member and found.home == home

    def role_in(self, event: Event, account: Account, home: str) -> Role | None:
        """What the platform says now that somebody is in a server; None: it tells no such thing.

        Raises Unavailable: it does not answer.
        """
        if not _asks_in(home, account):
            return None
        found = self._find_in(home, account, patience_for([event]))
        if found is None:
            raise Unavailable(find_abilities(account.platform).name)
        if not found.home:
            return None  # the bot is not there, so nobody tells it
        return found.role if found.home == home else Role.USER

    def _find_in(self, home: str, account: Account, patience: timedelta) -> KnownPerson | None:
        server, abilities = parse_entity(home).channel, find_abilities(account.platform)
        standing, until = abilities.asks_standing_with, datetime.now(UTC) + patience
        asked = account_in(server, account)
        # Whose standing is asked is named by the server too; people's ids say nothing of one.
        wanted = WantedPeople({asked: "" if standing else server})
        function = standing or abilities.asks_with
        return self._ask(function, account.platform, wanted, until).people.get(asked)

    def change(self, account: Account, name: str) -> None:
        try:
            self.store.change(account, name)
        except Unavailable:
            # What stands there ends by itself, in minutes.
            log.warning("cache server did not answer")

    def change_groups(self, platform: str, server: str) -> None:
        try:
            self.store.change_groups(platform, server)
        except Unavailable:
            log.warning("cache server did not answer")

    def end(self, entity: EntityId, at: datetime) -> None:
        """Somebody took back the leave that they gave: a workspace of Slack, or a streamer, who may
        have changed a password alone, and is told."""
        place, name = parse_entity(entity), find_abilities(platform_of(entity)).name
        is_channel = not place.server
        account = _slack_account(place.server) if place.server else place.channel
        try:
            with self.postgres.writer() as transaction:
                ended = end_connection(
                    transaction,
                    place.platform,
                    account,
                    kind=CHANNEL if is_channel else BOT,
                    state=ConnectionState.LOST if is_channel else ConnectionState.DISCONNECTED,
                    why=f"{name} says that it was taken back there.",
                    before=at,
                )
                if not is_channel:
                    end_connection(transaction, place.platform, account, kind=ADMIN, before=at)
        except Unavailable:
            # The platform refuses its token, which ends it at the next call.
            log.warning("a connection was not ended yet", extra={"of": entity})
            return
        if ended:
            log.warning("a connection was ended elsewhere", extra={"of": entity})

    def end_lent(self, entity: EntityId, people: Sequence[str], at: datetime) -> None:
        """These took back what the bot did in their name in a workspace of Slack."""
        place = parse_entity(entity)
        account = _slack_account(place.server or "")
        by = {Account(place.platform, one).key for one in people}
        try:
            with self.postgres.writer() as transaction:
                lender = lender_of(transaction, place.platform, account)
                if lender in by:
                    end_connection(transaction, place.platform, account, kind=ADMIN, before=at)
        except Unavailable:
            # The platform refuses its token, which ends it at the next call.
            log.warning("what was lent is not ended yet", extra={"of": entity})

    def share(self, server: str, *, granted: Sequence[str], revoked: Sequence[str]) -> None:
        """An organisation of Slack lets its one installation into these workspaces, or out."""
        account = _slack_account(server)
        try:
            with self.postgres.writer() as connection:
                keep_workspaces(connection, account, granted)
                leave_workspaces(connection, account, revoked)
        except Unavailable:
            # Whoever speaks there reads that it is not connected, and connects it again.
            log.warning("workspaces of an organisation were not noted", extra={"of": server})

    def _in_groups(self, groups: Iterable[Group]) -> Known:
        try:
            return Known(groups=self.store.read_groups(groups) if groups else {})
        except Unavailable:
            return Known()

    def _ask(self, function: str, platform: str, wanted: WantedPeople, until: datetime) -> Known:
        people = _asked_people(wanted)
        ids = {
            "people": list(people),
            "channels": [channel for _, channel in wanted.channels],
            "groups": [(server, group) for _, server, group in wanted.groups],
            "servers": {
                **{user: server for user, (_, server) in people.items() if server},
                **{one.user_id: server for one, server in wanted.channels.items() if server},
            },
        }
        payload = msgspec.json.encode({"v": VERSION, **ids})
        try:
            answer = self.invoke.call(function, payload, deadline=until)
            return _known(platform, msgspec.json.decode(answer, type=Said), wanted)
        except (Unavailable, msgspec.MsgspecError) as error:
            log.warning("people are not known yet", extra={"on": platform, "why": str(error)})
            known = self.remembered(wanted.people, wanted.channels)
            return known.with_more(self._in_groups(wanted.groups))


def speaking(event: Event) -> tuple[Account, Account] | None:
    """The account of `account_of`, and under which its role is known where it speaks."""
    account = account_of(event)
    return (account, account_in(server_of(event), account)) if account else None


def _asks_in(home: str, account: Account) -> bool:
    abilities = find_abilities(account.platform)
    asks = abilities.asks_standing_with or abilities.asks_with
    return bool(asks) and platform_of(EntityId(home)) == account.platform


def server_of(event: Event) -> str:
    return parse_entity(event.entity).server or ""


def patience_for(events: Iterable[Event]) -> timedelta:
    """What is left to ask in, where somebody waits for the answer to one of them."""
    ends = [event.asked_until for event in events if event.asked_until]
    if not ends:
        return TOLD_PATIENCE
    return min(ASKED_PATIENCE, (min(ends) - datetime.now(UTC)) / 2)


def _slack_account(home: str) -> str:
    """Of a connection: ids of organisations begin with E, those of workspaces with T."""
    return f"{ORGANISATION}{home}" if home.startswith("E") else home


def _asked_people(wanted: WantedPeople) -> dict[str, tuple[Account, str]]:
    """By the platform's own id: as whom it is wanted, and where. Met in two servers at once, the
    second waits for the next question."""
    found: dict[str, tuple[Account, str]] = {}
    for account, server in wanted.people.items():
        own = account.user_id.removeprefix(f"{server}/") if server else account.user_id
        found.setdefault(own, (account, server))
    return found


def _by_platform(wanted: WantedPeople) -> Mapping[str, WantedPeople]:
    shares: dict[str, WantedPeople] = defaultdict(WantedPeople)
    for person, server in wanted.people.items():
        shares[person.platform].people[person] = server
    for channel, server in wanted.channels.items():
        shares[channel.platform].channels[channel] = server
    for group in wanted.groups:
        shares[group[0]].groups[group] = None
    return shares


def _known(platform: str, said: Said, wanted: WantedPeople) -> Known:
    named = {f"{server}/{group}": (platform, server, group) for _, server, group in wanted.groups}
    asked = _asked_people(wanted)
    return Known(
        people={
            asked[user][0] if user in asked else Account(platform, user): person
            for user, person in said.people.items()
        },
        names={Account(platform, user): one.name for user, one in said.people.items() if one.name},
        channels={Account(platform, channel): name for channel, name in said.channels.items()},
        groups={named[one]: frozenset(ids) for one, ids in said.groups.items() if one in named},
    )
