"""Asks Discord what people are in a server, for what they write to the bot privately.

What Discord said is kept for everybody on the cache server as it comes, so a caller that gave up
waiting finds it there the next time.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec

from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.known_people import VERSION, KnownPerson, account_in
from waddlebot.domain.releases import refuse_newer
from waddlebot.outside.platform_reads import PlatformReads
from waddlebot.platforms.delivering import HttpAnswer
from waddlebot.platforms.discord.api import DiscordApi, DiscordCredentials
from waddlebot.platforms.discord.standing import read_standing
from waddlebot.platforms.fields import id_at, number_at, object_at
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.known_people import ROLE_SECONDS, KnownPeople

SERVICE = "ask-discord"
PLATFORM = "discord"
MOST_SECONDS = 3.0
"""For all questions of one invocation together."""
MOST_ASKED = 100
MOST_AT_ONCE = 8
REST_SECONDS = 5
"""After no answer, or one that means nothing."""
TROUBLE_SECONDS = 60
"""After one that only the operator can mend."""
GONE_SECONDS = 120
"""A server without the bot is left alone for so long; it may be invited back."""
NOBODY = frozenset({10007, 10013})
"""Unknown member, unknown user."""

log = logging.getLogger(__name__)

Json = Mapping[str, Any]


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """`{"v": 1, "people": ["server/user"]}`: of these people in these servers.

    It answers `{"people": {"server/user": KnownPerson}}`; who is left out is not known, because
    Discord did not say it in time or at all.
    """
    room_log(SERVICE, context)
    refuse_newer(payload, VERSION, "who asks about people")
    asking = AskingDiscord(reads=reads(), api=api(), store=KnownPeople(resources().cache))
    people = [str(one) for one in payload.get("people", ())[:MOST_ASKED]]
    return {"people": msgspec.to_builtins(asking.about(people))}


class Silent(Exception):
    """Discord says no more for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingDiscord:
    """One invocation; the first refusal of Discord's ends the questions, as does its own end."""

    reads: PlatformReads
    api: DiscordApi | None
    store: KnownPeople
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)

    def about(self, people: Iterable[str]) -> dict[str, KnownPerson]:
        """By `server/user`, as they were asked for; who is not in it is not known."""
        if self.api is None or self._is_resting(PLATFORM):
            return {}
        shares: dict[str, list[str]] = defaultdict(list)
        for one in people:
            server, _, user = one.partition("/")
            shares[server].append(user)
        found: dict[str, KnownPerson] = {}
        with suppress(Silent), ThreadPoolExecutor(MOST_AT_ONCE) as threads:
            servers = dict(zip(shares, threads.map(self._server, shares), strict=True))
            asked = [(one, servers[one], user) for one, users in shares.items() for user in users]
            for known in threads.map(self._person, asked):
                found |= known
        return found

    def _server(self, server: str) -> Json | None:
        """Empty where the bot is not in it; None where Discord says nothing that is a server."""
        if self._is_resting(_topic(server)):
            return {}
        answer = self._ask(f"/guilds/{server}")
        if answer.status == 200:
            return object_at(answer.json) if id_at(answer.json, "id") == server else None
        log.info("the bot is not in a server", extra={"why": answer.status, "server": server})
        with suppress(Unavailable):
            self.store.rest(_topic(server), GONE_SECONDS)
        return {}

    def _person(self, asked: tuple[str, Json | None, str]) -> dict[str, KnownPerson]:
        """Who is no member there is nobody there; of a server without the bot nobody tells it, and
        there is no home in the answer.

        Either is remembered, so that not each word that they write privately asks again.
        """
        server, told, user = asked
        if told is None:
            return {}
        member = self._member(server, user) if told else {}
        if member is None:
            return {}
        known = read_standing({"id": server, **told}, member, user) if told else KnownPerson()
        account = account_in(server, Account(PLATFORM, user))
        with suppress(Unavailable):
            self.store.keep_person(account, known, ROLE_SECONDS if told else GONE_SECONDS)
        return {account.user_id: known}

    def _member(self, server: str, user: str) -> Json | None:
        """Empty for who is none; None where Discord says nothing that is this member."""
        answer = self._ask(f"/guilds/{server}/members/{user}")
        if answer.status == 200:
            is_theirs = id_at(answer.json, "user", "id") == user
            return object_at(answer.json) if is_theirs else None
        return {} if number_at(answer.json, "code") in NOBODY else None

    def _ask(self, path: str) -> HttpAnswer:
        """A 200, or a 403 or 404 that concerns what was asked about alone.

        Raises Silent.
        """
        assert self.api  # noqa: S101 - about() asks nobody without it
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise Silent
        answer = self.reads.ask(self.api.call("GET", path, bucket=""), seconds=seconds)
        if answer.status in {200, 403, 404}:
            return answer
        self._rest(answer)
        raise Silent

    def _is_resting(self, topic: str) -> bool:
        with suppress(Unavailable):
            return self.store.rests(topic)
        return False

    def _rest(self, answer: HttpAnswer) -> None:
        is_operators = answer.status == 401
        say = log.error if is_operators else log.warning
        do = "Set DISCORD_TOKEN again." if is_operators else None
        say("discord does not say who people are", extra={"why": answer.status, "do": do})
        with suppress(Unavailable):
            self.store.rest(PLATFORM, _pause_of(answer))


def _topic(server: str) -> str:
    """What rests where one server alone is not asked about."""
    return f"{PLATFORM}:{server}"


def _pause_of(answer: HttpAnswer) -> int:
    """In seconds. Discord says `Retry-After` with every 429."""
    told = answer.headers.get("retry-after", "")
    if told.isdigit():
        return min(int(told), TROUBLE_SECONDS)
    return TROUBLE_SECONDS if answer.status == 401 else REST_SECONDS


def forget() -> None:
    """What a process keeps is given back, for tests of several."""
    if reads.cache_info().currsize:
        reads().close()
    if resources.cache_info().currsize:
        resources().close()
    for kept in (api, reads, resources):
        kept.cache_clear()


@cache
def resources() -> Resources:
    return Resources(Environment.of_process())


@cache
def api() -> DiscordApi | None:
    credentials = DiscordCredentials.find(Environment.of_process().values)
    return DiscordApi(credentials, datetime.now(UTC)) if credentials else None


@cache
def reads() -> PlatformReads:
    return PlatformReads()
