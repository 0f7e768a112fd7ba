"""A small module with a table of its own, through the door that Lambda calls."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.notebook import Notes, a_call, door, notes_in
from tests.helpers.round_trips import counting
from tests.helpers.servers import Urls
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.serve_module import ModuleDoor, TooLate
from waddlebot.stores.postgres import Postgres

__all__ = ["door", "logging_restored"]  # fixtures


def test_a_call_is_answered_and_its_effect_kept(
    door: ModuleDoor[Notes], database: Postgres
) -> None:
    assert door(a_call().to_wire(), AwsContext()) == [
        {
            "session_id": "sess_1",
            "success": True,
            "response_action": "chat",
            "chat_message": "Note 1.",
        }
    ]
    assert notes_in(database) == ["milk"]


def test_a_call_that_is_delivered_twice_has_one_effect_and_the_same_answer(
    door: ModuleDoor[Notes], database: Postgres
) -> None:
    first = door(a_call().to_wire(), AwsContext())
    again = door(replace(a_call(), session_id="sess_2").to_wire(), AwsContext())

    assert [response["chat_message"] for response in [*first, *again]] == ["Note 1."] * 2
    assert again[0]["session_id"] == "sess_2"
    assert notes_in(database) == ["milk"]


def test_a_secret_is_told_once_and_not_kept_for_the_second_time(
    door: ModuleDoor[Notes], database: Postgres
) -> None:
    [first] = door(a_call("", command="code").to_wire(), AwsContext())
    [again] = door(a_call("", command="code").to_wire(), AwsContext())

    assert (first["private"], first["secret"], "7F3KQ9" in first["chat_message"]) == (
        True,
        True,
        True,
    )
    assert (again["secret"], "please ask again" in again["chat_message"]) == (True, True)
    assert notes_in(database) == ["code"]
    assert "7F3KQ9" not in str(database.write("SELECT * FROM module_effects"))


def test_a_refusal_is_said_and_nothing_happened(
    door: ModuleDoor[Notes], database: Postgres
) -> None:
    [answer] = door(a_call("a secret").to_wire(), AwsContext())

    assert (answer["success"], answer["chat_message"]) == (False, "Secrets are not kept.")
    assert notes_in(database) == []


def test_what_is_too_late_did_not_happen(door: ModuleDoor[Notes], database: Postgres) -> None:
    late = replace(a_call(), deadline=datetime.now(UTC))
    with pytest.raises(TooLate):
        door(late.to_wire(), AwsContext())

    assert notes_in(database) == []


def test_a_statement_may_take_no_longer_than_the_module_declares(door: ModuleDoor[Notes]) -> None:
    with pytest.raises(Unavailable):
        door(a_call("", command="nap").to_wire(), AwsContext())


def test_a_persons_data_is_handed_out_and_removed(
    door: ModuleDoor[Notes], database: Postgres
) -> None:
    door(a_call().to_wire(), AwsContext())
    owner = {"community_id": 1, "platform": "twitch", "user_id": "1"}

    exported = door({"personal_data": {"verb": "export", **owner}}, AwsContext())
    erased = door({"personal_data": {"verb": "erase", **owner}}, AwsContext())

    assert exported == {"records": [{"note": "milk", "of": "1"}]}
    assert erased == {"erased": 1}
    assert notes_in(database) == []


def test_log_lines_name_the_call_and_never_what_was_written(
    door: ModuleDoor[Notes], capsys: pytest.CaptureFixture[str]
) -> None:
    door(a_call("my diary").to_wire(), AwsContext())

    said = capsys.readouterr().out
    assert '"execution_id": "e1"' in said
    assert '"execution_time": ' in said
    assert "diary" not in said


BEFORE_PIPELINES = 7
"""Round trips of the same call when each of its statements was sent by itself."""


def test_a_call_with_two_statements_of_its_own_costs_four_round_trips(
    door: ModuleDoor[Notes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the house adds goes with the beginning and with the commit."""
    server = conninfo_to_dict(os.environ["DATABASE_URL"])
    host, port = str(server["host"]), str(server["port"])
    address = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, int(port))
    with counting(address) as trips:
        between = {**server, "host": "127.0.0.1", "port": trips.port, "sslmode": "disable"}
        monkeypatch.setenv("DATABASE_URL", make_conninfo(**between))

        def cost(execution_id: str) -> int:
            before = trips.count
            door(a_call(execution_id=execution_id).to_wire(), AwsContext())
            return trips.count - before

        cost("e0")  # connects
        # Packets may be cut anywhere: what a call costs at least is what it waits for.
        called = min([cost(f"e{number}") for number in range(1, 6)])
        repeated = min([cost(f"e{number}") for number in range(1, 6)])
        door.close()

    print(f"\nround trips of a call {called}, ratio to before {called / BEFORE_PIPELINES:.2f}")
    assert called == 4
    assert repeated == 3


def test_what_cannot_be_kept_undoes_the_call_and_the_next_one_goes_on(
    door: ModuleDoor[Notes], database: Postgres
) -> None:
    with pytest.raises(psycopg.DataError):
        door(a_call("", command="odd").to_wire(), AwsContext())
    [answer] = door(a_call(execution_id="e2").to_wire(), AwsContext())

    assert answer["chat_message"] == "Note 1."
    assert notes_in(database) == ["milk"]


def test_a_module_may_use_savepoints_of_its_own(
    door: ModuleDoor[Notes], database: Postgres
) -> None:
    door(a_call("", command="twice").to_wire(), AwsContext())

    assert notes_in(database) == ["kept"]


def test_a_connection_that_went_stale_costs_nobody_an_answer(
    door: ModuleDoor[Notes], database_urls: Urls
) -> None:
    door(a_call().to_wire(), AwsContext())
    with psycopg.connect(database_urls["DATABASE_MASTER_URL"]) as server:
        server.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND backend_type = 'client backend' -- a vacuum may be there, too
            """
        )
    [answer] = door(a_call(execution_id="e2").to_wire(), AwsContext())

    assert answer["chat_message"] == "Note 2."
