"""Asks Discord what people are in a server, for what they write to the bot privately.

What Discord said is kept for everybody on the cache server as it comes, so a caller that gave up
waiting finds it there the next time.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
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
from waddlebot.platforms.fields import number_at
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import get_logger
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.standard_logging import write_json_lines
from waddlebot.stores.known_people import KnownPeople

SERVICE = "ask-discord"
PLATFORM = "discord"
MOST_SECONDS = 3.0
MOST_ASKED = 100
MOST_AT_ONCE = 8
REST_SECONDS = 5
"""After no answer, or one that means nothing."""
TROUBLE_SECONDS = 60
"""After one that only the operator can mend."""
UNKNOWN_MEMBER = 10007

log = logging.getLogger(__name__)

Json = Mapping[str, Any]


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """`{"v": 1, "people": ["server/user"]}`: of these people in these servers.

    It answers `{"people": {"server/user": KnownPerson}}`; who is left out is not known, because
    Discord did not say it in time or at all.
    """
    write_json_lines(get_logger(SERVICE).bind(request_id=context.aws_request_id))
    refuse_newer(payload, VERSION, "who asks about people")
    asking = AskingDiscord(reads=reads(), api=api(), store=KnownPeople(resources().cache))
    people = [str(one) for one in payload.get("people", ())[:MOST_ASKED]]
    return {"people": msgspec.to_builtins(asking.about(people))}


class Silent(Exception):
    """Discord says no more for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingDiscord:
    """One invocation; the first refusal of Discord's ends the questions."""

    reads: PlatformReads
    api: DiscordApi | None
    store: KnownPeople

    def about(self, people: Iterable[str]) -> dict[str, KnownPerson]:
        """By `server/user`, as they were asked for; who is not in it is not known."""
        if self.api is None or self._is_resting():
            return {}
        shares: dict[str, list[str]] = defaultdict(list)
        for one in people:
            server, _, user = one.partition("/")
            shares[server].append(user)
        found: dict[str, KnownPerson] = {}
        with suppress(Silent), ThreadPoolExecutor(MOST_AT_ONCE) as threads:
            servers = dict(zip(shares, threads.map(self._server, shares), strict=True))
            asked = [(servers[one], user) for one, users in shares.items() for user in users]
            for known in threads.map(self._person, asked):
                found |= known
        return found

    def _server(self, server: str) -> Json | None:
        return self._ask(f"/guilds/{server}")

    def _person(self, asked: tuple[Json | None, str]) -> dict[str, KnownPerson]:
        """Who is no member there is nobody there; of a server without the bot nothing is known."""
        server, user = asked
        if server is None:
            return {}
        member = self._ask(f"/guilds/{server['id']}/members/{user}")
        if member is None:
            return {}
        known = read_standing(server, member, user)
        account = account_in(str(server["id"]), Account(PLATFORM, user))
        with suppress(Unavailable):
            self.store.keep_person(account, known)
        return {account.user_id: known}

    def _ask(self, path: str) -> Json | None:
        """Discord's answer, an empty one for who is no member; None where it tells nothing.

        Raises Silent.
        """
        assert self.api  # noqa: S101 - about() asks nobody without it
        call = self.api.call("GET", path, bucket="")
        answer = self.reads.ask(call, seconds=MOST_SECONDS)
        if answer.status == 200 and isinstance(answer.json, dict):
            return answer.json
        if number_at(answer.json, "code") == UNKNOWN_MEMBER:
            return {}
        if answer.status in {403, 404}:
            return None
        self._rest(answer)
        raise Silent

    def _is_resting(self) -> bool:
        with suppress(Unavailable):
            return self.store.rests(PLATFORM)
        return False

    def _rest(self, answer: HttpAnswer) -> None:
        is_operators = answer.status == 401
        say = log.error if is_operators else log.warning
        do = "Set DISCORD_TOKEN again." if is_operators else None
        say("discord does not say who people are", extra={"why": answer.status, "do": do})
        with suppress(Unavailable):
            self.store.rest(PLATFORM, _pause_of(answer))


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
