"""Lines of Max on two platforms, what was said to them, and where a secret may have been left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import redis

from tests.helpers.stream_doors import left_by, route, told
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event, Speaker
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.keys import Partition
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.roles import Role

TWITCH, DISCORD = EntityId("twitch:channel:1001"), EntityId("discord:channel:9/77")
MAX = Speaker(id="4100002", name="Max", login="max", role=Role.OWNER)
THERE = Speaker(id="301000000000000002", name="Max", login="max_1990")


def on_twitch(line: str) -> Event:
    return told(line, entity=TWITCH, user=MAX)


def on_discord(line: str) -> Event:
    return told(line, entity=DISCORD, user=THERE, id=f"discord:{datetime.now(UTC).timestamp()}")


def replies(streams: redis.Redis) -> list[Reply]:
    return [one for one in left_by(streams) if isinstance(one, Reply)]


def said(streams: redis.Redis, event: Event) -> Reply:
    """The last of it."""
    route(event)
    return replies(streams)[-1]


def died_over(streams: redis.Redis, event: Event) -> None:
    """As if the router had ended before its answer left: effects are done, the receipt is not."""
    assert streams.delete(Partition().receipt(event.id)) == 1


def everything(owner: Postgres) -> dict[str, str]:
    tables = owner.write("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {
        row["tablename"]: str(owner.write(f"SELECT t::text AS row FROM {row['tablename']} AS t"))  # type: ignore[arg-type]  # noqa: S608
        for row in tables
    }


def holding(owner: Postgres, secrets: Sequence[str]) -> set[str]:
    """Bytes stand there in hexadecimal digits."""
    sought = {*secrets, *(one.encode().hex() for one in secrets)}
    return {
        table for table, text in everything(owner).items() if any(one in text for one in sought)
    }
