"""What operators and moderators change takes hold, whatever stands still; what failed is mended."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.helpers import signed
from tests.helpers.homes import a_home
from tests.helpers.house import House, running
from tests.helpers.inside import Inside
from tests.helpers.patience import BUSY_SECONDS, eventually
from waddlebot.stores.keys import place_version
from waddlebot.stores.settings import OURS

pytestmark = pytest.mark.xdist_group("houses in storms")

EVENTS = 100
WITHIN_SECONDS = 20.0


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with a_home() as home, running(home) as (house, _):
        yield house


def shown(house: House, channel: str) -> list[str]:
    replies = house.get("/stand-ins/replies?after=0")["replies"]
    return [item["text"] for item in replies if item["channel"] == channel]


def a_number() -> int:
    return 10**9 + uuid.uuid4().int % 10**9


def say(house: House, text: str, number: int) -> None:
    """In a workspace of its own."""
    line = signed.slack_line(house, text, team=f"T{number}", channel=f"C{number}")
    assert line.send(house)[0] == 200


def test_one_event_that_raises_holds_up_none_and_is_answered_after_repair(house: House) -> None:
    inside = Inside(house=house)
    numbers = [a_number() for _ in range(EVENTS)]
    broken = numbers[EVENTS // 2]
    say(house, "hello", broken)
    assert eventually(lambda: shown(house, f"C{broken}") != [])
    with broken_settings(inside, f"slack:channel:T{broken}/C{broken}"):
        with ThreadPoolExecutor(8) as people:
            list(people.map(lambda number: say(house, "!help quote", number), numbers))
        others = [f"C{number}" for number in numbers if number != broken]
        assert eventually(
            lambda: all(shown(house, channel) for channel in others), within=BUSY_SECONDS
        )
        assert eventually(lambda: len(inside.dead_letters()) == 1)
        assert len(shown(house, f"C{broken}")) == 1
    said = waddlebot(house, "dlq", "list")
    assert "the router died 3 times" in said
    waddlebot(house, "dlq", "replay", "--all")
    assert eventually(lambda: len(shown(house, f"C{broken}")) == 2)
    assert inside.dead_letters() == []
    assert [len(shown(house, channel)) for channel in others] == [1] * (EVENTS - 1)


def waddlebot(house: House, *line: str) -> str:
    """The operator's command, in a terminal on the same machine."""
    done = subprocess.run(
        [Path(sys.executable).parent / "waddlebot", *line],
        env={
            **os.environ,
            "WADDLEBOT_HOME": str(house.home),
            "WADDLEBOT_URL": house.url,
            "WADDLEBOT_API_KEY": house.keys["WADDLEBOT_API_KEY"],
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout


@contextlib.contextmanager
def broken_settings(inside: Inside, entity: str) -> Iterator[None]:
    """What no release of ours would write: every event of its place makes the router fail."""
    with inside.postgres() as connection:
        found = connection.execute(
            "SELECT community.id, community.settings FROM communities AS community"
            " JOIN entities ON community_id = community.id WHERE entity_id = %s",
            (entity,),
        ).fetchone()
        assert found
        put_settings(connection, found[0], {OURS: 1})
    renew(inside, entity)
    yield
    with inside.postgres() as connection:
        put_settings(connection, *found)
    renew(inside, entity)


def put_settings(connection: psycopg.Connection[Any], community: int, settings: object) -> None:
    connection.execute(
        "UPDATE communities SET settings = %s WHERE id = %s", (Jsonb(settings), community)
    )


def renew(inside: Inside, entity: str) -> None:
    """Routers load the place's community again."""
    with inside.valkey("cache") as cache:
        cache.delete(place_version(entity))


def test_a_changed_rule_is_in_force_in_two_routers_while_the_replica_stands_still(
    house: House,
) -> None:
    """One router answers the API, the other the stream: two processes, each with its memory."""
    inside, phrase, number = Inside(house=house), f"xyzzy {uuid.uuid4().hex[:6]}", a_number()
    chat = house.chat(on="twitch", channel=str(number))
    assert chat.asks("max", "hello", "!help", within=WITHIN_SECONDS)
    assert not is_ruled(house, phrase, number)
    with stopped_replica(inside):
        assert chat.asks(
            "max", f'!rules add contains "{phrase}" block', "rule", within=WITHIN_SECONDS
        )

        assert is_ruled(house, phrase, number)
        chat.says("ana", f"look: {phrase}")
        assert chat.was_deleted(phrase)


def is_ruled(house: House, phrase: str, number: int) -> bool:
    """Whether a rule acts on a line that is told by the API."""
    status, answer = house.api(
        {
            "message_type": "chatMessage",
            "entity_id": f"twitch:channel:{number}",
            "user_id": "77",
            "user_name": "zed",
            "message": phrase,
        }
    )
    assert status == 200, answer
    return bool(answer["executions"])


@contextlib.contextmanager
def stopped_replica(inside: Inside) -> Iterator[None]:
    """A query that lasts on the replica holds up the replay of a lock, and all that follows it."""
    with inside.postgres("replica") as reader, inside.postgres() as writer:
        reader.execute("SELECT count(*) FROM migrations")
        writer.execute("LOCK TABLE migrations IN ACCESS EXCLUSIVE MODE")
        writer.execute("INSERT INTO migrations VALUES ('a test', 'writes something')")
        writer.execute("DELETE FROM migrations WHERE module = 'a test'")
        writer.commit()
        yield
