"""Lines that were deleted, as each platform tells of them, and how it dresses those that stand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.line_looks import LineLooks, decode_looks
from waddlebot.platforms.discord.events import read_gateway
from waddlebot.platforms.slack.events import read_websocket as read_slack
from waddlebot.platforms.twitch.events import read_irc, read_websocket

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
CHANNEL = {"broadcaster_user_id": "1001", "broadcaster_user_login": "waddlebot"}


def discord(name: str, **payload: Any) -> Event | None:
    told = {"channel_id": "77", "guild_id": "9", **payload}
    return read_gateway({"op": 0, "t": name, "d": told}, now=NOON).routed


def twitch(kind: str, **event: Any) -> Event | None:
    told = {"subscription": {"type": kind, "condition": {}}, "event": {**CHANNEL, **event}}
    frame = {"metadata": {"message_type": "notification", "message_id": "e1"}, "payload": told}
    return read_websocket(json.dumps(frame), now=NOON).routed


def slack(**event: Any) -> Event | None:
    told = {"type": "message", "subtype": "message_deleted", "channel": "C1", "hidden": True}
    body = {"type": "event_callback", "team_id": "T1", "event": {**told, **event}}
    return read_slack(json.dumps({"type": "events_api", "payload": body}), now=NOON).routed


@pytest.mark.parametrize(
    ("event", "place", "messages"),
    [
        (discord("MESSAGE_DELETE", id="5"), "discord:channel:9/77", ["5"]),
        (discord("MESSAGE_DELETE_BULK", ids=["5", "6", {}]), "discord:channel:9/77", ["5", "6"]),
        (twitch("channel.chat.message_delete", message_id="a-b"), "twitch:channel:1001", ["a-b"]),
        (
            twitch("channel.moderate", action="delete", delete={"message_id": "a-b"}),
            "twitch:channel:1001",
            ["a-b"],
        ),
        (slack(deleted_ts="1.5"), "slack:channel:T1/C1", ["1.5"]),
        (
            read_irc(
                "@room-id=1001;target-msg-id=a-b :tmi CLEARMSG #waddlebot :bad", now=NOON
            ).routed,
            "twitch:channel:1001",
            ["a-b"],
        ),
    ],
)
def test_single_lines(event: Event | None, place: str, messages: list[str]) -> None:
    assert event is not None
    assert (event.type, event.entity) == (MessageType.GONE, place)
    assert event.data == {"messages": messages}
    assert event.watched_only


def test_all_of_one_and_all_of_all() -> None:
    of_one = twitch("channel.chat.clear_user_messages", target_user_id="55")
    of_all = twitch("channel.chat.clear")
    over_irc = read_irc("@room-id=1001 :tmi CLEARCHAT #waddlebot", now=NOON).routed

    assert of_one is not None
    assert of_one.user is not None
    assert (of_one.user.id, of_one.data) == ("55", {})
    by_moderator = twitch("channel.moderate", action="clear")
    for event in (of_all, over_irc, by_moderator):
        assert event is not None
        assert (event.type, event.user, event.data) == (MessageType.GONE, None, {})


def test_what_names_no_line_or_was_said_privately_is_nothing() -> None:
    private = read_gateway(
        {"op": 0, "t": "MESSAGE_DELETE", "d": {"id": "5", "channel_id": "7"}}, now=NOON
    )
    assert private.routed is None
    assert slack(deleted_ts="1.5", channel="D1") is None
    assert slack() is None
    assert twitch("channel.chat.message_delete") is None


def test_a_line_of_twitch_brings_its_looks_over_both_ways() -> None:
    looks = LineLooks(
        color="#1e90ff", badges=("moderator", "vip"), emotes={"Kappa": "25", ":)": "emotesv2_1"}
    )
    fragments = [
        {"type": "text", "text": "hi "},
        {"type": "emote", "text": "Kappa", "emote": {"id": "25"}},
        {"type": "text", "text": " "},
        {"type": "emote", "text": ":)", "emote": {"id": "emotesv2_1"}},
    ]
    socket = twitch(
        "channel.chat.message",
        chatter_user_id="55",
        chatter_user_name="Ana",
        message_id="m",
        color="#1E90FF",
        badges=[{"set_id": "moderator"}, {"set_id": "vip"}],
        message={"text": "hi Kappa :)", "fragments": fragments},
    )
    irc = read_irc(
        "@room-id=1001;user-id=55;id=m;color=#1E90FF;badges=moderator/1,vip/1;"
        "emotes=25:3-7/emotesv2_1:9-10 :ana!ana@ana PRIVMSG #waddlebot :hi Kappa :)",
        now=NOON,
    ).routed
    for event in (socket, irc):
        assert event is not None
        assert decode_looks(event.looks) == looks


@pytest.mark.parametrize("text", ["", "red\tmod erator\tx y", "\t\t", "#12\t,,\t:::", "a" * 999])
def test_looks_that_are_none_are_left_out(text: str) -> None:
    looks = decode_looks(text)

    assert looks.color == ""
    assert (looks.badges, looks.emotes) == ((), {})
