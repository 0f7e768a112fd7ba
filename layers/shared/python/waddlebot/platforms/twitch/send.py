"""What leaves for Twitch, as calls of the Helix API.

Docs: "Send Chat Message", "Send Whisper".
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from waddlebot.domain.entities import parse_entity
from waddlebot.domain.events import Channel
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.platforms.delivering import (
    SENT,
    Delivered,
    Delivery,
    HttpAnswer,
    closed,
    refused,
    said_otherwise,
)
from waddlebot.platforms.fields import dig, objects_at, text_at
from waddlebot.platforms.twitch import WHISPERS
from waddlebot.platforms.twitch.actions import act
from waddlebot.platforms.twitch.api import TwitchApi, TwitchCredentials, words_of
from waddlebot.platforms.twitch.render import called
from waddlebot.platforms.wording import FOR_NOBODY, named

_NO_WHISPER = (
    "that is for you alone, and Twitch does not let me whisper to you. Allow whispers from "
    "strangers in your settings and ask again, or ask me on Discord or Slack."
)


def deliver(
    outgoing: Outgoing, credentials: TwitchCredentials, *, now: datetime | None = None
) -> Delivery:
    """See `delivering`. Twitch drops an equal text within 30 s, else a repeat is said twice."""
    api = TwitchApi(credentials, now or datetime.now(UTC))
    if isinstance(outgoing, PlatformAction):
        return (yield from act(outgoing, api))
    if outgoing.secret and not outgoing.user:
        return refused(FOR_NOBODY)
    place = parse_entity(outgoing.entity).channel
    if place.startswith(WHISPERS):
        return (yield from _answer_whisper(outgoing, place.removeprefix(WHISPERS), api))
    if outgoing.private and outgoing.user:
        return (yield from _whisper_or_chat(outgoing, outgoing.user, api))
    return (yield from _to_chat(outgoing, outgoing.text, api))


def _to_chat(reply: Reply, text: str, api: TwitchApi) -> Delivery:
    """Where nothing can be said any more, alone to whoever waits for it."""
    said = yield from _in_chat(reply, text, api)
    if said.is_unsaid and reply.is_awaited:
        answer = yield api.whisper(str(reply.user), reply.text)
        return said_otherwise(_whispered(answer, api), said)
    return said


def _in_chat(reply: Reply, text: str, api: TwitchApi) -> Delivery:
    channel = parse_entity(reply.entity).channel
    body: dict[str, Any] = {
        "broadcaster_id": channel,
        "sender_id": api.credentials.bot_user_id,
        "message": called(reply, text),
        # In a shared chat the answer belongs to the channel that asked.
        "for_source_only": True,
    }
    if isinstance(reply.way_back, Channel) and reply.way_back.message:
        body["reply_parent_message_id"] = reply.way_back.message
    answer = yield api.call("POST", "/chat/messages", {}, body, bucket=channel)
    # What was refused was not said: then it is said without what Twitch does not take.
    while (part := _part_refused(answer)) in body:
        body = {name: value for name, value in body.items() if name != part}
        answer = yield api.call("POST", "/chat/messages", {}, body, bucket=channel)
    return api.judge(answer) or _said(answer)


def _part_refused(answer: HttpAnswer) -> str:
    """`for_source_only` only an app's token may say; a line that is gone cannot be replied to."""
    words = words_of(answer) if answer.status == 400 else ""
    if "for_source_only" in words:
        return "for_source_only"
    is_reply = "replied to" in words or "reply_parent" in words
    return "reply_parent_message_id" if is_reply else ""


def _whisper_or_chat(reply: Reply, user: str, api: TwitchApi) -> Delivery:
    """Whispers need a verified phone and a person who takes them: often they are refused."""
    answer = yield api.whisper(user, reply.text)
    if answer.status in {400, 401, 403, 404}:
        said = (reply.otherwise or _NO_WHISPER) if reply.secret else reply.text
        return (yield from _in_chat(reply, named(reply, said), api))
    return _whispered(answer, api)


def _answer_whisper(reply: Reply, user: str, api: TwitchApi) -> Delivery:
    answer = yield api.whisper(user, reply.text)
    return _whispered(answer, api)


def _whispered(answer: HttpAnswer, api: TwitchApi) -> Delivered:
    if answer.status < 300:
        return SENT
    return api.judge(answer) or refused(f"Twitch refused a whisper: {words_of(answer)}")


def _said(answer: HttpAnswer) -> Delivered:
    """A 200 may still say that nothing was sent."""
    if answer.status == 401:
        return refused("Twitch does not accept the bot's sign-in: connect Twitch again.")
    if answer.status == 403:
        return closed("WaddleBot may not write in this channel: it is banned or not invited.")
    if answer.status >= 300:
        return refused(f"Twitch refused a message: {words_of(answer)}")
    for sent in objects_at(answer.json, "data"):
        if dig(sent, "is_sent") is False:
            why = text_at(sent, "drop_reason", "message") or "no reason given"
            return refused(f"Twitch did not show a message: {why}")
    return SENT


find_credentials = TwitchCredentials.find

__all__ = ["TwitchCredentials", "deliver", "find_credentials"]
