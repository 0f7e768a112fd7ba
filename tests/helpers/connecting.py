"""People who let the bot into workspaces and channels, through our pages and the platforms'."""

from __future__ import annotations

import time
import uuid
from typing import Any

import psycopg

from local.stand_ins.people import StandInPeople
from tests.helpers.house import Chat, House
from tests.helpers.patience import patience
from tests.helpers.signing_in import Browser, Page


def a_streamer() -> str:
    return f"sky{uuid.uuid4().hex[:8]}"


def channel_of(streamer: str) -> str:
    return StandInPeople().named(streamer).ids["twitch"]


def allows(browser: Browser, streamer: str, *ticked: str, **more: str) -> Page:
    """Through our page and Twitch's, where somebody says who they are."""
    offered = browser.get("/connect/twitch")
    assert "Go on to Twitch" in offered.text
    boxes = "".join(f"&{scope}=1" for scope in ticked)
    asked = browser.get(f"/connect/twitch?go=1{boxes}")
    assert "who are you?" in asked.text
    told = "".join(f"&{name}={value}" for name, value in more.items())
    return browser.get(f"{asked.path}&as={streamer}{told}")


def until(is_so: Any, *, within: float = 20.0) -> bool:
    end = time.monotonic() + patience(within)
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def state_of(house: House, streamer: str) -> str:
    with psycopg.connect(house.database_url) as connection:
        row = connection.execute(
            "SELECT state FROM connections WHERE service = 'twitch' AND account = %s",
            [channel_of(streamer)],
        ).fetchone()
    return str(row[0]) if row else ""


def a_workspace() -> str:
    return f"T{uuid.uuid4().int % 10**9:09d}"


def installs(browser: Browser, workspace: str, **more: str) -> Page:
    """Through Slack's page, where somebody chooses the workspace."""
    asked = browser.get("/connect/slack?go=1")
    assert "which workspace?" in asked.text
    told = "".join(f"&{name}={value}" for name, value in more.items())
    return browser.get(f"{asked.path}&workspace={workspace}{told}")


def talk_in(house: House, workspace: str) -> Chat:
    number = uuid.uuid4().int % 10**9
    return house.chat(
        on="slack", channel=f"C{number}", server=workspace, viewer=f"sam{uuid.uuid4().hex[:8]}"
    )


def give(house: House, workspace: str, who: str, role: str) -> None:
    with psycopg.connect(house.database_url) as connection:
        connection.execute(
            """
            INSERT INTO community_members (community_id, platform, user_id, name, role)
            SELECT id, 'slack', %s, %s, %s FROM communities WHERE home = %s
            """,
            [StandInPeople().named(who).ids["slack"], who, role, f"slack:server:{workspace}"],
        )


def in_one_community(house: House, workspace: str, channel: str) -> None:
    """A workspace of Slack and a channel of Twitch."""
    with psycopg.connect(house.database_url) as connection:
        moved = connection.execute(
            """
            UPDATE entities SET community_id = communities.id FROM communities
            WHERE entity_id = %s AND communities.home = %s
            """,
            [f"twitch:channel:{channel}", f"slack:server:{workspace}"],
        )
        assert moved.rowcount == 1
