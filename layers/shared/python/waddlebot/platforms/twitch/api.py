"""Twitch's Helix API as its senders use it: calls, and what an answer means.

Docs: "Twitch API Reference", "Twitch Rate Limits".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from waddlebot.platforms.delivering import Delivered, HttpAnswer, HttpCall, try_again
from waddlebot.platforms.fields import text_at
from waddlebot.platforms.twitch.render import rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class TwitchCredentials:
    """`bot_user_id` is the account that speaks; the token may be the app's."""

    token: str
    client_id: str
    bot_user_id: str
    api_url: str

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
        )


@dataclass(frozen=True, slots=True)
class TwitchApi:
    credentials: TwitchCredentials
    now: datetime

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
