"""The tokens that the gateway speaks to Twitch with: those that are set as long as Twitch takes
them, then those that are kept and renewed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp

from gateway_bot.token_calls import access_of
from waddlebot.domain.connections import APP, HOUSE, Connection
from waddlebot.domain.entities import parse_entity
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.outcomes import Outgoing
from waddlebot.outside.renewing import AccessTokens, ConnectionLost, NotConnected
from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.platforms.twitch.api import StreamersLeave
from waddlebot.platforms.twitch.renewing import SERVICE, TwitchRenewer, is_ended
from waddlebot.runtime.environment import Environment
from waddlebot.stores.postgres import Postgres

APP_TOKEN, USER_TOKEN = "TWITCH_APP_TOKEN", "TWITCH_USER_TOKEN"
REFRESH_TOKEN = "TWITCH_USER_REFRESH_TOKEN"  # noqa: S105 - a variable's name
PATIENCE_SECONDS = 5.0
_LOOK_SECONDS = 0.3


@dataclass(slots=True, kw_only=True)
class TwitchToken:
    """Safe to share between threads; its methods wait. `given` is what is set, until it ends.

    `access` is None where nothing can be renewed. Both methods raise NotConnected, ConnectionLost
    and Unavailable. One that was lost is tried once more by each process that begins: somebody may
    have set another refresh token.
    """

    account: str
    given: str = field(repr=False)
    access: AccessTokens | None
    is_first: bool = True
    _ended: str = field(default="", repr=False)
    """What was `given`: calls beside each other meet its end together."""

    def current(self) -> str:
        if self.given:
            return self.given
        access = self._access()
        ours = Connection(service=SERVICE, account=self.account, owner=HOUSE, name="Twitch")
        is_first, self.is_first = self.is_first, False
        try:
            return access.access(SERVICE, self.account)
        except ConnectionLost:
            if not is_first:
                raise
            access.connections.expect_anew(ours)
        except NotConnected:
            access.connections.expect(ours)
        return access.access(SERVICE, self.account)

    def refused(self, token: str) -> None:
        """Returns when there is another one, whoever of all processes has got it."""
        access = self._access()
        if token in (self.given, self._ended):
            self._ended, self.given = token, ""
            return
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            access.refused(SERVICE, self.account, token)
            if access.access(SERVICE, self.account) != token:
                return
            if time.monotonic() > ends:
                raise Unavailable("Twitch", "renews no tokens for now")
            time.sleep(_LOOK_SECONDS)

    def _access(self) -> AccessTokens:
        if self.access is None:
            raise NotConnected("Twitch")
        return self.access


@dataclass(frozen=True, slots=True, kw_only=True)
class TwitchTokens:
    """The application's own token, that of the bot's account, and those of streamers, None where
    nothing can be connected."""

    app: TwitchToken
    user: TwitchToken
    channels: AccessTokens | None


def twitch_tokens(
    environment: Environment, postgres: Postgres, session: aiohttp.ClientSession
) -> TwitchTokens:
    """Without a secret or a seal key nothing is renewed, and what is set counts alone."""
    variables = environment.values
    bot, refresh = variables.get("TWITCH_BOT_USER_ID", ""), variables.get(REFRESH_TOKEN, "")
    app = TwitchRenewer.find(variables)
    user = TwitchRenewer.find(variables, first_refresh=refresh) if bot and refresh else None

    def renewed_by(renewer: TwitchRenewer | None) -> AccessTokens | None:
        if renewer is None:
            return None
        return access_of(environment, postgres, session, {SERVICE: renewer})

    return TwitchTokens(
        app=TwitchToken(account=APP, given=variables.get(APP_TOKEN, ""), access=renewed_by(app)),
        user=TwitchToken(account=bot, given=variables.get(USER_TOKEN, ""), access=renewed_by(user)),
        channels=renewed_by(TwitchRenewer.find(variables, is_person=True)),
    )


class Streamers(Protocol):
    """Those who connected their channels. `refused` raises NotConnected and Unavailable."""

    def has_left(self, channel: str) -> bool: ...
    def leave_of(self, channel: str) -> StreamersLeave | None: ...
    def refused(self, channel: str, token: str) -> None: ...


@dataclass(frozen=True, slots=True)
class SpokenAtTwitch:
    token: str = field(repr=False)
    leave: StreamersLeave | None = None

    @property
    def variables(self) -> Mapping[str, str]:
        return {APP_TOKEN: self.token, **(self.leave.variables if self.leave else {})}


@dataclass(frozen=True, slots=True)
class TwitchSpeaking:
    """Everywhere with the application's token, but where the bot was sent away; beside it what the
    streamer allowed in their own name. See post.py."""

    token: TwitchToken
    streamers: Streamers | None

    def of(self, outgoing: Outgoing) -> SpokenAtTwitch:
        channel = parse_entity(outgoing.entity).channel
        if self.streamers and self.streamers.has_left(channel):
            raise NotConnected("Twitch")
        leave = self.streamers.leave_of(channel) if self.streamers else None
        return SpokenAtTwitch(self.token.current(), leave)

    def is_refused(self, answer: HttpAnswer) -> bool:
        return is_ended(answer.status, answer.json)

    def refused(self, spoken: SpokenAtTwitch, call: HttpCall) -> None:
        leave = spoken.leave
        if leave and self.streamers and call.headers["authorization"].endswith(leave.token):
            self.streamers.refused(leave.user_id, leave.token)
        else:
            self.token.refused(spoken.token)


def speaking_of_twitch(
    tokens: TwitchTokens, streamers: Streamers | None = None
) -> Mapping[str, TwitchSpeaking]:
    """Nothing where nothing is renewed: then what is set is said as it is."""
    return {SERVICE: TwitchSpeaking(tokens.app, streamers)} if tokens.app.access else {}
