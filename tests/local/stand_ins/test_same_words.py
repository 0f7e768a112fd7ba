"""What the stand-ins send is what the house reads: signatures, ids, places, kinds of events."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.helpers.stand_ins import KEYS, Front, Hook, a_channel, a_slack_channel
from waddlebot.domain.errors import Rejected
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms.delivering import Delivered, HttpAnswer, State
from waddlebot.platforms.discord import events as discord
from waddlebot.platforms.discord import send as discord_send
from waddlebot.platforms.discord import signature as discord_signature
from waddlebot.platforms.slack import events as slack
from waddlebot.platforms.slack import send as slack_send
from waddlebot.platforms.slack import signature as slack_signature
from waddlebot.platforms.twitch import events as twitch
from waddlebot.platforms.twitch import send as twitch_send
from waddlebot.platforms.twitch import signature as twitch_signature
from waddlebot_sdk.roles import Role

READERS = {
    "discord": (discord_signature.verify, KEYS["DISCORD_PUBLIC_KEY"], discord.read_webhook),
    "slack": (slack_signature.verify, KEYS["SLACK_SIGNING_SECRET"], slack.read_webhook),
    "twitch": (twitch_signature.verify, KEYS["TWITCH_EVENTSUB_SECRET"], twitch.read_webhook),
}


def read(hook: Hook) -> Event:
    verify, secret, reader = READERS[hook.platform]
    now = datetime.now(UTC)
    verify(hook.headers, hook.body, secret=secret, now=now)
    until = now + timedelta(seconds=2)
    received = reader(hook.headers, hook.body, now=now, asked_until=until)
    assert received.event, received
    return received.event


@pytest.mark.parametrize(
    ("on", "text", "kind", "read_text"),
    [
        ("discord", "/waddlebot quote 3", MessageType.SLASH_COMMAND, "quote 3"),
        ("slack", "/waddlebot quote 3", MessageType.SLASH_COMMAND, "quote 3"),
        ("slack", "!quote a & b", MessageType.CHAT_MESSAGE, "!quote a & b"),
        ("slack", "#general x", MessageType.CHAT_MESSAGE, "#general x"),
        ("twitch", "!quote 3", MessageType.CHAT_MESSAGE, "!quote 3"),
    ],
)
def test_a_line_is_read_as_it_was_meant(
    front: Front, on: str, text: str, kind: MessageType, read_text: str
) -> None:
    channel = a_slack_channel() if on == "slack" else a_channel()
    said = front.says("max", on, text, channel=channel)
    event = read(front.bot.hooks[0])
    assert (event.id, event.entity) == (said["event_id"], said["entity_id"])
    assert (event.type, event.text) == (kind, read_text)
    if on != "slack":  # Slack does not say who moderates
        assert event.user
        assert event.user.role is Role.MODERATOR


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        ("twitch", "raid"),
        ("twitch", "follow"),
        ("twitch", "subscription"),
        ("twitch", "resub"),
        ("twitch", "gift_subscription"),
        ("twitch", "cheer"),
        ("twitch", "interaction"),
        ("twitch", "stream_online"),
        ("twitch", "stream_offline"),
        ("twitch", "ban"),
        ("twitch", "timeout"),
        ("slack", "reaction"),
        ("slack", "member_join"),
        ("slack", "member_leave"),
        ("slack", "channel_join"),
        ("slack", "file_share"),
        ("slack", "button_click"),
        ("slack", "select_menu"),
        ("discord", "button_click"),
        ("discord", "select_menu"),
    ],
)
def test_what_happens_is_read_as_what_it_is(front: Front, on: str, kind: str) -> None:
    more = {"selected": "a"} if (on, kind) == ("slack", "select_menu") else {}
    happening = {"as": "ana", "on": on, "type": kind, "custom_id": "a:b", **more}
    told = front.call("POST", "/happens", happening)[1]
    event = read(front.bot.hooks[0])
    assert (event.type, event.id) == (kind, told["event_id"])


@pytest.mark.parametrize(
    ("on", "text"), [("discord", "/waddlebot x"), ("slack", "x"), ("twitch", "x")]
)
def test_a_forgery_is_told_from_the_real_thing(front: Front, on: str, text: str) -> None:
    front.says("ana", on, text)
    front.breaks(on, "forge")
    front.breaks(on, "repeat")
    first, forged, again = front.bot.hooks
    with pytest.raises(Rejected):
        read(forged)
    assert read(again).id == read(first).id


SENDERS: dict[str, Any] = {"discord": discord_send, "slack": slack_send, "twitch": twitch_send}


def deliver(front: Front, on: str, outgoing: Outgoing) -> Delivered:
    sending = SENDERS[on]
    delivery = sending.deliver(outgoing, sending.find_credentials(front.environment))
    answer = None
    try:
        while True:
            call = delivery.send(answer)
            status, body, headers = front.call(call.method, call.url, call.json, call.headers)
            lower = {name.lower(): value for name, value in headers.items()}
            answer = HttpAnswer(status=status, headers=lower, json=body)
    except StopIteration as done:
        delivered: Delivered = done.value
        return delivered


def a_reply(event: Event, text: str, **more: Any) -> Reply:
    assert event.user
    return Reply(
        id=f"{uuid.uuid4().hex[:22]}0",
        session_id="s",
        execution_id="e",
        entity=event.entity,
        text=text,
        way_back=event.way_back,
        user=event.user.id,
        user_name=event.user.name,
        **more,
    )


@pytest.mark.parametrize("on", ["slack", "twitch"])
def test_what_the_house_sends_is_what_people_see(front: Front, on: str) -> None:
    said = front.says("ana", on, "hello")
    event = read(front.bot.hooks[0])
    before = front.call("GET", f"/replies?on={on}&wait=2")[1]["last"]
    assert deliver(front, on, a_reply(event, "@everyone <!here> hi")).state is State.SENT
    assert deliver(front, on, a_reply(event, "psst", private=True)).state is State.SENT
    shown = front.call("GET", f"/replies?on={on}&after={before}")[1]["replies"]
    assert [reply["pings"] for reply in shown] == [[], []]
    assert shown[0]["kind"] == "chat"
    assert shown[0]["entity_id"] == said["entity_id"]
    assert (shown[1]["kind"], shown[1]["to"]) in (("private", "ana"), ("ephemeral", "ana"))
    action = PlatformAction(
        id="a0", kind=ActionKind.DELETE_MESSAGE, entity=event.entity, message=said["message_id"]
    )
    deleted = deliver(front, on, action)
    assert deleted.state is (State.REFUSED if on == "slack" else State.SENT), deleted


def test_a_deferred_interaction_is_finished_by_the_house(front: Front) -> None:
    channel = a_channel()
    front.bot.discord_answer = {"type": 5}
    said = front.says("ana", "discord", "/waddlebot ai hi", channel=channel)
    reply = a_reply(read(front.bot.hooks[0]), "here you are")
    assert deliver(front, "discord", reply).state is State.SENT
    (shown,) = front.replies(channel)
    assert (shown["kind"], shown["text"]) == ("followup", "here you are")
    assert shown["in_reply_to"] == said["event_id"]
