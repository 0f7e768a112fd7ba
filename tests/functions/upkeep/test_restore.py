"""A night's restore: a server as it was then, its rows counted and brought back by `upkeep-restore`
through the front that takes tokens as RDS does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from functions.upkeep import migrate_handler, restore_handler
from infra.addresses import DATABASE, MASTER
from infra.rehearsal.emulator import KEYS, REGION
from infra.rehearsal.keys import ProcessKeys
from infra.rehearsal.servers import RehearsalServers
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.keepers import quick_folder
from tests.helpers.patience import eventually
from tests.helpers.secrets_stand_in import UNDER, secrets_manager
from waddlebot.domain.database_users import OWNER
from waddlebot.domain.errors import Refusal, Unavailable
from waddlebot.runtime.credentials import Credentials
from waddlebot.runtime.needs import MASTER_URL
from waddlebot.runtime.signing import database_token

__all__ = ["logging_restored"]  # a fixture

OPERATOR = ProcessKeys(
    key_id=KEYS["AWS_ACCESS_KEY_ID"],
    secret=KEYS["AWS_SECRET_ACCESS_KEY"],
    session_token=KEYS.get("AWS_SESSION_TOKEN", ""),
    database=frozenset({OWNER}),
    valkey=frozenset(),
)
THEN = "as_it_was"
PLACE = "twitch:channel:1001"


@pytest.fixture(scope="module")
def rds() -> Iterator[RehearsalServers]:
    """With a house's tables and a community that has quotes; as it is now and as it was."""
    with quick_folder("restore") as folder:
        servers = RehearsalServers(folder / "home", "dev", {"restore": OPERATOR})
        servers.start()
        try:
            migrate(servers)
            write(servers, _COMMUNITY)
            with psycopg.connect(servers.urls["DATABASE_URL"], autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {THEN} TEMPLATE {DATABASE}".encode())
            yield servers
        finally:
            servers.stop()


def migrate(servers: RehearsalServers) -> None:
    """As a deploy does it, with the master's password where RDS keeps it."""
    own = servers.steered["AWS::RDS::DBInstance"]
    assert isinstance(own, dict)
    with pytest.MonkeyPatch.context() as patched, secrets_manager() as (keeper, _):
        keeper.keep(MASTER=own["secret"])
        at_master = f"postgresql://{MASTER}@{servers.host}:5432/{DATABASE}?login=secret"
        more = {MASTER_URL: f"{at_master}&password={UNDER}MASTER"}
        for name, value in {**keeper.environment(), **variables(servers), **more}.items():
            patched.setenv(name, value)
        assert eventually(lambda: answered(lambda: migrate_handler.handler({}, AwsContext())))


_COMMUNITY = """
    INSERT INTO communities (id, name, version) OVERRIDING SYSTEM VALUE VALUES (41, 'Pond', 'v1');
    INSERT INTO memories
        (community_id, number, kind, content, platform, created_by, created_by_name)
    SELECT 41, number, 'quote', 'Quote ' || number, 'twitch', '7', 'Max'
    FROM generate_series(1, 300) AS number;
    INSERT INTO memory_numbers VALUES (41, 'memories', 300);
"""


@pytest.fixture(autouse=True)
def _environment(rds: RehearsalServers, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables(rds).items():
        monkeypatch.setenv(name, value)


def variables(rds: RehearsalServers) -> dict[str, str]:
    """Of a function that enters as the owner, as the stack writes them."""
    return {
        "DATABASE_URL": f"postgresql://{OWNER}@{rds.host}:5432/{DATABASE}?login=iam",
        "VALKEY_CACHE_URL": rds.urls["VALKEY_CACHE_URL"],
        "AWS_REGION": REGION,
        **rds.given,
        **KEYS,
    }


def write(rds: RehearsalServers, statement: str) -> None:
    with psycopg.connect(rds.owners_url) as connection:
        connection.execute(statement.encode())


def read(rds: RehearsalServers, statement: str) -> list[Any]:
    with psycopg.connect(rds.owners_url) as connection:
        return connection.execute(statement.encode()).fetchall()


def at_then(rds: RehearsalServers) -> psycopg.Connection[Any]:
    return psycopg.connect(f"{rds.owners_url.rpartition('/')[0]}/{THEN}")


def restore(
    rds: RehearsalServers, *tables: str, changed: bool = False, **other: Any
) -> dict[str, Any]:
    told: list[dict[str, Any]] = []

    def has_answered() -> bool:
        told.extend(answered(lambda: asked_of(rds, *tables, changed=changed, **other)))
        return bool(told)

    assert eventually(has_answered)
    return told[0]


def asked_of(
    rds: RehearsalServers, *tables: str, changed: bool = False, **other: Any
) -> dict[str, Any]:
    """As `waddlebot aws restore` asks, with a token of the operator's own."""
    credentials = Credentials(
        key_id=os.environ["AWS_ACCESS_KEY_ID"], secret=os.environ["AWS_SECRET_ACCESS_KEY"]
    )
    token = database_token(
        rds.host, 5432, OWNER, credentials=credentials, region=REGION, now=datetime.now(UTC)
    )
    server = {"host": rds.host, "database": THEN, "token": token, **other}
    asked = {"server": server, "tables": list(tables), "changed": changed}
    return restore_handler.handler(asked, AwsContext())


def answered(call: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
    """Nothing where a machine is too busy to connect within two seconds: nothing was done."""
    try:
        return [call()]
    except Unavailable as error:
        if error.how != "does not answer":
            raise
        return []


def test_what_somebody_deleted_is_back_and_what_is_new_stays(
    rds: RehearsalServers, logging_restored: None
) -> None:
    assert logging_restored is None
    [(version,)] = read(rds, "SELECT version FROM communities WHERE id = 41")
    write(rds, "DELETE FROM memories WHERE number BETWEEN 100 AND 199")
    write(rds, "UPDATE memories SET content = 'honk' WHERE number = 7")
    write(
        rds,
        "INSERT INTO memories (community_id, number, kind, content, platform, created_by,"
        " created_by_name) VALUES (41, 301, 'quote', 'of now', 'twitch', '7', 'Max')",
    )

    told = restore(rds)
    assert (told["now"]["memories"], told["then"]["memories"]) == (201, 300)
    assert told["now"]["communities"] == told["then"]["communities"]

    assert restore(rds, "memories")["came"] == {"memories": 100}
    assert restore(rds, "memories")["came"] == {"memories": 0}, "a second time nothing is missing"
    kept = dict(read(rds, "SELECT number, content FROM memories"))
    assert len(kept) == 301
    assert (kept[7], kept[150], kept[301]) == ("honk", "Quote 150", "of now")
    [(after,)] = read(rds, "SELECT version FROM communities WHERE id = 41")
    assert after != version, "routers would go on with what they have in memory"

    assert restore(rds, "memories", changed=True)["came"] == {"memories": 1}
    assert dict(read(rds, "SELECT number, content FROM memories"))[7] == "Quote 7"


def test_all_of_it_goes_into_a_new_house_and_numbers_go_on(
    rds: RehearsalServers, logging_restored: None
) -> None:
    assert logging_restored is None
    write(
        rds,
        "DELETE FROM communities WHERE id > 0; DELETE FROM memories;"
        "DELETE FROM memory_numbers;"
        "ALTER TABLE memories ALTER id RESTART",
    )
    every = list(restore(rds)["now"])
    assert "migrations" not in every
    came = restore(rds, *every)["came"]
    assert came["memories"] == 300
    write(
        rds,
        "INSERT INTO memories (community_id, number, kind, platform, created_by, created_by_name)"
        " VALUES (41, 302, 'quote', 'twitch', '7', 'Max')",
    )


def test_a_line_of_a_day_that_was_swept_finds_its_day_again(
    rds: RehearsalServers, logging_restored: None
) -> None:
    assert logging_restored is None
    day = "CREATE TABLE happenings_20260101 PARTITION OF happenings FOR VALUES FROM"
    with at_then(rds) as then:
        then.execute(f"{day} ('2026-01-01') TO ('2026-01-02')".encode())
        then.execute(
            "INSERT INTO happenings VALUES ('e1', '2026-01-01', '2026-01-01 12:00Z', 41, %s,"
            " 'twitch', 'raid')",
            (PLACE,),
        )
    assert restore(rds, "happenings")["came"] == {"happenings": 1}


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (("quotes",), "No table is called quotes. There are: "),
        (("migrations",), "No table is called migrations."),
        (("memories; DROP TABLE memories",), "No table is called memories; DROP"),
    ],
)
def test_a_table_that_is_none_is_refused_and_nothing_changes(
    rds: RehearsalServers, tables: tuple[str, ...], said: str, logging_restored: None
) -> None:
    assert logging_restored is None
    with pytest.raises(Refusal, match=said.replace("(", r"\(")):
        restore(rds, *tables)


def test_rows_that_point_at_what_is_not_here_say_which_table_is_missing(
    rds: RehearsalServers, logging_restored: None
) -> None:
    assert logging_restored is None
    with at_then(rds) as connection:
        connection.execute(
            "INSERT INTO communities (id, name, version) OVERRIDING SYSTEM VALUE"
            " VALUES (42, 'Lake', 'v1')"
        )
        connection.execute(
            "INSERT INTO aliases (community_id, alias, text) VALUES (42, 'q', '!quote')"
        )
    with pytest.raises(Refusal, match="aliases was not brought back, and nothing was"):
        restore(rds, "memories", "aliases")
    assert restore(rds, "communities", "aliases")["came"] == {"communities": 1, "aliases": 1}


@pytest.mark.parametrize(
    "other", [{"token": "a token of nobody"}, {"host": "127.0.0.1"}], ids=["token", "host"]
)
def test_a_server_that_does_not_let_in_is_told_of_by_its_name(
    rds: RehearsalServers, other: dict[str, Any], logging_restored: None
) -> None:
    assert logging_restored is None
    with pytest.raises(Unavailable, match="the server of then, 127"):
        asked_of(rds, **other)
