"""`waddlebot keys rotate-seal`, as typed, while the platform goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from functions.operations import handler as operations
from functions.operations import sealing
from tests.helpers.connected import (
    MASTER,
    a_connection,
    canary,
    connections_of,
    in_an_hour,
    new_master,
)
from tests.helpers.operations_api import ask
from tests.helpers.servers import Urls
from tests.helpers.terminal import Terminal, address, terminal
from waddlebot.domain.connections import ConnectionState, Tokens
from waddlebot.stores.connections import Connections
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.renewals import Renewals
from waddlebot.stores.sealing import Seal, SealLost

__all__ = ["address", "terminal"]

PATIENCE_SECONDS = 30.0


@pytest.fixture
def sealed(
    address: str, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Tokens]]:
    """Twenty connections by account, of a house that seals three a batch."""
    assert address
    monkeypatch.setenv("WADDLEBOT_SEAL_KEY", MASTER)
    monkeypatch.setattr(sealing, "MOST_AT_ONCE", 3)
    operations.forget()
    kept = {f"T{number:02}": canary() for number in range(20)}
    connections = connections_of(database)
    for account, tokens in kept.items():
        connections.keep(a_connection(account), tokens)
    yield kept
    operations.forget()


def all_of(connections: Connections) -> dict[str, Tokens]:
    found = {}
    for one in connections.every("slack"):
        opened = connections.opened("slack", one.account)
        assert opened is not None
        found[one.account] = opened.tokens
    return found


def versions_of(database: Postgres) -> list[int]:
    return [row["version"] for row in database.write("SELECT version FROM seal_keys ORDER BY 1")]


def test_all_is_sealed_anew_and_the_old_key_is_gone(
    sealed: dict[str, Tokens], terminal: Terminal, database: Postgres
) -> None:
    runs = connections_of(database)  # a process that knows the old key
    assert all_of(runs) == sealed
    was = database.write("SELECT sealed FROM connections ORDER BY account")

    out = terminal.type("keys rotate-seal")

    assert terminal.code == 0
    assert out.splitlines()[0] == "3 connections sealed under data key 2, 17 left"
    assert out.splitlines()[-1] == "20 connections sealed under data key 2, none left"
    assert versions_of(database) == [2]
    assert database.write("SELECT sealed FROM connections ORDER BY account") != was
    assert all_of(runs) == sealed == all_of(connections_of(database))


def test_a_house_without_connections_has_nothing_to_do(
    sealed: dict[str, Tokens], terminal: Terminal, database: Postgres
) -> None:
    assert sealed
    database.write("DELETE FROM connections")

    told = terminal.type_json("keys rotate-seal")

    assert told == {"version": 2, "done": 0, "shut": 0}


def test_it_is_noted_who_did_it_once_a_key(
    sealed: dict[str, Tokens], terminal: Terminal, database: Postgres
) -> None:
    assert sealed
    terminal.type("keys rotate-seal")

    found = database.write("SELECT about FROM audit_log WHERE action = 'rotate seal'")

    assert found == [{"about": "seal key 2"}]


def test_killed_in_the_middle_and_begun_again_it_ends(
    sealed: dict[str, Tokens], terminal: Terminal, database: Postgres
) -> None:
    code = "from operations.keys import main; main(['rotate-seal'])"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    assert process.returncode
    assert all_of(connections_of(database)) == sealed

    terminal.type("keys rotate-seal")

    assert terminal.code == 0
    assert all_of(connections_of(database)) == sealed
    # Either it goes on with the second key, or that was done in time and this is the third.
    assert versions_of(database) in ([2], [3])


def test_broken_off_after_a_batch_it_goes_on_with_the_same_key(
    sealed: dict[str, Tokens],
    terminal: Terminal,
    database: Postgres,
) -> None:
    status, told = ask("POST /api/operations/keys/rotate-seal", {}, key="key-admin")
    assert (status, told["version"], told["left"]) == (200, 2, 17)
    assert versions_of(database) == [1, 2]
    assert all_of(connections_of(database)) == sealed

    terminal.type("keys rotate-seal")

    assert versions_of(database) == [2]
    assert all_of(connections_of(database)) == sealed


def test_a_key_that_is_not_there_yet_is_refused_with_what_to_do(
    sealed: dict[str, Tokens], database: Postgres
) -> None:
    """Once each batch sealed the same ones again, and something was always left."""
    status, told = ask("POST /api/operations/keys/rotate-seal", {"version": 2}, key="key-admin")
    assert (status, told["error"]["code"]) == (400, "INVALID_FIELD")
    assert told["error"]["message"] == (
        "There is no data key 2, the newest is 1: without 'version' there will be one."
    )
    assert versions_of(database) == [1]
    assert all_of(connections_of(database)) == sealed


def test_whoever_renews_and_connects_meanwhile_loses_nothing(
    sealed: dict[str, Tokens], terminal: Terminal, database: Postgres, database_urls: Urls
) -> None:
    with _writers(database_urls, sealed) as writers:
        for _ in range(4):
            terminal.type("keys rotate-seal")
            assert terminal.code == 0, terminal.out + terminal.err
    terminal.type("keys rotate-seal")

    assert not [one.failed for one in writers if one.failed]
    assert sum(one.written for one in writers) > 20
    written = {account: tokens for one in writers for account, tokens in one.last.items()}
    assert all_of(connections_of(database)) == {**sealed, **written}
    assert versions_of(database) == [6]


def test_a_new_master_key_takes_over_from_the_one_before(
    sealed: dict[str, Tokens],
    terminal: Terminal,
    database: Postgres,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = new_master()
    monkeypatch.setenv("WADDLEBOT_SEAL_KEY", new)
    monkeypatch.setenv("WADDLEBOT_SEAL_KEY_BEFORE", MASTER)
    operations.forget()

    terminal.type("keys rotate-seal")

    assert terminal.code == 0
    assert all_of(connections_of(database, master=new)) == sealed
    with pytest.raises(SealLost):
        connections_of(database, master=MASTER).opened("slack", "T00")


def test_a_lost_master_key_is_said_and_given_up_only_when_asked(
    sealed: dict[str, Tokens],
    terminal: Terminal,
    database: Postgres,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = new_master()
    monkeypatch.setenv("WADDLEBOT_SEAL_KEY", new)
    operations.forget()

    out = terminal.type("keys rotate-seal")
    assert terminal.code == 1
    assert "20 connections opened under no key that is known" in out
    assert "WADDLEBOT_SEAL_KEY_BEFORE" in out
    assert all_of(connections_of(database, master=new, before=MASTER)) == sealed

    out = terminal.type("keys rotate-seal --give-up")
    assert terminal.code == 0
    assert out.splitlines()[-1] == "20 connections lost. Their owners connect again."
    found = connections_of(database, master=new).find("slack", "T00")
    assert found is not None
    assert found.state is ConnectionState.LOST
    assert len(versions_of(database)) == 1
    connections_of(database, master=new).keep(a_connection("T00"), sealed["T00"])
    assert all_of(connections_of(database, master=new)) == {"T00": sealed["T00"]}


def test_one_that_does_not_open_keeps_no_other_from_being_sealed(
    sealed: dict[str, Tokens], terminal: Terminal, database: Postgres
) -> None:
    database.write(
        """
        UPDATE connections AS one SET sealed = other.sealed FROM connections AS other
        WHERE one.account IN ('T00', 'T01', 'T02', 'T03') AND other.account = 'T19'
        """
    )

    out = terminal.type("keys rotate-seal")

    assert terminal.code == 1
    assert "4 connections opened under no key that is known" in out
    assert len(database.write("SELECT 1 FROM connections WHERE key_version = 2")) == 16
    assert sealed


@pytest.mark.parametrize(
    ("key", "said"),
    [("", "needs WADDLEBOT_SEAL_KEY, which is not set"), ("short", "must be 32 bytes in base64")],
)
def test_without_a_key_the_operator_reads_what_to_do(
    sealed: dict[str, Tokens],
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    said: str,
) -> None:
    assert sealed
    monkeypatch.setenv("WADDLEBOT_SEAL_KEY", key)
    operations.forget()

    terminal.type("keys rotate-seal")

    assert terminal.code == 1
    assert said in terminal.err


@dataclass(slots=True)
class _Writer:
    """A process that renews and connects without a pause."""

    postgres: Postgres
    accounts: list[str]
    written: int = 0
    last: dict[str, Tokens] = field(default_factory=dict)
    failed: str = ""

    def write(self, stopped: threading.Event) -> None:
        seal = Seal.under(MASTER)
        connections, renewals = Connections(self.postgres, seal), Renewals(self.postgres, seal)
        try:
            while not stopped.is_set():
                for account in self.accounts:
                    self._renew(connections, renewals, account)
                new = f"N{self.accounts[0]}{self.written}"
                self.last[new] = canary()
                connections.keep(a_connection(new), self.last[new])
                time.sleep(0.01)
        except Exception as error:  # noqa: BLE001 - the test tells it
            self.failed = repr(error)

    def _renew(self, connections: Connections, renewals: Renewals, account: str) -> None:
        opened = connections.opened("slack", account)
        assert opened is not None
        assert opened.tokens == self.last.get(account, opened.tokens)
        turn = renewals.claim(opened.connection, seconds=30)
        assert turn is not None
        tokens = canary()
        assert renewals.store(turn, tokens, expires_at=in_an_hour())
        self.last[account] = tokens
        self.written += 1


@contextmanager
def _writers(urls: Urls, sealed: dict[str, Tokens]) -> Iterator[list[_Writer]]:
    accounts = sorted(sealed)
    writers = [
        _Writer(Postgres(urls["DATABASE_URL"], name=f"writer {n}"), accounts[n::5])
        for n in range(2)
    ]
    stopped = threading.Event()
    threads = [threading.Thread(target=one.write, args=(stopped,)) for one in writers]
    for thread in threads:
        thread.start()
    yield writers
    ends = time.monotonic() + PATIENCE_SECONDS
    while sum(one.written for one in writers) <= 20 and time.monotonic() < ends:
        time.sleep(0.05)
    stopped.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    for one in writers:
        one.postgres.close()
