"""Tokens of connected workspaces are canaries: wherever the house keeps or writes something, none
of them is found, as it is, in an address or in base64."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis

from local.plane.programs import find_programs
from tests.helpers.connected import connections_of, traces
from tests.helpers.house import House, running
from tests.helpers.inside import Inside
from tests.helpers.patience import eventually
from tests.helpers.signing_in import Browser
from waddlebot.domain.connections import Tokens
from waddlebot.stores.postgres import Postgres

pytestmark = pytest.mark.xdist_group("houses of their own")

WORKSPACES = ("T0PUDDLE", "T0MEADOW")
SERVERS = ("cache", "limits", "streams")
PATIENCE_SECONDS = 30.0


def test_no_token_of_a_workspace_stands_anywhere_in_the_clear(home: Path) -> None:
    with running(home) as (house, process):
        postgres = Postgres(house.database_url, name="canaries")
        try:
            canaries = [*_connected(house, postgres), *_renewed(house, postgres)]
            _sealed_anew(house)
            _talks(house, WORKSPACES)
            _ends(house, WORKSPACES[0])
        finally:
            postgres.close()
        assert len({one.access for one in canaries}) == 2 * len(WORKSPACES)
        wanted = {trace for tokens in canaries for trace in traces(tokens)}
        places = dict(_written(house, process.pid))
        for place, text in places.items():
            assert not [one for one in wanted if one in text], place
        _are_looked_through(places, house)


def _connected(house: House, postgres: Postgres) -> list[Tokens]:
    for workspace in WORKSPACES:
        browser = Browser(house)
        asked = browser.get("/connect/slack")
        page = browser.get(f"{asked.path}&workspace={workspace}&rotates=1")
        assert page.status == 200, page.text
    _talks(house, WORKSPACES)
    return _tokens(house, postgres)


def _renewed(house: House, postgres: Postgres) -> list[Tokens]:
    before = {one.access for one in _tokens(house, postgres)}
    postgres.write("UPDATE connections SET renewed_at = now() - interval '12 hours'")
    for workspace in WORKSPACES:
        assert house.post(f"/stand-ins/slack/workspaces/{workspace}/expire", {})["expired"]
    _talks(house, WORKSPACES)
    found: list[Tokens] = []

    def are_new() -> bool:
        found[:] = _tokens(house, postgres)
        return not before & {one.access for one in found}

    assert eventually(are_new, within=PATIENCE_SECONDS)
    return found


def _tokens(house: House, postgres: Postgres) -> list[Tokens]:
    connections = connections_of(postgres, master=house.keys["WADDLEBOT_SEAL_KEY"])
    opened = [connections.opened("slack", one) for one in WORKSPACES]
    return [one.tokens for one in opened if one]


def _talks(house: House, workspaces: tuple[str, ...]) -> None:
    for workspace in workspaces:
        number = uuid.uuid4().int % 10**9
        chat = house.chat(on="slack", channel=f"C{number}", server=workspace, viewer=f"sam{number}")
        chat.says("ana", "!help quote")
        assert chat.hears("quote", within=PATIENCE_SECONDS), workspace


def _sealed_anew(house: House) -> None:
    status, told = house.api({}, path="/api/operations/keys/rotate-seal")
    assert status == 200, told


def _ends(house: House, workspace: str) -> None:
    gone = {"type": "tokens_revoked", "as": "olga", "on": "slack", "server": workspace}
    assert house.post("/stand-ins/happens", {**gone, "channel": "C0GENERAL"})["accepted"]

    def is_disconnected() -> bool:
        with psycopg.connect(house.database_url) as connection:
            rows = connection.execute(
                "SELECT state FROM connections WHERE account = %s", [workspace]
            ).fetchall()
        return rows == [("disconnected",)]

    assert eventually(is_disconnected, within=PATIENCE_SECONDS)


def _written(house: House, launcher: int) -> Iterator[tuple[str, bytes]]:
    """All that the house keeps or shows, each with a name: what the platforms keep is outside."""
    dump = subprocess.run(
        [find_programs().postgres_tool("pg_dump"), "--dbname", house.database_url],
        capture_output=True,
        check=True,
        timeout=60,
    )
    yield "pg_dump", dump.stdout
    for name in SERVERS:
        with Inside(house=house).valkey(name) as server:
            server.bgrewriteaof() if name == "streams" else server.save()
            yield f"valkey {name}", b"\n".join(_values(server))
    for path in sorted(house.home.rglob("*")):
        if path.is_file() and not path.is_symlink():
            try:
                yield str(path.relative_to(house.home)), path.read_bytes()
            except FileNotFoundError:
                continue  # a segment that was recycled meanwhile
    whole = psutil.Process(launcher)
    for process in (whole, *whole.children(recursive=True)):
        try:
            about = Path(f"/proc/{process.pid}")
            text = (about / "environ").read_bytes() + (about / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield f"process {process.pid}", text


def _values(server: redis.Redis) -> Iterator[bytes]:
    readers: dict[bytes, Any] = {
        b"string": server.get,
        b"hash": server.hgetall,
        b"stream": server.xrange,
        b"set": server.smembers,
        b"list": lambda key: server.lrange(key, 0, -1),
        b"zset": lambda key: server.zrange(key, 0, -1),
    }
    for key in server.scan_iter(count=1_000):
        yield key
        yield repr(readers[server.type(key)](key)).encode()


def _are_looked_through(places: dict[str, bytes], house: House) -> None:
    """What is known to stand there is found, so what is not found is not there."""
    assert b"T0MEADOW" in places["pg_dump"]
    assert any(b"T0MEADOW" in text for name, text in places.items() if "pg_wal/" in name)
    assert b"T0MEADOW" in places["valkey streams"]
    password = house.keys["VALKEY_STREAMS_PASSWORD"].encode()
    assert any(password in text for name, text in places.items() if name.startswith("process"))
    assert any(name.startswith("logs/") and text for name, text in places.items())
    assert any("aof" in name.lower() or name.endswith(".rdb") for name in places)
