"""What happened and is no line of chat is explained like a line."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from tests.helpers import signed
from tests.helpers.house import House
from tests.helpers.patience import eventually

CASES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "raid": (
        "channel.raid",
        {
            "from_broadcaster_user_id": "77",
            "from_broadcaster_user_login": "raider",
            "from_broadcaster_user_name": "Raider",
            "viewers": 7,
        },
    ),
    "follow": (
        "channel.follow",
        {"user_id": "78", "user_login": "fan", "user_name": "Fan", "followed_at": "2026-11-28"},
    ),
    "stream_online": ("stream.online", {"id": "9001", "type": "live"}),
}


@pytest.mark.parametrize("kind", [*CASES, "member_join"])
def test_it_has_a_story(house: House, kind: str) -> None:
    place = a_join(house) if kind == "member_join" else of_twitch(house, *CASES[kind])
    assert eventually(lambda: named(house, place, kind) is not None)
    event_id = named(house, place, kind)
    assert event_id
    bearer = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
    path = f"/api/operations/events/{quote(event_id, safe='')}"
    status, story = house.ask("GET", path, headers=bearer)
    assert status == 200
    assert story["happening"]["type"] == kind
    assert story["happening"]["entity_id"] == place


def of_twitch(house: House, subscription: str, event: dict[str, Any]) -> str:
    channel = str(uuid.uuid4().int % 10**14)
    to = "to_broadcaster_user_id" if subscription == "channel.raid" else "broadcaster_user_id"
    about = {"id": str(uuid.uuid4()), "type": subscription, "version": "1", "status": "enabled"}
    body = {"subscription": {**about, "condition": {to: channel}}, "event": {**event, to: channel}}
    status, _ = signed.twitch(house, body).send(house)
    assert status in {200, 204}
    return f"twitch:channel:{channel}"


def a_join(house: House) -> str:
    team = f"T{uuid.uuid4().int % 10**9}"
    envelope = {
        "token": "x",
        "type": "event_callback",
        "team_id": team,
        "api_app_id": "A1",
        "event_id": f"Ev{uuid.uuid4().hex[:9].upper()}",
        "event_time": int(time.time()),
        "event": {"type": "team_join", "user": {"id": "U77", "name": "new"}},
    }
    status, _ = signed.slack(house, json.dumps(envelope).encode(), form=False).send(house)
    assert status == 200
    return f"slack:server:{team}"


def named(house: House, place: str, kind: str) -> str | None:
    with psycopg.connect(house.database_url) as connection:
        row = connection.execute(
            "SELECT event_id FROM happenings WHERE entity_id = %s AND type = %s", (place, kind)
        ).fetchone()
    return str(row[0]) if row else None
