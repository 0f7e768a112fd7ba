"""Twitch's Helix API as its senders use it: calls, and what an answer means.

Docs: "Twitch API Reference", "Twitch Rate Limits".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from waddlebot.platforms.delivering import Delivered, HttpAnswer, HttpCall, try_again
from waddlebot.platforms.fields import text_at
from waddlebot.platforms.twitch.render import rendered

STREAMER_TOKEN, STREAMER, STREAMER_SCOPES = (
    "TWITCH_STREAMER_TOKEN",
    "TWITCH_STREAMER_USER_ID",
    "TWITCH_STREAMER_SCOPES",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamersLeave:
    """What a streamer allowed in their own channel, in their name."""

    user_id: str
    token: str = field(repr=False)
    scopes: frozenset[str]

    @classmethod
    def find(cls, variables: Mapping[str, str]) -> StreamersLeave | None:
        """As `variables` of this one has it."""
        if not variables.get(STREAMER_TOKEN):
            return None
        scopes = frozenset(variables[STREAMER_SCOPES].split())
        return cls(user_id=variables[STREAMER], token=variables[STREAMER_TOKEN], scopes=scopes)

    @property
    def variables(self) -> Mapping[str, str]:
        scopes = " ".join(sorted(self.scopes))
        return {STREAMER_TOKEN: self.token, STREAMER: self.user_id, STREAMER_SCOPES: scopes}


@dataclass(frozen=True, slots=True, kw_only=True)
class TwitchCredentials:
    """`bot_user_id` is the account that speaks; the token may be the app's. `streamer` is what the
    one of the channel allowed besides."""

    token: str = field(repr=False)
    client_id: str
    bot_user_id: str
    api_url: str
    streamer: StreamersLeave | None = None

    @classmethod
    def find(cls, variables: Mapping[str, str]) -> TwitchCredentials | None:
        """From TWITCH_APP_TOKEN, TWITCH_CLIENT_ID, TWITCH_BOT_USER_ID, TWITCH_API_URL.

        None without a token.
        """
        if not variables.get("TWITCH_APP_TOKEN"):
            return None
        return cls(
            token=variables["TWITCH_APP_TOKEN"],
            client_id=variables.get("TWITCH_CLIENT_ID", ""),
            bot_user_id=variables.get("TWITCH_BOT_USER_ID", ""),
            api_url=variables.get("TWITCH_API_URL") or "https://api.twitch.tv/helix",
            streamer=StreamersLeave.find(variables),
        )


@dataclass(frozen=True, slots=True)
class TwitchApi:
    credentials: TwitchCredentials
    now: datetime

    def in_the_name_of(self, channel: str, scope: str) -> TwitchApi:
        """As the streamer, as far as they allowed it; else as the bot, who may moderate there."""
        leave = self.credentials.streamer
        if leave is None or leave.user_id != channel or scope not in leave.scopes:
            return self
        credentials = replace(self.credentials, token=leave.token, bot_user_id=leave.user_id)
        return replace(self, credentials=credentials)

    def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        json: Mapping[str, Any] | None = None,
        *,
        bucket: str,
    ) -> HttpCall:
        """`json` is the body, None: without one."""
        asked = f"?{urlencode(query)}" if query else ""
        return HttpCall(
            method=method,
            url=f"{self.credentials.api_url.rstrip('/')}{path}{asked}",
            headers={
                "authorization": f"Bearer {self.credentials.token}",
                "client-id": self.credentials.client_id,
            },
            json=json,
            bucket=f"twitch:{bucket}",
        )

    def whisper(self, user: str, text: str) -> HttpCall:
        query = {"from_user_id": self.credentials.bot_user_id, "to_user_id": user}
        return self.call("POST", "/whispers", query, {"message": rendered(text)}, bucket="whispers")

    def judge(self, answer: HttpAnswer) -> Delivered | None:
        return try_again("Twitch", answer, now=self.now)


def words_of(answer: HttpAnswer) -> str:
    return f"{text_at(answer.json, 'message') or 'no reason given'} ({answer.status})."
