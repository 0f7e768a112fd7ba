"""Tokens are renewed by one at a time, over threads and processes, whatever the service does."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.helpers.connected import MASTER, a_connection, canary, connections_of, traces
from tests.helpers.servers import Urls, as_owner
from tests.helpers.service_stand_in import Handler
from tests.helpers.token_stand_in import TokenService, access_tokens, token_service
from waddlebot.domain.connections import Connection, ConnectionState, Tokens
from waddlebot.domain.errors import Unavailable
from waddlebot.outside import renewing
from waddlebot.outside.renewing import AccessTokens, ConnectionLost, NotConnected
from waddlebot.stores.postgres import Postgres

PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class Stage:
    """A connection of Slack's that is about to end, and the service that renews it."""

    database: Postgres
    service: TokenService
    tokens: Tokens
    told: list[Connection] = field(default_factory=list)

    def process(self, postgres: Postgres | None = None) -> AccessTokens:
        return access_tokens(
            postgres or self.database, self.service.origin, master=MASTER, told=self.told
        )

    def row(self) -> Connection:
        found = connections_of(self.database).find("slack", "T1")
        assert found is not None
        return found

    def pass_pauses(self) -> None:
        """As if all turns and pauses were over."""
        self.database.write("UPDATE connections SET renewing_until = now() - interval '1 s'")

    def end_access(self) -> None:
        self.database.write(
            """
            UPDATE connections SET expires_at = now() - interval '1 s',
                renewed_at = now() - interval '1 h'
            """
        )


@pytest.fixture
def stage(database: Postgres) -> Iterator[Stage]:
    tokens = canary()
    connections_of(database).keep(a_connection(), tokens)
    with token_service(tokens) as service:
        stage = Stage(database, service, tokens)
        stage.end_access()
        yield stage


def test_what_has_ended_is_renewed_and_stored(stage: Stage) -> None:
    process = stage.process()

    access = process.access("slack", "T1")

    assert [access] == [given.access for given in stage.service.given]
    assert stage.row().generation == 2
    assert stage.process().access("slack", "T1") == access == process.access("slack", "T1")
    assert len(stage.service.refreshes) == 1


def test_what_lives_on_is_not_renewed(stage: Stage) -> None:
    stage.database.write("UPDATE connections SET expires_at = now() + interval '1 h'")

    assert stage.process().access("slack", "T1") == stage.tokens.access
    assert stage.service.refreshes == []


def test_what_does_not_end_is_not_renewed(stage: Stage) -> None:
    stage.database.write("UPDATE connections SET expires_at = NULL")

    assert stage.process().access("slack", "T1") == stage.tokens.access
    assert stage.service.refreshes == []


def test_many_processes_and_threads_make_one_refresh(stage: Stage, database_urls: Urls) -> None:
    stage.service.before = _slowly(0.5)
    doors = [Postgres(database_urls["DATABASE_URL"], name=f"process {n}") for n in range(4)]
    processes = [stage.process(door) for door in doors]

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda n: _patient(processes[n % 4]), range(12)))

    assert found == [stage.service.given[0].access] * 12
    assert len(stage.service.refreshes) == 1
    for door in doors:
        door.close()


