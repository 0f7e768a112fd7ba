"""Connections and their sealed tokens, on a real database."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import files

import psycopg
import pytest

from tests.helpers.connected import a_connection, canary, connections_of, new_master, traces
from tests.helpers.servers import Urls
from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import ConnectionState, Owner, Tokens
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.stores.personal_data import forget, tell
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.sealing import Seal, SealLost
from waddlebot.stores.versions import Edit

PERSON = Account("twitch", "1001")


def test_what_is_kept_is_found_again_with_its_tokens(database: Postgres) -> None:
    connections = connections_of(database)
    tokens = canary()
    kept = connections.keep(a_connection(), tokens)

    opened = connections_of(database).opened("slack", "T1")

    assert kept.generation == 1
    assert opened is not None
    assert opened.connection == kept == connections.find("slack", "T1")
    assert opened.tokens == tokens
    assert connections.opened("slack", "T2") is None
    assert connections.opened("slack", "T1", kind="admin") is None


def test_whoever_connects_again_replaces_what_was_there(database: Postgres) -> None:
    connections, tokens = connections_of(database), canary()
    old = connections.keep(a_connection(), canary())
    assert connections.lose(old, "It was revoked.")

    new = connections.keep(replace(a_connection(), scopes=frozenset({"a", "b"})), tokens)

    assert (new.generation, new.state, new.why) == (2, ConnectionState.CONNECTED, "")
    opened = connections.opened("slack", "T1")
    assert opened is not None
    assert (opened.tokens, opened.connection.scopes) == (tokens, {"a", "b"})


def test_an_account_may_have_a_connection_of_each_kind(database: Postgres) -> None:
    connections, bot, admin = connections_of(database), canary(), canary()
    connections.keep(a_connection(), bot)
    connections.keep(replace(a_connection(), kind="admin"), admin)

    found = [connections.opened("slack", "T1", kind=kind) for kind in ("bot", "admin")]

    assert [one.tokens for one in found if one] == [bot, admin]


def test_an_owner_sees_their_connections_and_no_others(database: Postgres) -> None:
    connections = connections_of(database)
    database.write("INSERT INTO communities (id, name, version) VALUES (7, 'Penguins', '')")
    community, person = Owner.of_community(CommunityId(7)), Owner.of_person(PERSON)
    connections.keep(a_connection("T1", owner=community), canary())
    connections.keep(a_connection("T2", owner=person), canary())

    assert [one.account for one in connections.owned_by(community)] == ["T1"]
    assert [one.account for one in connections.owned_by(person)] == ["T2"]
    assert [one.account for one in connections.every("slack")] == ["T1", "T2"]


@pytest.mark.parametrize("column", ["account", "kind", "service"])
def test_tokens_that_were_moved_to_another_row_do_not_open(database: Postgres, column: str) -> None:
    connections = connections_of(database)
    connections.keep(a_connection(), canary())
    moved = {"service": "slack", "account": "T1", "kind": "bot", column: "other"}
    statement = f"UPDATE connections SET {column} = 'other'"  # noqa: S608 - a column of ours
    database.write(statement)  # type: ignore[arg-type]

    with pytest.raises(SealLost, match="put there from somewhere else"):
        connections.opened(moved["service"], moved["account"], kind=moved["kind"])


def test_tokens_that_were_swapped_do_not_open(database: Postgres) -> None:
    connections = connections_of(database)
    connections.keep(a_connection("T1"), canary())
    connections.keep(a_connection("T2"), canary())
    database.write(
        """
        UPDATE connections AS one SET sealed = other.sealed FROM connections AS other
        WHERE one.account = 'T1' AND other.account = 'T2'
        """
    )

    with pytest.raises(SealLost):
        connections.opened("slack", "T1")
    assert connections.opened("slack", "T2") is not None


def test_no_token_stands_in_the_database_in_any_form(
    database: Postgres, database_urls: Urls
) -> None:
    tokens = canary()
    connections_of(database).keep(a_connection(), tokens)

    with psycopg.connect(database_urls["DATABASE_URL"]) as connection:
        texts = connection.execute(
            "SELECT c::text || encode(sealed, 'escape') FROM connections AS c"
        ).fetchall()
        raw = connection.execute("SELECT sealed FROM connections").fetchall()

    held = b"".join(text.encode() for (text,) in texts) + b"".join(bytes(one) for (one,) in raw)
    assert not [trace for trace in traces(tokens) if trace in held]
    # That they would be found where they are not sealed:
    assert base64.b64encode(b"." + tokens.access.encode()) != b""
    assert traces(tokens)[5] in base64.b64encode(b"\0" + tokens.access.encode() + b"more")


def test_no_token_is_shown_by_what_holds_it(database: Postgres) -> None:
    connections, tokens = connections_of(database), canary()
    kept = connections.keep(a_connection(), tokens)

    opened = connections.opened("slack", "T1")

    shown = f"{tokens!r} {opened!r} {opened} {kept!r} {connections!r}"
    assert not [trace for trace in traces(tokens) if trace in shown.encode()]


def test_another_master_key_opens_nothing_and_says_what_helps(database: Postgres) -> None:
    connections_of(database).keep(a_connection(), canary())

    with pytest.raises(SealLost, match="WADDLEBOT_SEAL_KEY_BEFORE") as caught:
        connections_of(database, master=new_master()).opened("slack", "T1")

    assert "rotate-seal --give-up" in str(caught.value)


def test_the_master_key_before_opens_what_it_sealed(database: Postgres) -> None:
    old, new, tokens = new_master(), new_master(), canary()
    connections_of(database, master=old).keep(a_connection(), tokens)

    opened = connections_of(database, master=new, before=old).opened("slack", "T1")

    assert opened is not None
    assert opened.tokens == tokens


@pytest.mark.parametrize("text", ["", "short", "AAAA", "%%%", "ä" * 43])
def test_a_key_that_is_none_is_named(text: str) -> None:
    with pytest.raises(SealLost, match="WADDLEBOT_SEAL_KEY is no key: it must be 32 bytes"):
        Seal.under(text)


def test_what_is_lost_is_said_once_and_keeps_no_token(database: Postgres) -> None:
    connections = connections_of(database)
    kept = connections.keep(a_connection(), canary())

    told = [connections.lose(kept, "Slack takes it no more.") for _ in range(3)]

    assert told == [True, False, False]
    opened = connections.opened("slack", "T1")
    assert opened is not None
    assert opened.tokens == Tokens(access="")
    assert opened.connection.state is ConnectionState.LOST
    assert opened.connection.why == "Slack takes it no more."


def test_what_was_connected_again_meanwhile_is_not_lost(database: Postgres) -> None:
    connections = connections_of(database)
    old = connections.keep(a_connection(), canary())
    connections.keep(a_connection(), canary())

    assert not connections.lose(old, "Late.")
    assert connections.opened("slack", "T1").connection.is_connected  # type: ignore[union-attr]


def test_who_disconnects_gets_the_tokens_once_to_revoke_them(database: Postgres) -> None:
    connections, tokens = connections_of(database), canary()
    kept = connections.keep(a_connection(), tokens)

    assert connections.disconnect(kept) == tokens
    assert connections.disconnect(kept) is None
    assert connections.find("slack", "T1").state is ConnectionState.DISCONNECTED  # type: ignore[union-attr]
    assert database.write("SELECT 1 FROM connections WHERE sealed IS NOT NULL") == []
    assert connections.disconnect(a_connection("T9")) is None


def test_the_first_two_who_seal_at_once_make_one_key(
    database: Postgres, database_urls: Urls
) -> None:
    doors = [Postgres(database_urls["DATABASE_URL"], name=f"sealer {n}") for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(
                lambda n: connections_of(doors[n]).keep(a_connection(f"T{n}"), canary()), range(6)
            )
        )

    assert database.write("SELECT version FROM seal_keys") == [{"version": 1}]
    assert all(connections_of(database).opened("slack", f"T{n}") for n in range(6))
    for door in doors:
        door.close()


def test_a_community_that_is_gone_takes_its_connections_along(database: Postgres) -> None:
    connections = connections_of(database)
    database.write("INSERT INTO communities (id, name, version) VALUES (7, 'Penguins', '')")
    connections.keep(a_connection(owner=Owner.of_community(CommunityId(7))), canary())

    database.write("DELETE FROM communities WHERE id = 7")

    assert connections.find("slack", "T1") is None


def test_a_person_is_told_of_their_connections_without_tokens_and_then_forgotten(
    database: Postgres,
) -> None:
    connections, tokens = connections_of(database), canary()
    connections.keep(a_connection(owner=Owner.of_person(PERSON)), tokens)
    connections.keep(a_connection(PERSON.user_id, service="twitch"), canary())  # the house's own
    connections.keep(replace(a_connection("T3"), connected_by=PERSON.key), canary())
    with database.writer() as connection:
        told = tell(connection, PERSON)["connections"]
        forget(connection, PERSON)
        assert tell(connection, PERSON)["connections"] == []

    assert sorted(one["account"] for one in told) == ["T1", "T3"]
    assert "sealed" not in told[0]
    assert not [trace for trace in traces(tokens) if trace in repr(told).encode()]
    assert connections.find("slack", "T1") is None
    assert connections.find("twitch", PERSON.user_id) is not None


def test_what_a_home_is_connected_with_goes_along_when_an_upgrade_finds_it_behind(
    database: Postgres,
) -> None:
    """Releases before moved the places of a home and left its connection where it was."""
    connections = connections_of(database)
    with database.writer() as transaction:
        places = Places(Edit(transaction))
        left, stays = places.founded_for("slack:server:T1"), places.founded_for("slack:server:T2")
        joined = places.join([EntityId("slack:channel:T1/C1")], "Pond")
        places.open(EntityId("slack:channel:T2/C1"))
    for team, owner in (("T1", left), ("T2", stays)):
        connections.keep(a_connection(team, owner=Owner.of_community(owner)), canary())
    number = "0094_connections_where_homes_belong.sql"
    upgrade = files("waddlebot.stores.migrations").joinpath(number).read_text()
    for _ in range(2):
        with database.writer() as transaction:
            transaction.execute(upgrade.encode())
        assert [one.account for one in connections.owned_by(Owner.of_community(joined))] == ["T1"]
        assert [one.account for one in connections.owned_by(Owner.of_community(stays))] == ["T2"]
