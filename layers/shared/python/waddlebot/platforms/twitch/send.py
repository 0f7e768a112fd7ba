"""What leaves for Twitch, as calls of the Helix API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from waddlebot.domain.entities import parse_entity
from waddlebot.domain.events import Channel
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms.delivering import (
    SENT,
    Delivered,
    Delivery,
    HttpAnswer,
    HttpCall,
    refused,
    try_again,
)
from waddlebot.platforms.fields import dig, objects_at, text_at
from waddlebot.platforms.twitch import WHISPERS
from waddlebot.platforms.twitch.render import rendered
from waddlebot.platforms.wording import named


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """`bot_user_id` is the account that speaks; the token may be the app's."""

    token: str
    client_id: str
    bot_user_id: str
    api_url: str

    @classmethod
    def find(cls, variables: Mapping[str, str]) -> Credentials | None:
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


def deliver(
    outgoing: Outgoing, credentials: Credentials, *, now: datetime | None = None
) -> Delivery:
    """See `delivering`. Twitch drops an equal text within 30 s, else a repeat is said twice."""
    api = _Api(credentials, now or datetime.now(UTC))
    if isinstance(outgoing, PlatformAction):
        if outgoing.kind is ActionKind.TIMEOUT:
            return (yield from _time_out(outgoing, api))
        return (yield from _delete(outgoing, api))
    place = parse_entity(outgoing.entity).channel
    if place.startswith(WHISPERS):
        return (yield from _answer_whisper(outgoing, place.removeprefix(WHISPERS), api))
    if outgoing.private and outgoing.user:
        return (yield from _whisper_or_chat(outgoing, outgoing.user, api))
    return (yield from _to_chat(outgoing, outgoing.text, api))


@dataclass(frozen=True, slots=True)
class _Api:
    credentials: Credentials
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


def _to_chat(reply: Reply, text: str, api: _Api) -> Delivery:
    channel = parse_entity(reply.entity).channel
    body = {
        "broadcaster_id": channel,
        "sender_id": api.credentials.bot_user_id,
        "message": rendered(text),
    }
    if isinstance(reply.way_back, Channel) and reply.way_back.message:
        body["reply_parent_message_id"] = reply.way_back.message
    answer = yield api.call("POST", "/chat/messages", {}, body, bucket=channel)
    return api.judge(answer) or _said(answer)


def _whisper_or_chat(reply: Reply, user: str, api: _Api) -> Delivery:
    """Whispers need a verified phone and a person who takes them: often they are refused."""
    answer = yield api.whisper(user, reply.text)
    if answer.status in {400, 401, 403, 404}:
        return (yield from _to_chat(reply, named(reply, reply.text), api))
    return _whispered(answer, api)


def _answer_whisper(reply: Reply, user: str, api: _Api) -> Delivery:
    answer = yield api.whisper(user, reply.text)
    return _whispered(answer, api)


def _whispered(answer: HttpAnswer, api: _Api) -> Delivered:
    if answer.status < 300:
        return SENT
    return api.judge(answer) or refused(f"Twitch refused a whisper: {_words(answer)}")


def _time_out(action: PlatformAction, api: _Api) -> Delivery:
    """Said twice it begins anew."""
    query = {
        "broadcaster_id": parse_entity(action.entity).channel,
        "moderator_id": api.credentials.bot_user_id,
    }
    ban = {"user_id": action.user, "duration": action.seconds, "reason": action.reason[:500]}
    answer = yield api.call("POST", "/moderation/bans", query, {"data": ban}, bucket="moderation")
    if answer.status < 300:
        return SENT
    if answer.status in {401, 403}:
        return refused(
            "WaddleBot cannot time people out in this channel: type /mod and the bot's name, "
            "and grant it moderator:manage:banned_users."
        )
    return api.judge(answer) or refused(f"Twitch refused a time-out: {_words(answer)}")


def _delete(action: PlatformAction, api: _Api) -> Delivery:
    channel = parse_entity(action.entity).channel
    query = {
        "broadcaster_id": channel,
        "moderator_id": api.credentials.bot_user_id,
        "message_id": action.message,
    }
    answer = yield api.call("DELETE", "/moderation/chat", query, bucket="moderation")
    if answer.status < 300 or answer.status == 404:
        return SENT  # 404: gone already, or older than six hours, which Twitch says alike.
    if answer.status in {401, 403}:
        return refused(
            "WaddleBot cannot delete messages in this channel: type /mod and the bot's name, "
            "and grant it moderator:manage:chat_messages."
        )
    return api.judge(answer) or refused(f"Twitch refused to delete: {_words(answer)}")


def _said(answer: HttpAnswer) -> Delivered:
    """A 200 may still say that nothing was sent."""
    if answer.status == 401:
        return refused("Twitch does not accept the bot's sign-in: connect Twitch again.")
    if answer.status == 403:
        return refused("WaddleBot may not write in this channel: it is banned or not invited.")
    if answer.status >= 300:
        return refused(f"Twitch refused a message: {_words(answer)}")
    for sent in objects_at(answer.json, "data"):
        if dig(sent, "is_sent") is False:
            why = text_at(sent, "drop_reason", "message") or "no reason given"
            return refused(f"Twitch did not show a message: {why}")
    return SENT


def _words(answer: HttpAnswer) -> str:
    return f"{text_at(answer.json, 'message') or 'no reason given'} ({answer.status})."
