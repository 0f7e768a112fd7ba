"""Whatever a payload leaves out or has of the wrong type: an event, a reaction or a 400."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from tests.helpers.payloads import (
    ASKED_UNTIL,
    NOW,
    a_discord_line,
    a_slack_event,
    a_slack_form,
    a_slash_command,
    a_twitch_line,
    a_twitch_notification,
)
from waddlebot.domain.entities import parse_entity
from waddlebot.domain.errors import Rejected
from waddlebot.domain.events import Event
from waddlebot.platforms.discord import events as discord
from waddlebot.platforms.received import Received
from waddlebot.platforms.slack import events as slack
from waddlebot.platforms.twitch import events as twitch

WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    1.5,
    float("nan"),
    "",
    "x" * 6000,
    "\x00\ud800",
    [],
    [None],
    {"a": {"b": [1]}},
)
FORM = {"content-type": "application/x-www-form-urlencoded"}
Read = Callable[[bytes], Received]


def discord_webhook(body: bytes) -> Received:
    return discord.read_webhook({}, body, now=NOW, asked_until=ASKED_UNTIL)


def discord_gateway(body: bytes) -> Received:
    return discord.read_gateway(body, now=NOW, own_id="77")


def slack_event(body: bytes) -> Received:
    return slack.read_webhook({}, body, now=NOW, asked_until=ASKED_UNTIL)


def slack_interaction(body: bytes) -> Received:
    form = urlencode({"payload": body.decode(errors="replace")}).encode()
    return slack.read_webhook(FORM, form, now=NOW, asked_until=ASKED_UNTIL)


def twitch_webhook(body: bytes) -> Received:
    return twitch.read_webhook({}, body, now=NOW, asked_until=ASKED_UNTIL)


SAMPLES: list[tuple[str, Read, dict[str, Any]]] = [
    (
        "command",
        discord_webhook,
        a_slash_command(
            {"type": 1, "name": "add", "options": [{"type": 6, "name": "who", "value": "31"}]}
        ),
    ),
    (
        "form",
        discord_webhook,
        a_slash_command(
            type=5,
            data={
                "custom_id": "f",
                "components": [{"type": 18, "component": {"custom_id": "n", "value": "v"}}],
            },
        ),
    ),
    ("line", discord_gateway, a_discord_line("<@77> hi", attachments=[{"id": "1", "size": 3}])),
    (
        "audit",
        discord_gateway,
        {
            "op": 0,
            "t": "GUILD_AUDIT_LOG_ENTRY_CREATE",
            "d": {"guild_id": "1", "action_type": 24, "target_id": "2", "changes": [{"key": "k"}]},
        },
    ),
    ("slack line", slack_event, json.loads(a_slack_event(text="hi", files=[{"id": "F1"}]))),
    (
        "slack reaction",
        slack_event,
        json.loads(a_slack_event(type="reaction_added", item={"ts": "1.2"}, reaction="wave")),
    ),
    (
        "slack button",
        slack_interaction,
        {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": "U1"},
            "channel": {"id": "C1"},
            "actions": [{"type": "static_select", "selected_option": {"value": "a"}}],
            "view": {"state": {"values": {"b": {"a": {"value": "x"}}}}},
            "response_urls": [{"response_url": "u", "channel_id": "C1"}],
        },
    ),
    ("twitch line", twitch_webhook, json.loads(a_twitch_line("hi", badges=["moderator"]))),
    (
        "twitch donation",
        twitch_webhook,
        json.loads(
            a_twitch_notification(
                "channel.charity_campaign.donate",
                user_id="42",
                amount={"value": 1, "decimal_places": 2},
            )
        ),
    ),
]
each_sample = pytest.mark.parametrize(
    ("read", "sample"), [(read, sample) for _, read, sample in SAMPLES], ids=[s[0] for s in SAMPLES]
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    for key in keys:
        yield (*path, key)
        yield from paths(value[key], (*path, key))


def changed(sample: dict[str, Any], path: tuple[Any, ...], *wrong: Any) -> bytes:
    """With something wrong at the path, or with nothing there."""
    copied = copy.deepcopy(sample)
    at: Any = copied
    for key in path[:-1]:
        at = at[key]
    if wrong:
        at[path[-1]] = wrong[0]
    else:
        del at[path[-1]]
    return json.dumps(copied).encode()


def assert_sound(read: Read, body: bytes) -> None:
    try:
        received = read(body)
    except Rejected:
        return
    assert (received.event is None) != (received.action is None)
    if received.event:
        wire = msgspec.json.encode(received.event)
        assert msgspec.json.decode(wire, type=Event) == received.event
        assert b"\\u0000" not in wire
        parse_entity(received.event.entity)


@each_sample
def test_missing_and_wrong_fields_do_no_harm(read: Read, sample: dict[str, Any]) -> None:
    for path in paths(sample):
        assert_sound(read, changed(sample, path))
        for wrong in WRONG:
            assert_sound(read, changed(sample, path, wrong))


@each_sample
def test_torn_bodies_do_no_harm(read: Read, sample: dict[str, Any]) -> None:
    body = json.dumps(sample).encode()
    for end in range(0, len(body), 7):
        assert_sound(read, body[:end])
        assert_sound(read, body[:end] + b"\xff" + body[end + 1 :])


def test_torn_forms_do_no_harm() -> None:
    form = a_slack_form(text="a & b")
    for end in range(len(form)):
        slack.read_webhook(FORM, form[:end], now=NOW, asked_until=ASKED_UNTIL)


def test_a_form_of_countless_fields_is_refused() -> None:
    with pytest.raises(Rejected):
        slack.read_webhook(FORM, b"a=1&" * 10_000, now=NOW, asked_until=ASKED_UNTIL)


def test_torn_irc_lines_do_no_harm() -> None:
    line = "@id=1;room-id=2;user-id=3;badges=vip/1;bits=5 :a!a@a PRIVMSG #c :\x01ACTION hi\x01"
    for end in range(len(line)):
        assert twitch.read_irc(line[:end], now=NOW) is not None
        assert twitch.read_irc(line[end:], now=NOW) is not None
