"""An answer that stands in place of what was pressed, also where that is gone or came late."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.helpers.deliveries import (
    API,
    ON_DISCORD,
    ON_SLACK,
    an_interaction,
    to_discord,
    to_slack,
)
from tests.helpers.payloads import (
    ASKED_UNTIL,
    NOW,
    a_reply,
    a_slash_command,
    failed,
    ok,
    play,
)
from waddlebot.domain.events import Event, ResponseUrl
from waddlebot.platforms.delivering import SENT, State
from waddlebot.platforms.discord import render as discord
from waddlebot.platforms.discord.events import read_webhook as read_discord
from waddlebot.platforms.slack.events import read_webhook as read_slack

ORIGINAL = f"{API}/webhooks/77/tok/messages/@original"
ADDRESS = "https://hooks.slack.com/actions/1"
GONE = failed(404, code=10008)


def on_discord(*, asked_ago: float = 10, **more: Any) -> Any:
    way_back = an_interaction(component=True, asked_ago=asked_ago)
    return to_discord(a_reply(entity=ON_DISCORD, way_back=way_back, in_place=True, **more))


def on_slack(*, minutes: int = 30, pressed: str = "17.5") -> Any:
    until = NOW + timedelta(minutes=minutes)
    way_back = ResponseUrl(url=ADDRESS, until=until, pressed=pressed)
    return to_slack(a_reply(entity=ON_SLACK, way_back=way_back, in_place=True))


def asked(**changes: Any) -> Event:
    body = json.dumps(a_slash_command(**changes)).encode()
    event = read_discord({}, body, now=NOW, asked_until=ASKED_UNTIL).event
    assert event is not None
    return event


def answer(event: Event, **more: Any) -> Any:
    reply = a_reply("New", entity=ON_DISCORD, in_place=True, **more)
    return json.loads(discord.inline([reply], event).body)


def test_discord_is_told_in_the_answer_to_the_press_and_nothing_old_is_left() -> None:
    pressed = asked(type=3, data={"custom_id": "a", "component_type": 2})
    told = {"content": "New", "embeds": [], "components": [], "allowed_mentions": {"parse": []}}
    assert answer(pressed) == {"type": 7, "data": told}
    assert answer(asked())["type"] == 4
    assert answer(pressed, private=True)["data"]["flags"] == 64


def test_a_late_answer_edits_what_was_pressed_and_as_often_as_it_is_sent() -> None:
    for _ in range(2):
        [call], delivered = play(on_discord(), ok(id="5"))
        assert (call.method, call.url, delivered) == ("PATCH", ORIGINAL, SENT)
        assert call.json is not None
        assert (call.json["content"], call.json["components"]) == ("Waddle on!", [])


def test_on_discord_it_is_said_anew_where_somebody_deleted_what_was_pressed() -> None:
    calls, delivered = play(on_discord(), GONE, ok(id="6"))
    assert [call.method for call in calls] == ["PATCH", "POST"]
    assert calls[1].url == f"{API}/webhooks/77/tok"
    assert delivered == SENT
    _, early = play(on_discord(asked_ago=1), GONE)
    assert early.state is State.AGAIN
    [late], _ = play(on_discord(asked_ago=1000), ok(id="7"))
    assert late.url == f"{API}/channels/20/messages"


def test_slack_replaces_the_original_by_its_address() -> None:
    [call], delivered = play(on_slack(), ok())
    assert (call.url, delivered) == (ADDRESS, SENT)
    assert call.json is not None
    assert (call.json["replace_original"], call.json["text"]) == (True, "Waddle on!")
    assert [block["type"] for block in call.json["blocks"]] == ["section"]


@pytest.mark.parametrize("minutes", [30, -1])
def test_where_the_address_is_spent_the_bot_edits_its_message(minutes: int) -> None:
    spent = [failed(404, ok=False, error="used_url")] if minutes > 0 else []
    calls, delivered = play(on_slack(minutes=minutes), *spent, ok(ok=True))
    assert delivered == SENT
    assert calls[-1].url.endswith("/chat.update")
    assert calls[-1].json is not None
    assert (calls[-1].json["channel"], calls[-1].json["ts"]) == ("C1", "17.5")


def test_on_slack_it_is_said_anew_where_what_was_pressed_is_gone_and_waits_where_slack_does() -> (
    None
):
    gone = failed(200, ok=False, error="message_not_found")
    calls, delivered = play(on_slack(), failed(404, ok=False), gone, ok(ok=True))
    assert calls[-1].url.endswith("/chat.postMessage")
    assert delivered == SENT
    [_], busy = play(on_slack(), failed(429))
    assert busy.state is State.AGAIN
    calls, _ = play(on_slack(minutes=-1, pressed=""), ok(ok=True))
    assert [call.url.rpartition("/")[2] for call in calls] == ["chat.postMessage"]


@pytest.mark.parametrize("alone", [True, False])
def test_what_one_person_alone_sees_on_slack_is_replaced_by_its_address_alone(
    *, alone: bool
) -> None:
    payload = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "channel": {"id": "C1"},
        "user": {"id": "U1"},
        "container": {"type": "message", "message_ts": "17.5", "is_ephemeral": alone},
        "response_url": ADDRESS,
        "actions": [{"type": "button", "action_id": "a"}],
    }
    headers = {"content-type": "application/x-www-form-urlencoded"}
    body = urlencode({"payload": json.dumps(payload)}).encode()
    event = read_slack(headers, body, now=NOW, asked_until=ASKED_UNTIL).event
    assert event is not None
    assert isinstance(event.way_back, ResponseUrl)
    assert event.way_back.pressed == ("" if alone else "17.5")
