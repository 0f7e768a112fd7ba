"""Twitch's part of connecting: a streamer lets the bot into their channel, and as what."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from functions.identity.connect_pages import Offer
from functions.identity.keeping import Granted
from waddlebot.domain.connections import CHANNEL
from waddlebot.domain.entities import channel_entity
from waddlebot.domain.errors import Rejected
from waddlebot.outside.driving import drive, revoke
from waddlebot.outside.token_calls import TokenCalls
from waddlebot.platforms.renewing import TokensRefused
from waddlebot.platforms.twitch.allowing import NEEDED, AllowedChannel, TwitchApp
from waddlebot.platforms.twitch.connecting import (
    CHANNEL_SCOPES,
    CHANNEL_WORDS,
    MODERATION_SCOPES,
    READING_SCOPES,
    STREAM_SCOPES,
)
from waddlebot.platforms.twitch.renewing import SERVICE, TwitchRenewer

CALL_SECONDS = 6.0
"""Of both calls together."""
REVOKE_SECONDS = 2.0

log = logging.getLogger(__name__)


def find_twitch(variables: Mapping[str, str], calls: TokenCalls) -> TwitchAllowing | None:
    app, renewer = TwitchApp.find(variables), TwitchRenewer.find(variables)
    return TwitchAllowing(app=app, renewer=renewer, calls=calls) if app and renewer else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TwitchAllowing:
    app: TwitchApp
    renewer: TwitchRenewer
    calls: TokenCalls = field(repr=False)

    @property
    def offer(self) -> Offer:
        return Offer(
            needed={scope: CHANNEL_WORDS.get(scope, "") for scope in CHANNEL_SCOPES},
            optional={**MODERATION_SCOPES, **READING_SCOPES, **STREAM_SCOPES},
            leads_to=self.app.auth_url,
            words="WaddleBot may also, in your name and as far as you tick it:",
        )

    def address(self, back: str, *, state: str, verifier: str, chosen: Collection[str]) -> str:
        """There is no verifier in it: see platforms/twitch/allowing.py."""
        del verifier
        return self.app.address(back, state=state, more=chosen)

    def come_back(self, back: str, *, code: str, verifier: str) -> Granted:
        del verifier
        try:
            calls = self.app.allow(back, code)
            allowed = drive(self.calls.ask, calls, seconds=CALL_SECONDS, what="Twitch")
        except TokensRefused as refused:
            log.warning("twitch was not connected", extra={"error": refused.why})
            words = "Twitch did not accept that. Begin here again."
            raise Rejected(400, "NOT_CONNECTED", words) from refused
        if NEEDED not in allowed.scopes:
            self.revoke(allowed)
            words = (
                f"Nothing was connected: without {NEEDED} the bot can be in no channel. Begin here "
                "again, and let Twitch ask you for everything."
            )
            raise Rejected(400, "NOT_CONNECTED", words)
        return Granted(
            account=allowed.user_id,
            kind=CHANNEL,
            name=allowed.login,
            home=channel_entity(SERVICE, allowed.user_id),
            login=allowed.login,
            by=allowed.user_id,
            scopes=allowed.scopes,
            expires_at=_end_of(allowed),
            tokens=allowed.tokens,
            missing=tuple(allowed.missing),
            next_step=_next_step(allowed),
        )

    def revoke(self, allowed: AllowedChannel) -> None:
        revoke(self.calls.ask, self.renewer, allowed.tokens, seconds=REVOKE_SECONDS)


def _end_of(allowed: AllowedChannel) -> datetime | None:
    return datetime.now(UTC) + timedelta(seconds=allowed.seconds) if allowed.seconds else None


def _next_step(allowed: AllowedChannel) -> str:
    """What the streamer did not let it do in their name it does as a moderator."""
    left = [words for scope, words in MODERATION_SCOPES.items() if scope not in allowed.scopes]
    mod = f" So that it can {', '.join(left)}, type /mod and the bot's name." if left else ""
    return f"In a few seconds mention the bot in your chat and write help.{mod}"
