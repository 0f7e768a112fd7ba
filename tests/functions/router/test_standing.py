"""What Discord says that somebody is in a server holds in their private talk: asked of it anew."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import redis

from functions.router import stream_handler
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.events_and_commands import an_event
from tests.helpers.router_doors import Doors, open_doors
from tests.helpers.servers import Urls
from tests.helpers.stand_ins import Front, served
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event, Speaker
from waddlebot.stores import keys
from waddlebot.stores.keys import Partition
from waddlebot.stores.known_people import ROLE_SECONDS
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import decode_outgoing
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

__all__ = ["logging_restored"]  # a fixture

SERVER = "201000000000000001"
PLACE = EntityId(f"discord:channel:{SERVER}/202000000000000001")
ANA, MAX, OLGA = (f"30100000000000000{number}" for number in (1, 2, 3))
FOR_MODERATORS, FOR_OWNERS = "!rules list", "!community name The Penguins"


@pytest.fixture
def discord() -> Iterator[Front]:
    with served() as front:
        yield front


@pytest.fixture
def doors(  # noqa: PLR0917 - fixtures
    database: Postgres,
    versions: Versions,
    database_urls: Urls,
    streams: redis.Redis,  # noqa: ARG001 - flushed
    limits: redis.Redis,  # noqa: ARG001 - flushed
    cache: redis.Redis,
    discord: Front,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[Doors]:
    """Everybody has written there, and has no role but the one that Discord gives."""
    for name in ("DISCORD_TOKEN", "DISCORD_API_URL"):
        monkeypatch.setenv(name, discord.environment[name])
    # A busy machine is no late platform.
    monkeypatch.setattr("functions.router.acquaintances.TOLD_PATIENCE", timedelta(seconds=15))
    monkeypatch.setattr("functions.asking.discord_handler.MOST_SECONDS", 15.0)
    with open_doors(database, versions, database_urls, monkeypatch) as doors:
        route(*(line("hello everybody", user) for user in (OLGA, MAX, ANA)))
        doors.functions.seen.clear()
        for key in cache.scan_iter("waddlebot:known:*"):
            cache.delete(key)
        yield doors


def line(text: str, user: str, *, private: bool = False) -> Event:
    return an_event(
        text,
        id=f"discord:{secrets.token_hex(8)}",
        entity=EntityId(f"discord:channel:9{user}") if private else PLACE,
        user=Speaker(id=user, name=user),
        occurred_at=datetime.now(UTC),
        private=private,
    )


def route(*events: Event) -> None:
    payload = json.loads(
        msgspec.json.encode({"v": 1, "events": events, "owner": secrets.token_hex(8)})
    )
    stream_handler.handler(payload, AwsContext())


def whispers(streams: redis.Redis, user: str, text: str) -> str:
    streams.delete(Partition().replies_stream())
    route(line(text, user, private=True))
    left = streams.xrange(Partition().replies_stream())
    return " | ".join(str(getattr(decode_outgoing(fields), "text", "")) for _, fields in left)


def questions(doors: Doors) -> list[Any]:
    return [json.loads(one.body) for one in doors.functions.seen if "/ask-discord/" in one.path]


def test_who_owns_or_moderates_the_server_does_so_privately_and_nobody_else(
    doors: Doors, streams: redis.Redis
) -> None:
    assert doors
    assert "There are no rules" in whispers(streams, MAX, FOR_MODERATORS)
    assert "is for moderators only" in whispers(streams, ANA, FOR_MODERATORS)
    assert "is for owners only" in whispers(streams, MAX, FOR_OWNERS)
    assert "is called The Penguins now" in whispers(streams, OLGA, FOR_OWNERS)


def test_a_quiet_line_and_what_concerns_the_person_alone_cost_no_question(
    doors: Doors, streams: redis.Redis
) -> None:
    for text in ("good evening", "!help", "!privacy", "!whoami"):
        whispers(streams, MAX, text)
    route(line("hello", MAX), line(FOR_MODERATORS, MAX))
    assert questions(doors) == []


def test_it_is_asked_once_a_batch_and_again_after_ten_minutes(
    doors: Doors, streams: redis.Redis, cache: redis.Redis
) -> None:
    route(*(line(FOR_MODERATORS, user, private=True) for user in (MAX, ANA, MAX)))
    [question] = questions(doors)
    assert sorted(question["people"]) == [f"{SERVER}/{user}" for user in (ANA, MAX)]
    whispers(streams, MAX, FOR_MODERATORS)
    assert len(questions(doors)) == 1
    known = keys.known_person("discord", f"{SERVER}/{MAX}")
    assert 0 < cache.ttl(known) <= ROLE_SECONDS == 600
    cache.delete(known)  # the ten minutes are over
    whispers(streams, MAX, FOR_MODERATORS)
    assert len(questions(doors)) == 2


@pytest.mark.parametrize("how", ["429", "5xx", "drop"])
def test_who_cannot_be_asked_about_is_a_user(
    doors: Doors, discord: Front, streams: redis.Redis, cache: redis.Redis, how: str
) -> None:
    discord.breaks("discord", how, times=9, seconds=30)
    assert "is for moderators only" in whispers(streams, MAX, FOR_MODERATORS)
    assert len(questions(doors)) == 1
    # Whoever refuses is left alone for a while.
    assert cache.ttl(keys.asking_rests("discord")) > 0


def test_what_the_community_gave_needs_no_question(
    doors: Doors, streams: redis.Redis, database: Postgres, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        [row] = edit.connection.execute(
            "SELECT community_id FROM entities WHERE entity_id = %s", (PLACE,)
        ).fetchall()
        MemberRoles(edit).give(row["community_id"], Account("discord", ANA), Role.OWNER)
    assert "is called" in whispers(streams, ANA, FOR_OWNERS)
    assert questions(doors) == []


def test_a_server_that_the_community_was_not_founded_for_gives_nothing(
    doors: Doors, streams: redis.Redis, database: Postgres, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        places = Places(edit)
        places.move_home(f"discord:server:{SERVER}", places.open(EntityId("twitch:channel:77")))
    route(line("hello again", MAX))
    assert "is for moderators only" in whispers(streams, MAX, FOR_MODERATORS)
    assert questions(doors) == []


def test_a_server_that_has_moved_away_gives_nothing_where_it_was(
    doors: Doors, streams: redis.Redis, database: Postgres, versions: Versions
) -> None:
    """Whom it had invited stays there, on their own."""
    with editing(database, versions) as edit:
        places = Places(edit)
        places.open(EntityId("twitch:channel:77"))
        places.move_home("twitch:channel:77", places.open(PLACE))
        places.move_home(f"discord:server:{SERVER}", places.open(EntityId("twitch:channel:88")))
    assert "is for owners only" in whispers(streams, OLGA, FOR_OWNERS)
    assert questions(doors) == []
