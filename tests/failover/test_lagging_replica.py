"""Who wrote reads what they wrote, while the replica shows nothing of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import pytest

from functions.communities import handler as communities
from functions.router import stream_handler
from tests.failover.conftest import Own
from tests.failover.sides import replay_paused
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.communities_api import Answer, ask, see
from tests.helpers.events_and_commands import an_event
from tests.helpers.router_doors import Doors, open_doors
from tests.helpers.servers import catch_up
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import Speaker
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.api_keys import ApiKey, ApiKeys, hash_key
from waddlebot.stores.keys import Partition
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import decode_outgoing
from waddlebot.stores.valkey import connect
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

__all__ = ["logging_restored"]  # a fixture

pytestmark = pytest.mark.xdist_group("servers of their own")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A community that the replica knows, with a key of its moderator."""

    number: CommunityId
    place: EntityId
    key: str

    def ask(self, method: str, path: str, body: object = None, **query: object) -> Answer:
        path = f"/{self.number}/labels{path}"
        return ask(method, path, body, key=self.key, query=query)


@pytest.fixture
def doors(own: Own, monkeypatch: pytest.MonkeyPatch, logging_restored: None) -> Iterator[Doors]:
    assert logging_restored is None
    database = Postgres(own.urls["DATABASE_URL"], name="tests")
    with (
        connect(own.urls["VALKEY_CACHE_URL"]) as cache,
        open_doors(database, Versions(cache), own.urls, monkeypatch) as doors,
    ):
        monkeypatch.setenv("DATABASE_REPLICA_URL", own.urls["DATABASE_REPLICA_URL"])
        yield doors
    communities.forget()
    database.write("DELETE FROM api_keys")
    database.close()


@pytest.fixture
def settled(own: Own, doors: Doors) -> Settled:
    assert doors
    word = uuid.uuid4().hex
    place = EntityId(f"twitch:channel:{word}")
    database = Postgres(own.urls["DATABASE_URL"], name="tests")
    with connect(own.urls["VALKEY_CACHE_URL"]) as cache, editing(database, Versions(cache)) as edit:
        number = Places(edit).open(place)
    key = ApiKey(
        account=word, scopes=frozenset(), per_minute=1000, community=number, role=Role.MODERATOR
    )
    ApiKeys(database).insert(hash_key(word), key)
    see(database, number, "twitch:7", "twitch:8")
    database.close()
    catch_up(own.urls)
    return Settled(number=number, place=place, key=word)


def test_a_label_that_was_just_hung_is_found(own: Own, settled: Settled) -> None:
    with replay_paused(own.pid("replica"), own.urls["DATABASE_REPLICA_URL"]):
        assert settled.ask("POST", "", {"name": "regular"}).status == 200
        hung = {"kind": "user", "things": ["twitch:7", "twitch:8"], "label": "regular"}
        assert settled.ask("POST", "/on", hung).status == 200

        assert settled.ask("GET", "/search", kind="user", label="regular").data == [
            "twitch:7",
            "twitch:8",
        ]
        settled.ask("DELETE", "/on", kind="user", thing="twitch:7", label="regular")
        assert settled.ask("GET", "/search", kind="user", label="regular").data == ["twitch:8"]


def test_in_chat_a_label_that_was_just_hung_is_found(own: Own, settled: Settled) -> None:
    with replay_paused(own.pid("replica"), own.urls["DATABASE_REPLICA_URL"]):
        say(settled, "hello")
        assert "regular" in said(own, settled, "!labels make regular")
        assert "regular" in said(own, settled, "!labels add @max regular")

        assert "max" in said(own, settled, "!labels find regular").lower()


def test_a_replica_that_has_come_so_far_is_asked(own: Own, settled: Settled) -> None:
    settled.ask("POST", "", {"name": "regular"})
    settled.ask("POST", "/on", {"kind": "user", "things": ["twitch:7"], "label": "regular"})
    catch_up(own.urls)
    before = searches(own)

    assert settled.ask("GET", "/search", kind="user", label="regular").data == ["twitch:7"]
    assert searches(own) == before


def searches(own: Own) -> int:
    """That the writer was asked for."""
    database = Postgres(own.urls["DATABASE_URL"], name="tests")
    [row] = database.write(
        "SELECT coalesce(sum(calls), 0) AS calls FROM pg_stat_statements"
        " WHERE query LIKE '%%GROUP BY thing HAVING%%'"
    )
    database.close()
    return int(row["calls"])


def say(settled: Settled, text: str) -> None:
    event = an_event(
        text,
        id=f"twitch:{uuid.uuid4().hex}",
        entity=settled.place,
        user=Speaker(id="9", name="max", role=Role.OWNER),
        occurred_at=datetime.now(UTC),
    )
    payload = {"events": [msgspec.to_builtins(event)], "owner": uuid.uuid4().hex}
    stream_handler.handler(payload, AwsContext(12))


def said(own: Own, settled: Settled, text: str) -> str:
    """The answer."""
    say(settled, text)
    with connect(own.urls["VALKEY_STREAMS_URL"]) as streams:
        [*_, (_, fields)] = streams.xrange(Partition().replies_stream())
    reply = decode_outgoing(fields)
    assert isinstance(reply, Reply)
    return reply.text
