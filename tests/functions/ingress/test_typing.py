"""What Discord asks while somebody types is answered in place and in time, and kept nowhere."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import redis

from tests.helpers import payloads
from tests.helpers.lambda_stand_in import Door
from tests.helpers.webhooks import a_house, nobody, stored
from waddlebot.domain.completions import decode_completing
from waddlebot.platforms.slack.components import FINDER

TYPED = {"name": "command", "type": 3, "value": "quo", "focused": True}
FORM = "application/x-www-form-urlencoded"
NOTHING = {"type": 8, "data": {"choices": []}}
# Discord waits for 3 s, and our machines may be busy: what is asked here never answers.
DISCORD_SECONDS = 3.0


def typing(**changes: Any) -> dict[str, Any]:
    return payloads.a_slash_command(TYPED, **{"type": 4, **changes})


def test_the_routers_choices_are_shown_as_discord_takes_them(
    streams: redis.Redis, streams_server: str
) -> None:
    choice = {"value": "quote", "shown": f"@everyone {'x' * 99}"[:100]}

    with a_house(lambda door: door.says({"v": 1, "choices": [choice]}), streams_server) as house:
        answer = house.discord(typing())
        [call] = house.router.seen

    told = json.loads(answer["body"])
    [shown] = told["data"]["choices"]
    assert (answer["statusCode"], told["type"], shown["value"]) == (200, 8, "quote")
    assert "@everyone" not in shown["name"]
    assert len(shown["name"]) <= 100
    asked = decode_completing(json.loads(call.body))
    assert (asked.typed, asked.path, asked.argument) == ("quo", "", "command")
    assert (asked.event.place, asked.event.user and asked.event.user.id) == (
        "discord:channel:10/20",
        "30",
    )
    assert stored(streams) == []


def test_a_router_that_is_late_or_dies_leaves_an_empty_list(
    streams: redis.Redis, streams_server: str
) -> None:
    def late(_door: Door) -> None:
        time.sleep(DISCORD_SECONDS)

    def dies(door: Door) -> None:
        door.says({"errorType": "Oops"}, X_Amz_Function_Error="Unhandled")

    for router in (late, dies, lambda door: door.says("no choices"), lambda door: door.says({})):
        with a_house(router, streams_server) as house:
            taken_at = datetime.now(UTC)
            answer = house.discord(typing(), taken_at=taken_at)
            took = (datetime.now(UTC) - taken_at).total_seconds()
        assert (answer["statusCode"], json.loads(answer["body"])) == (200, NOTHING)
        assert took < DISCORD_SECONDS
    assert stored(streams) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"member": {}},
        {"guild_id": None, "channel_id": None},
        {"data": {}},
        {"data": {"name": "waddlebot", "options": [{"name": "command", "value": "x"}]}},
        {"data": {"name": "waddlebot", "options": "all"}},
    ],
)
def test_what_says_not_who_or_where_or_what_asks_nobody(
    streams_server: str, changes: dict[str, Any]
) -> None:
    with a_house(nobody, streams_server) as house:
        answer = house.discord(typing(**changes))

    assert json.loads(answer["body"]) == NOTHING


def finding(value: str = "quo") -> bytes:
    """What Slack sends while somebody types into our menu below `!help`."""
    payload = {
        "type": "block_suggestion",
        "action_id": FINDER,
        "value": value,
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def test_slack_is_offered_the_same_as_it_takes_it(
    streams: redis.Redis, streams_server: str
) -> None:
    choice = {"value": "quote", "shown": f"@channel {'x' * 99}"[:100]}

    with a_house(lambda door: door.says({"v": 1, "choices": [choice]}), streams_server) as house:
        answer = house.slack(finding(), FORM)
        [call] = house.router.seen

    [option] = json.loads(answer["body"])["options"]
    assert option["value"] == "quote"
    assert "@channel" not in option["text"]["text"]
    assert len(option["text"]["text"]) <= 75
    asked = decode_completing(json.loads(call.body))
    assert (asked.typed, asked.path, asked.event.place) == ("quo", "", "slack:channel:T1/C1")
    assert stored(streams) == []


def test_slack_is_answered_within_its_time_whatever_the_router_does(
    streams: redis.Redis, streams_server: str
) -> None:
    def late(_door: Door) -> None:
        time.sleep(DISCORD_SECONDS)

    for router in (late, lambda door: door.says("no choices")):
        with a_house(router, streams_server) as house:
            taken_at = datetime.now(UTC)
            answer = house.slack(finding(), FORM)
            took = (datetime.now(UTC) - taken_at).total_seconds()
        assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"options": []})
        assert took < DISCORD_SECONDS
    assert stored(streams) == []
