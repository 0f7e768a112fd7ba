"""Discord's REST API v10 as its senders use it: calls, and what an answer means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waddlebot.domain.entities import Entity
from waddlebot.platforms.delivering import (
    SENT,
    Delivered,
    HttpAnswer,
    HttpCall,
    closed,
    refused,
    try_again,
)
from waddlebot.platforms.fields import number_at, text_at

_USER_AGENT = "DiscordBot (https://github.com/waddlebot, 1.0)"
_MISSING_ACCESS, _MISSING_PERMISSIONS = 50001, 50013
_UNKNOWN_CHANNEL, _ARCHIVED, _LOCKED = 10003, 50083, 160005
_GONE = {
    _UNKNOWN_CHANNEL: "it was deleted",
    _ARCHIVED: "the thread is archived",
    _LOCKED: "the thread is locked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordCredentials:
    token: str
    application_id: str
    api_url: str

    @classmethod
    def find(cls, variables: Mapping[str, str]) -> DiscordCredentials | None:
        """From DISCORD_TOKEN, DISCORD_APPLICATION_ID, DISCORD_API_URL; None without a token."""
        if not variables.get("DISCORD_TOKEN"):
            return None
        return cls(
            token=variables["DISCORD_TOKEN"],
            application_id=variables.get("DISCORD_APPLICATION_ID", ""),
            api_url=variables.get("DISCORD_API_URL") or "https://discord.com/api/v10",
        )


@dataclass(frozen=True, slots=True)
class DiscordApi:
    credentials: DiscordCredentials
    now: datetime

    def call(
        self,
        method: str,
        path: str,
        json: Mapping[str, Any] | None = None,
        *,
        bucket: str,
        kept_seconds: float = 0.0,
    ) -> HttpCall:
        """`json` is the body, None: without one."""
        return HttpCall(
            method=method,
            url=self.credentials.api_url.rstrip("/") + path,
            headers={
                "authorization": f"Bot {self.credentials.token}",
                "user-agent": _USER_AGENT,
            },
            json=json,
            bucket=f"discord:{bucket}",
            kept_seconds=kept_seconds,
        )

    def post_message(self, channel: str, json: Mapping[str, Any]) -> HttpCall:
        """`json` is a message as "Create Message" takes it."""
        return self.call("POST", f"/channels/{channel}/messages", json, bucket=channel)

    def judge(self, answer: HttpAnswer) -> Delivered | None:
        return try_again("Discord", answer, now=self.now)


def settled(answer: HttpAnswer, deed: str, entity: Entity, *, needs: str) -> Delivered:
    """Discord shows `<#id>` as the channel's name."""
    if answer.status < 300:
        return SENT
    code = number_at(answer.json, "code")
    if code in {_MISSING_PERMISSIONS, _MISSING_ACCESS} or answer.status == 403:
        where = f"<#{entity.channel}>"
        permission = "View Channel" if code == _MISSING_ACCESS else needs
        return closed(f"WaddleBot cannot {deed} in {where}: give it {permission}.")
    if code in _GONE:
        return closed(f"WaddleBot cannot {deed} in <#{entity.channel}>: {_GONE[code]}.")
    if answer.status == 401:
        return refused("Discord does not accept the bot's token: set DISCORD_TOKEN again.")
    return refused(f"Discord refused to {deed}: {words_of(answer)}")


def words_of(answer: HttpAnswer) -> str:
    return f"{text_at(answer.json, 'message') or 'no reason given'} ({answer.status})."