def test_while_it_still_lives_others_use_what_there_is(stage: Stage, database_urls: Urls) -> None:
    stage.database.write("UPDATE connections SET expires_at = now() + interval '2 min'")
    door = Postgres(database_urls["DATABASE_URL"], name="other")
    began: list[float] = []

    def meanwhile(_: Handler) -> bool:
        began.append(time.monotonic())
        assert stage.process(door).access("slack", "T1") == stage.tokens.access
        return False

    stage.service.before = meanwhile
    assert stage.process().access("slack", "T1") == stage.service.given[0].access
    assert len(began) == 1
    door.close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b'{"error": "oops"}'),
        (503, b"<html>"),
        (200, b'{"token": "changed fields"}'),
        (200, b"[]"),
        (200, b"null"),
        (200, b'{"access_token": 5}'),
        (200, b"\xff\xfe"),
        (429, b'{"error": "invalid_grant"}'),
        (400, b'{"error": "invalid_client"}'),
    ],
)
def test_a_service_that_fails_loses_nothing_and_is_left_alone_for_a_while(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes
) -> None:
    monkeypatch.setattr(renewing, "PATIENCE_SECONDS", 0.3)
    stage.service.before = _saying(body, status)

    for _ in range(3):
        with pytest.raises(Unavailable) as caught:
            stage.process().access("slack", "T1")
        assert not isinstance(caught.value, NotConnected)
    assert len(stage.service.refreshes) == 1  # then it pauses

    stage.service.before = lambda _: False
    stage.pass_pauses()
    assert stage.process().access("slack", "T1") == stage.service.given[0].access
    assert stage.told == []


def test_pauses_grow_to_ten_minutes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing, "PATIENCE_SECONDS", 0.0)
    stage.service.before = _saying(b"", 500)
    pauses = []
    for _ in range(9):
        stage.pass_pauses()
        with pytest.raises(Unavailable):
            stage.process().access("slack", "T1")
        [row] = stage.database.write(
            "SELECT extract(epoch FROM renewing_until - clock_timestamp()) AS s FROM connections"
        )
        pauses.append(float(row["s"]))

    assert pauses[0] <= 5
    assert 20 < pauses[3] <= 40
    assert 500 < pauses[-1] <= 600


@pytest.mark.parametrize(
    "body",
    [
        b'{"error": "invalid_grant"}',
        b'{"ok": false, "error": "invalid_refresh_token"}',
        b'{"status": 400, "message": "Invalid refresh token"}',
        b'{"status": 400, "message": "Invalid grant"}',
    ],
)
def test_what_the_service_takes_no_more_is_lost_and_said_once(stage: Stage, body: bytes) -> None:
    stage.service.before = _saying(body, 400)

    for _ in range(4):
        with pytest.raises(ConnectionLost, match="not connected"):
            stage.process().access("slack", "T1")

    assert len(stage.service.refreshes) == 1
    assert [one.account for one in stage.told] == ["T1"]
    assert stage.row().why == "Slack takes its tokens no more."


def test_an_answer_that_is_lost_after_the_tokens_turned_is_a_lost_connection(stage: Stage) -> None:
    stage.service.after = _hanging_up

    with pytest.raises(Unavailable):
        stage.process().access("slack", "T1")
    assert stage.row().is_connected
    stage.service.after = lambda _: False
    stage.pass_pauses()
    for _ in range(3):
        with pytest.raises(ConnectionLost):
            stage.process().access("slack", "T1")

    assert len(stage.service.refreshes) == 2
    assert len(stage.told) == 1


def test_a_slow_service_is_waited_for_as_long_as_the_turn_lasts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "CALL_SECONDS", 0.3)
    monkeypatch.setattr(renewing, "PATIENCE_SECONDS", 0.3)
    stage.service.before = _slowly(1.0)

    with pytest.raises(Unavailable):
        stage.process().access("slack", "T1")

    assert stage.row().is_connected
    assert len(stage.service.refreshes) == 1


def test_who_dies_between_the_service_and_the_store_leaves_a_lost_connection(
    stage: Stage, database_urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "PATIENCE_SECONDS", 0.3)
    process = _start_process(stage, database_urls)
    stage.service.after = lambda _: _killed(process)
    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == -signal.SIGKILL
    stage.service.after = lambda _: False

    with pytest.raises(Unavailable):  # its turn is not over yet
        stage.process().access("slack", "T1")
    assert len(stage.service.refreshes) == 1
    stage.pass_pauses()
    for _ in range(4):
        with pytest.raises(ConnectionLost):
            stage.process().access("slack", "T1")

    assert len(stage.service.refreshes) == 2  # asked once more, and the service's word decided
    assert len(stage.told) == 1


