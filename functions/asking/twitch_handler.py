"""Asks Twitch what runs on a channel: title, game, since when, how many watch and follow; and as
its streamer, where they allow it, who follows since when and how many subscribe."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from functions.asking.twitch_clips import clips_in, clips_of
from waddlebot.domain import twitch_silences as silences
from waddlebot.domain.connections import APP, CHANNEL
from waddlebot.domain.custom_facts import (
    ClipFacts,
    Fact,
    FollowingFacts,
    StreamFacts,
    SubscriberFacts,
)
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.releases import refuse_newer
from waddlebot.outside.kept_answers import KeptAnswer, KeptAnswers
from waddlebot.outside.platform_reads import PlatformReads
from waddlebot.outside.renewing import AccessTokens, NotConnected
from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.platforms.fields import id_at, number_at, objects_at, text_at
from waddlebot.platforms.twitch.api import TwitchApi, TwitchCredentials
from waddlebot.platforms.twitch.connecting import FOLLOWERS, SUBSCRIBERS
from waddlebot.platforms.twitch.renewing import SERVICE as TWITCH
from waddlebot.platforms.twitch.renewing import TwitchRenewer, is_ended
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import SEAL_KEY, VARIABLES, Need
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.renewals import Renewals

SERVICE = "ask-twitch"
VERSION = 1
APP_TOKEN = "TWITCH_APP_TOKEN"  # noqa: S105 - a variable's name
MOST_SECONDS = 2.5
"""For all questions of one invocation together."""
KEPT_SECONDS = 45.0
"""So old may be what many lines ask for."""
MOST_TEXT = 200
MOST_LOGIN = 25
MOST_EMOTES = 400
_OF_CHANNEL = frozenset({Fact.STREAM, Fact.FOLLOWERS})

T = TypeVar("T")

log = logging.getLogger(__name__)


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """`{"v": 1, "channel": "1001", "user": "42", "wanted": ["stream", …]}`, of a channel by its id,
    or with a `login` in place of it; `person` is a login in place of `user`.

    It answers `{"stream": StreamFacts}`, or `{"why": "…"}`: in half a sentence why that is not
    known; with `"is_none": true` where no channel is called so.
    """
    room_log(SERVICE, context)
    refuse_newer(payload, VERSION, "who asks about a channel")
    asking = AskingTwitch(
        reads=reads(),
        tokens=tokens(),
        streamers=streamers(),
        variables=Environment.of_process().values,
        kept=KeptAnswers(resources().cache),
    )
    try:
        channel = asking.id_of(payload.get("login"), payload.get("channel"))
        user = asking.id_of(payload.get("person"), payload.get("user"))
        if not channel:
            return {"why": silences.NO_SUCH, "is_none": True}
        if payload.get("person") and not user:
            return {"why": silences.NO_SUCH}
        stream = asking.about(channel, user=user, wanted=payload.get("wanted") or ())
    except NotConnected:
        return {"why": silences.NOT_CONNECTED}
    except Unavailable as away:
        log.warning("twitch does not say what runs", extra={"error": str(away)})
        return {"why": silences.LATER}
    return {"stream": msgspec.to_builtins(stream)}


class NotAllowed(NotConnected):
    """Whoever streams there has not allowed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingTwitch:
    """One invocation. `tokens` is None where nothing is renewed: then what is set counts alone, and
    `streamers` where nobody can connect a channel.
    """

    reads: PlatformReads
    tokens: AccessTokens | None
    streamers: AccessTokens | None
    variables: Mapping[str, str]
    kept: KeptAnswers
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)

    def about(self, channel: str, *, user: str, wanted: Collection[str]) -> StreamFacts:
        """What is for some alone to know is absent, with a `why`.

        Raises NotConnected, NotAllowed, Unavailable.
        """
        told = StreamFacts()
        if _OF_CHANNEL.intersection(wanted):
            told = self._kept(channel, StreamFacts, lambda: self._asked(channel))
        if Fact.EMOTES in wanted:
            emotes = self._kept(f"{channel} emotes", str, lambda: self._emotes(channel))
            told = replace(told, emotes=emotes)
        if Fact.CLIPS in wanted:
            told = self._with_clips(told, channel)
        if Fact.FOLLOWAGE in wanted and user:
            told = self._with_following(told, channel, user)
        if Fact.SUBSCRIBERS in wanted:
            told = self._with_subscribers(told, channel)
        return told

    def id_of(self, login: object, given: object) -> str:
        """That of the login, where one is named: nothing where nobody is called so; else what is
        given. Raises NotConnected, Unavailable.
        """
        if not login:
            return str(given or "")[:30]
        login = str(login)[:MOST_LOGIN].lower()
        return self._kept(f"login {login}", str, lambda: self._called_so(login))

    def _called_so(self, login: str) -> str:
        return id_at(self._first("/users", {"login": login}, "login", login), "id")

    def _kept(self, name: str, kind: type[T], ask: Callable[[], T]) -> T:
        found = self.kept.find(SERVICE, name)
        if found and found.age_seconds <= KEPT_SECONDS:
            with suppress(msgspec.DecodeError):
                return msgspec.json.decode(found.body, type=kind)
        told = ask()
        kept = KeptAnswer(status=200, headers={}, body=msgspec.json.encode(told), at=time.time())
        self.kept.keep(SERVICE, name, kept, KEPT_SECONDS)
        return told

    def _with_clips(self, told: StreamFacts, channel: str) -> StreamFacts:
        """All else is known all the same where Twitch does not say it."""
        try:
            clips = self._kept(f"{channel} clips", list[ClipFacts], lambda: self._clips(channel))
        except Unavailable as away:
            return _without(told, Fact.CLIPS, silences.LATER, away)
        return replace(told, clips=clips)

    def _clips(self, channel: str) -> list[ClipFacts]:
        return clips_in(self._ask("/clips", clips_of(channel, now=datetime.now(UTC))).json)

    def _with_following(self, told: StreamFacts, channel: str, user: str) -> StreamFacts:
        try:
            following = self._kept(
                f"{channel} {user}", FollowingFacts, lambda: self._following(channel, user)
            )
        except Unavailable as away:
            return _without(told, Fact.FOLLOWAGE, silences.NO_FOLLOWERS, away)
        return replace(told, following=following)

    def _with_subscribers(self, told: StreamFacts, channel: str) -> StreamFacts:
        try:
            subscribers = self._kept(
                f"{channel} subscribers", SubscriberFacts, lambda: self._subscribers(channel)
            )
        except Unavailable as away:
            return _without(told, Fact.SUBSCRIBERS, silences.NO_SUBSCRIBERS, away)
        return replace(told, subscribers=subscribers)

    def _following(self, channel: str, user: str) -> FollowingFacts:
        asked = {"broadcaster_id": channel, "user_id": user}
        told = self._as_streamer(channel, FOLLOWERS, "/channels/followers", asked).json
        since = (text_at(one, "followed_at") for one in objects_at(told, "data"))
        return FollowingFacts(since=_moment(next(since, "")))

    def _subscribers(self, channel: str) -> SubscriberFacts:
        asked = {"broadcaster_id": channel, "first": "1"}
        told = self._as_streamer(channel, SUBSCRIBERS, "/subscriptions", asked).json
        total, points = number_at(told, "total"), number_at(told, "points")
        return SubscriberFacts(total=total or 0, points=points or 0)

    def _emotes(self, channel: str) -> str:
        told = self._ask("/chat/emotes", {"broadcaster_id": channel}).json
        names = (text_at(one, "name") for one in objects_at(told, "data"))
        return " ".join(filter(None, names))[:MOST_EMOTES]

    def _as_streamer(
        self, channel: str, scope: str, path: str, query: Mapping[str, str]
    ) -> HttpAnswer:
        """With the token of who streams there. Raises Unavailable, NotAllowed."""
        if self.streamers is None:
            raise NotAllowed("Twitch")
        found = self.streamers.connections.find(TWITCH, channel, kind=CHANNEL)
        if found is None or scope not in found.scopes:
            raise NotAllowed("Twitch")
        token = self.streamers.access(TWITCH, channel, kind=CHANNEL)
        answer = self._called(self._call(token, path, query))
        if is_ended(answer.status, answer.json):
            self.streamers.refused(TWITCH, channel, token, kind=CHANNEL)
            token = self.streamers.access(TWITCH, channel, kind=CHANNEL)
            answer = self._called(self._call(token, path, query))
        if answer.status != 200:
            raise Unavailable("Twitch", f"answers {path} with {answer.status}")
        return answer

    def _asked(self, channel: str) -> StreamFacts:
        about = self._first("/channels", {"broadcaster_id": channel}, "broadcaster_id", channel)
        if not about:
            raise Unavailable("Twitch", f"knows no channel {channel}")
        live = self._first("/streams", {"user_id": channel}, "user_id", channel)
        return StreamFacts(
            id=channel,
            name=text_at(about, "broadcaster_name")[:MOST_TEXT],
            login=text_at(about, "broadcaster_login")[:MOST_TEXT],
            title=text_at(about, "title")[:MOST_TEXT],
            game=text_at(about, "game_name")[:MOST_TEXT],
            started_at=_moment(text_at(live, "started_at")) if live else None,
            viewers=number_at(live, "viewer_count") or 0 if live else 0,
            followers=self._followers(channel),
        )

    def _followers(self, channel: str) -> int | None:
        """None where Twitch does not say it: all else is known all the same."""
        try:
            told = self._ask("/channels/followers", {"broadcaster_id": channel, "first": "1"})
        except Unavailable:
            return None
        return number_at(told.json, "total")

    def _first(self, path: str, query: Mapping[str, str], named: str, channel: str) -> object:
        """What is of this channel; nothing where there is none."""
        told = objects_at(self._ask(path, query).json, "data")
        return next((one for one in told if text_at(one, named) == channel), {})

    def _ask(self, path: str, query: Mapping[str, str]) -> HttpAnswer:
        """A 200. Raises NotConnected, Unavailable."""
        token, is_set = self._token()
        answer = self._called(self._call(token, path, query))
        if is_ended(answer.status, answer.json) and self.tokens:
            if not is_set:
                self.tokens.refused(TWITCH, APP, token)
            answer = self._called(self._call(self.tokens.access(TWITCH, APP), path, query))
        if answer.status != 200:
            raise Unavailable("Twitch", f"answers {path} with {answer.status}")
        return answer

    def _token(self) -> tuple[str, bool]:
        """The application's, and whether it is the one that is set. Raises NotConnected."""
        if given := self.variables.get(APP_TOKEN):
            return given, True
        if self.tokens is None:
            raise NotConnected("Twitch")
        return self.tokens.access(TWITCH, APP), False

    def _call(self, token: str, path: str, query: Mapping[str, str]) -> HttpCall:
        credentials = TwitchCredentials.find({**self.variables, APP_TOKEN: token})
        assert credentials  # noqa: S101 - there is a token
        return TwitchApi(credentials, datetime.now(UTC)).call("GET", path, query, bucket="")

    def _called(self, call: HttpCall) -> HttpAnswer:
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise Unavailable("Twitch", "was not asked in time")
        return self.reads.ask(call, seconds=seconds)


