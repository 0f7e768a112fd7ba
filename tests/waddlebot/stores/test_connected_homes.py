"""A connection goes with the workspace or channel that it is of."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis

from tests.helpers.connected import a_connection, canary, connections_of
from waddlebot.domain.connections import CHANNEL, Connection, Owner
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.stores import places
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

MIGRATIONS = Path(places.__file__).parent / "migrations"
MIGRATION = "0095_connections_as_they_are.sql"
LINE = {"slack:server:T1": "slack:channel:T1/C1", "twitch:channel:77": "twitch:channel:77"}
CONNECTED = {
    "slack:server:T1": a_connection("T1"),
    "twitch:channel:77": a_connection("77", service="twitch"),
}


def owner_of(database: Postgres, one: Connection) -> Owner:
    found = connections_of(database).find(one.service, one.account, kind=one.kind)
    assert found is not None
    return found.owner


def another(database: Postgres) -> CommunityId:
    database.write("INSERT INTO communities (id, name, version) VALUES (77, 'Penguins', '')")
    return CommunityId(77)


@pytest.fixture
def connected(request: pytest.FixtureRequest, database: Postgres, cache: redis.Redis) -> Connection:
    """For the community that its home founded."""
    home: str = request.param
    with editing(database, Versions(cache), by="test") as edit:
        founded = Places(edit).open(EntityId(LINE[home]))
    kind = CHANNEL if home.startswith("twitch") else "bot"
    one = CONNECTED[home]
    kept = Connection(
        service=one.service, account=one.account, kind=kind, owner=Owner.of_community(founded)
    )
    return connections_of(database).keep(kept, canary())


homes = pytest.mark.parametrize(
    ("connected", "home"), [(one, one) for one in LINE], indirect=["connected"]
)


@homes
def test_where_a_home_moves_its_connection_moves(
    database: Postgres, cache: redis.Redis, connected: Connection, home: str
) -> None:
    penguins = another(database)
    with editing(database, Versions(cache), by="test") as edit:
        store = Places(edit)
        assert store.of_home(home) == CommunityId(int(connected.owner.id))
        store.move_home(home, penguins)
        assert store.of_home(home) == penguins
    assert owner_of(database, connected) == Owner.of_community(penguins)
    tokens = connections_of(database).opened(
        connected.service, connected.account, kind=connected.kind
    )
    assert tokens is not None


@homes
def test_those_that_were_left_behind_follow(
    database: Postgres, owner: Postgres, connected: Connection, home: str
) -> None:
    """What the release before left as it was."""
    penguins = another(database)
    database.write(
        "UPDATE entities SET community_id = 77 WHERE entity_id = %(place)s", {"place": LINE[home]}
    )
    house = connections_of(database).keep(a_connection("T9"), canary())
    with owner.writer() as connection:
        text = (MIGRATIONS / MIGRATION).read_text()
        connection.execute(text.encode())
    assert owner_of(database, connected) == Owner.of_community(penguins)
    assert owner_of(database, house) == house.owner


def test_a_home_that_nobody_knows_founds_its_community(
    database: Postgres, cache: redis.Redis
) -> None:
    with editing(database, Versions(cache), by="test") as edit:
        founded = Places(edit).of_home("slack:server:T2")
        assert Places(edit).home_of(founded) == "slack:server:T2"