def test_who_dies_before_the_service_is_asked_loses_nothing(
    stage: Stage, database_urls: Urls
) -> None:
    process = _start_process(stage, database_urls)
    stage.service.before = lambda _: _killed(process)
    process.communicate(timeout=PATIENCE_SECONDS)
    stage.service.before = lambda _: False
    stage.pass_pauses()

    assert stage.process().access("slack", "T1") == stage.service.given[0].access
    assert stage.told == []


def test_a_renewal_that_kills_whoever_tries_is_given_up(stage: Stage) -> None:
    process = stage.process()
    for _ in range(renewing.MOST_TRIES):
        assert process.renewals.claim(stage.row(), seconds=0.0)  # and nobody hears of it again

    with pytest.raises(ConnectionLost):
        stage.process().access("slack", "T1")

    assert stage.service.refreshes == []
    assert len(stage.told) == 1


def test_who_was_held_up_beyond_their_turn_asks_nobody(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "CALL_SECONDS", -1.0)
    monkeypatch.setattr(renewing, "PATIENCE_SECONDS", 0.0)

    with pytest.raises(Unavailable):
        stage.process().access("slack", "T1")

    assert stage.service.refreshes == []


def test_who_disconnects_during_a_renewal_stays_disconnected_and_all_is_revoked(
    stage: Stage, database_urls: Urls
) -> None:
    door = Postgres(database_urls["DATABASE_URL"], name="other")

    def meanwhile(_: Handler) -> bool:
        assert stage.process(door).disconnect("slack", "T1")
        return False

    stage.service.after = meanwhile
    with pytest.raises(NotConnected):
        stage.process().access("slack", "T1")

    assert stage.row().state is ConnectionState.DISCONNECTED
    [new] = stage.service.given
    assert sorted(stage.service.revoked) == sorted(
        [stage.tokens.access, stage.tokens.refresh, new.access, new.refresh]
    )
    assert stage.told == []
    door.close()


def test_who_connects_anew_during_a_renewal_keeps_the_new_tokens(stage: Stage) -> None:
    newer = canary()

    def meanwhile(_: Handler) -> bool:
        connections_of(stage.database).keep(a_connection(), newer)
        return False

    stage.service.after = meanwhile

    assert stage.process().access("slack", "T1") == newer.access
    assert stage.process().access("slack", "T1") == newer.access


def test_a_token_that_is_refused_is_renewed_once_for_all_who_saw_it(
    stage: Stage, database_urls: Urls
) -> None:
    stage.database.write("UPDATE connections SET expires_at = now() + interval '1 h'")
    doors = [Postgres(database_urls["DATABASE_URL"], name=f"process {n}") for n in range(3)]
    processes = [stage.process(door) for door in doors]
    for process in processes:
        assert process.access("slack", "T1") == stage.tokens.access

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: one.refused("slack", "T1", stage.tokens.access), processes))

    assert [_until_new(one, stage) for one in processes] == [stage.service.given[0].access] * 3
    assert len(stage.service.refreshes) == 1
    for door in doors:
        door.close()


def test_a_service_that_refuses_what_it_just_gave_makes_no_loop(stage: Stage) -> None:
    process = stage.process()
    process.refused("slack", "T1", stage.tokens.access)

    with pytest.raises(ConnectionLost):
        process.refused("slack", "T1", process.access("slack", "T1"))

    assert len(stage.service.refreshes) == 1
    assert len(stage.told) == 1


def test_a_token_that_cannot_be_renewed_is_lost_once_it_is_refused(stage: Stage) -> None:
    alone = Tokens(access=canary().access)
    connections_of(stage.database).keep(replace(a_connection(), expires_at=None), alone)

    with pytest.raises(ConnectionLost):
        stage.process().refused("slack", "T1", alone.access)

    assert stage.service.refreshes == []
    assert len(stage.told) == 1


def test_what_nobody_connected_says_so(stage: Stage) -> None:
    with pytest.raises(NotConnected, match="Slack is not connected"):
        stage.process().access("slack", "T9")