def _without(told: StreamFacts, fact: Fact, unless: str, away: Unavailable) -> StreamFacts:
    """`unless` is said where nobody has allowed it."""
    log.info("twitch does not say all", extra={"fact": fact, "error": str(away)})
    return replace(
        told, why={**told.why, fact: unless if isinstance(away, NotConnected) else silences.LATER}
    )


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def forget() -> None:
    """What a process keeps is given back, for tests of several."""
    if reads.cache_info().currsize:
        reads().close()
    if resources.cache_info().currsize:
        resources().close()
    for kept in (tokens, streamers, reads, resources):
        kept.cache_clear()


@cache
def resources() -> Resources:
    return Resources(Environment.of_process())


@cache
def tokens() -> AccessTokens | None:
    """The application's own."""
    return _renewed_by(TwitchRenewer.find(Environment.of_process().values))


@cache
def streamers() -> AccessTokens | None:
    return _renewed_by(TwitchRenewer.find(Environment.of_process().values, is_person=True))


def _renewed_by(renewer: TwitchRenewer | None) -> AccessTokens | None:
    environment = Environment.of_process()
    if not (renewer and environment.find(SEAL_KEY) and environment.find(VARIABLES[Need.WRITER])):
        return None
    return AccessTokens(
        connections=resources().connections,
        renewals=Renewals(resources().postgres, resources().seal),
        renewers={TWITCH: renewer},
        ask=ask_for_tokens,
        tell=lambda lost: log.error("connection lost", extra={"of": lost.account}),
    )


def ask_for_tokens(call: HttpCall, seconds: float) -> HttpAnswer:
    from waddlebot.outside.token_calls import TokenCalls  # seldom, and its client costs a start

    calls = TokenCalls()
    try:
        return calls.ask(call, seconds)
    finally:
        calls.close()


@cache
def reads() -> PlatformReads:
    return PlatformReads()
