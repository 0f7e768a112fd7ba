"""What platforms said of accounts and channels, on the cache server: each for as long as it holds.

The server's own clock lets roles end after ten minutes; names are refreshed whenever the account is
asked about, and may be a day old where it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import redis

from waddlebot.domain.accounts import Account
from waddlebot.domain.known_people import Group, Known, KnownPerson
from waddlebot.stores import keys
from waddlebot.stores.valkey import CACHE, Script, answering

ROLE_SECONDS = 600
NAME_SECONDS = 86_400
CHANGED_SECONDS = 10
"""Longer than any question takes: its answer may be older than the change."""

_Found = Mapping[str, bytes | str | None]
Speaking = tuple[Account, Account]
"""An account, and the same as `account_in` names it where it speaks."""

# KEYS: the mark of a change, the person, the name. ARGV: both values and how long they live.
_KEEP = Script(
    """
    if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
    redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
    if ARGV[3] ~= '' then redis.call('SET', KEYS[3], ARGV[3], 'EX', ARGV[4]) end
    return 1
    """,
    server=CACHE,
)


# KEYS: the mark of a change, the groups. ARGV: a group, who is in it, how long all of them live.
_KEEP_GROUP = Script(
    """
    if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
    redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
    if redis.call('TTL', KEYS[2]) < 0 then redis.call('EXPIRE', KEYS[2], ARGV[3]) end
    return 1
    """,
    server=CACHE,
)


def keys_of(people: Iterable[Account]) -> list[str]:
    """Under which all that is known of them stands, for who reads other things with it."""
    return [key for one in people for key in (keys.known_person(*one), keys.known_name(*one))]


def keys_of_speakers(speakers: Iterable[Speaking]) -> list[str]:
    """The same of who speaks: the role of the server alone."""
    return [
        key
        for account, here in speakers
        for key in (keys.known_person(*here), keys.known_name(*account))
    ]


def known_of_speakers(found: _Found, speakers: Iterable[Speaking]) -> Known:
    asked = list(speakers)
    persons = {here: _person(found.get(keys.known_person(*here))) for _, here in asked}
    return Known(
        people={one: person for one, person in persons.items() if person is not None},
        names=_texts({one: found.get(keys.known_name(*one)) for one, _ in asked}),
    )


def known_of(found: _Found, people: Iterable[Account], channels: Iterable[Account] = ()) -> Known:
    """Of what stood there; what this release cannot read is not known."""
    asked = list(people)
    persons = {one: _person(found.get(keys.known_person(*one))) for one in asked}
    return Known(
        people={one: person for one, person in persons.items() if person is not None},
        names=_texts({one: found.get(keys.known_name(*one)) for one in asked}),
        channels=_texts({one: found.get(keys.known_channel(*one)) for one in channels}),
    )


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """Every method raises Unavailable."""

    cache: redis.Redis

    def read(self, people: Iterable[Account], channels: Iterable[Account] = ()) -> Known:
        """One round trip."""
        people, channels = list(people), list(channels)
        names = [*keys_of(people), *(keys.known_channel(*one) for one in channels)]
        if not names:
            return Known()
        with answering(CACHE):
            found: Any = self.cache.mget(names)
        return known_of(dict(zip(names, found, strict=True)), people, channels)

    def keep_person(
        self,
        account: Account,
        known: KnownPerson,
        seconds: int = ROLE_SECONDS,
        *,
        named: Account | None = None,
    ) -> None:
        """Unless it changed a moment ago: what was asked before says nothing about that.

        The name is kept under `named` where that is another.
        """
        _KEEP.run(
            self.cache,
            [
                keys.person_changed(*account),
                keys.known_person(*account),
                keys.known_name(*(named or account)),
            ],
            [msgspec.json.encode(known), seconds, known.name, NAME_SECONDS],
        )

    def keep_channel(self, account: Account, name: str) -> None:
        with answering(CACHE):
            self.cache.set(keys.known_channel(*account), name, ROLE_SECONDS)

    def change(self, account: Account, name: str = "") -> None:
        """The role is asked for anew; the name is this one from now on, if there is one."""
        pipeline = self.cache.pipeline()
        pipeline.set(keys.person_changed(*account), b"1", CHANGED_SECONDS)
        pipeline.delete(keys.known_person(*account))
        if name:
            pipeline.set(keys.known_name(*account), name, NAME_SECONDS)
        with answering(CACHE):
            pipeline.execute()

    def read_groups(self, groups: Iterable[Group]) -> dict[Group, frozenset[str]]:
        """One round trip.

        `{group: user ids}` of those that were asked about lately. Raises Unavailable.
        """
        asked = list(groups)
        pipeline = self.cache.pipeline(transaction=False)
        for platform, server, group in asked:
            pipeline.hget(keys.known_groups(platform, server), group)
        with answering(CACHE):
            found = pipeline.execute()
        read = ((one, _members(value)) for one, value in zip(asked, found, strict=True))
        return {one: members for one, members in read if members is not None}

    def keep_group(self, group: Group, members: Iterable[str]) -> None:
        """Unless a group there changed a moment ago, as `keep_person`."""
        platform, server, name = group
        _KEEP_GROUP.run(
            self.cache,
            [keys.groups_changed(platform, server), keys.known_groups(platform, server)],
            [name, msgspec.json.encode(list(members)), ROLE_SECONDS],
        )

    def change_groups(self, platform: str, server: str) -> None:
        """All of a server are asked for anew."""
        pipeline = self.cache.pipeline()
        pipeline.set(keys.groups_changed(platform, server), b"1", CHANGED_SECONDS)
        pipeline.delete(keys.known_groups(platform, server))
        with answering(CACHE):
            pipeline.execute()

    def forget(self, account: Account) -> None:
        """Also what is known of somebody in each server."""
        everywhere = keys_of([Account(account.platform, f"*/{account.user_id}")])
        with answering(CACHE):
            found = [key for one in everywhere for key in self.cache.scan_iter(one, count=1_000)]
            self.cache.delete(*keys_of([account]), *found)

    def rest(self, platform: str, seconds: int) -> None:
        """Nobody asks this platform anything for so long."""
        with answering(CACHE):
            self.cache.set(keys.asking_rests(platform), b"1", max(1, seconds))

    def rests(self, platform: str) -> bool:
        with answering(CACHE):
            return bool(self.cache.exists(keys.asking_rests(platform)))


def _members(value: bytes | None) -> frozenset[str] | None:
    if value is None:
        return None
    try:
        return frozenset(msgspec.json.decode(value, type=list[str]))
    except msgspec.MsgspecError:
        return None


def _person(value: bytes | str | None) -> KnownPerson | None:
    if value is None:
        return None
    try:
        return msgspec.json.decode(value, type=KnownPerson)
    except msgspec.MsgspecError:
        return None


def _texts(values: Mapping[Account, bytes | str | None]) -> dict[Account, str]:
    return {
        one: value.decode(errors="replace") if isinstance(value, bytes) else value
        for one, value in values.items()
        if value is not None
    }