def test_an_owner_who_cannot_be_told_stops_nobody(stage: Stage) -> None:
    def fails(_: Connection) -> None:
        raise RuntimeError("nobody there")

    stage.service.before = _saying(b'{"error": "invalid_grant"}', 400)
    process = replace(stage.process(), tell=fails)

    with pytest.raises(ConnectionLost):
        process.access("slack", "T1")


def test_no_token_is_logged_or_left_in_the_database(
    stage: Stage, caplog: pytest.LogCaptureFixture, database_urls: Urls
) -> None:
    caplog.set_level(logging.DEBUG)
    process = stage.process()
    stage.service.before = _saying(b'{"error": "canary.%s"}' % stage.tokens.refresh.encode(), 500)
    stage.database.write("UPDATE connections SET expires_at = now() + interval '2 min'")
    process.access("slack", "T1")
    stage.service.before = lambda _: False
    stage.pass_pauses()
    _until_new(stage.process(), stage)
    process.disconnect("slack", "T1")

    seen = caplog.text.encode() + repr(process).encode() + _dump(as_owner(database_urls))

    for tokens in (stage.tokens, *stage.service.given):
        assert not [trace for trace in traces(tokens) if trace in seen]


def _dump(url: str) -> bytes:
    """Every table, as COPY writes it in text and in binary."""
    found = bytearray()
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in rows:
            for form in ("text", "binary"):
                statement = f'COPY (SELECT * FROM "{table}") TO STDOUT (FORMAT {form})'  # noqa: S608
                with connection.cursor().copy(statement.encode()) as copy:
                    for part in copy:
                        found += bytes(part)
    return bytes(found)


def _until_new(process: AccessTokens, stage: Stage) -> str:
    ends = time.monotonic() + PATIENCE_SECONDS
    while (access := process.access("slack", "T1")) == stage.tokens.access:
        assert time.monotonic() < ends
        process._kept.clear()
        stage.database.write(
            "UPDATE connections SET expires_at = now() + interval '2 min' WHERE generation = 1"
        )
        time.sleep(0.05)
    return access


def _patient(process: AccessTokens) -> str:
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return process.access("slack", "T1")
        except Unavailable:
            if time.monotonic() > ends:
                raise


def _start_process(stage: Stage, urls: Urls) -> subprocess.Popen[bytes]:
    """Another process that asks for the same access."""
    code = (
        "import os\n"
        "from tests.helpers.token_stand_in import access_tokens\n"
        "from waddlebot.stores.postgres import Postgres\n"
        "door = Postgres(os.environ['URL'], name='killed')\n"
        "access_tokens(door, os.environ['ORIGIN'], master=os.environ['MASTER'])"
        ".access('slack', 'T1')\n"
    )
    environment = {
        **os.environ,
        "URL": urls["DATABASE_URL"],
        "ORIGIN": stage.service.origin,
        "MASTER": MASTER,
    }
    return subprocess.Popen([sys.executable, "-c", code], env=environment)


def _killed(process: subprocess.Popen[bytes]) -> bool:
    process.kill()
    process.wait(PATIENCE_SECONDS)
    return True


def _slowly(seconds: float) -> Callable[[Handler], bool]:
    def does(_: Handler) -> bool:
        time.sleep(seconds)
        return False

    return does


def _saying(body: bytes, status: int) -> Callable[[Handler], bool]:
    def does(handler: Handler) -> bool:
        handler.says(body, status)
        return True

    return does


def _hanging_up(handler: Handler) -> bool:
    handler.close_connection = True
    return True


def test_the_end_is_early_by_a_fifth_of_a_short_life(stage: Stage) -> None:
    now = datetime.now(UTC)
    kept = connections_of(stage.database).keep(
        replace(a_connection(), expires_at=now + timedelta(seconds=60)), stage.tokens
    )
    assert kept.generation == 2

    assert stage.process().access("slack", "T1") == stage.tokens.access
    assert stage.service.refreshes == []
