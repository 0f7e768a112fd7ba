"""Several calls of a module in one invocation: all are kept, or each is made by itself."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.notebook import Notes, a_call, door, notes_in
from tests.helpers.round_trips import counting
from waddlebot.runtime.serve_module import ModuleDoor
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import Call

__all__ = ["door", "logging_restored"]  # fixtures


def asked(door: ModuleDoor[Notes], *calls: Call) -> dict[str, list[str]]:
    """What each of them was told."""
    answer: Any = door({"calls": [call.to_wire() for call in calls]}, AwsContext())
    return {
        name: [response["chat_message"] for response in wire]
        for name, wire in answer["answers"].items()
    }


def test_each_is_answered_in_order_and_its_effect_kept(
    door: ModuleDoor[Notes], database: Postgres
) -> None:
    calls = [a_call(text, execution_id=text) for text in ("milk", "eggs", "tea")]

    assert asked(door, *calls) == {"milk": ["Note 1."], "eggs": ["Note 2."], "tea": ["Note 3."]}
    assert notes_in(database) == ["milk", "eggs", "tea"]


def test_what_was_made_before_is_answered_again_and_has_one_effect(
    door: ModuleDoor[Notes], database: Postgres
) -> None:
    milk, eggs = a_call("milk", execution_id="e1"), a_call("eggs", execution_id="e2")
    door(milk.to_wire(), AwsContext())

    first = asked(door, eggs, milk, eggs)
    again = asked(door, milk, eggs)
    [alone] = door(replace(eggs, session_id="sess_2").to_wire(), AwsContext())

    assert first == again == {"e1": ["Note 1."], "e2": ["Note 2."]}
    assert (alone["chat_message"], alone["session_id"]) == ("Note 2.", "sess_2")
    assert notes_in(database) == ["milk", "eggs"]


@pytest.mark.parametrize(
    ("text", "command", "is_late"),
    [
        ("a secret", "note", False),
        ("", "nap", False),
        ("", "odd", False),
        ("", "unknown", False),
        ("milk", "note", True),
    ],
    ids=["refused", "too long", "unstorable", "unknown", "too late"],
)
def test_where_one_goes_wrong_none_has_happened_and_each_may_be_called_by_itself(
    door: ModuleDoor[Notes], database: Postgres, text: str, command: str, *, is_late: bool
) -> None:
    spoilt = a_call(text, execution_id="bad", command=command)
    if is_late:
        spoilt = replace(spoilt, deadline=datetime.now(UTC))
    milk = a_call("milk", execution_id="e1")

    assert asked(door, milk, spoilt, a_call("eggs", execution_id="e2")) == {}
    assert notes_in(database) == []

    [answer] = door(milk.to_wire(), AwsContext())
    assert answer["chat_message"] == "Note 1."


def test_secrets_are_told_and_not_kept(door: ModuleDoor[Notes], database: Postgres) -> None:
    code = a_call("", command="code", execution_id="e1")

    told = asked(door, code, a_call(execution_id="e2"))
    again = asked(door, code, a_call(execution_id="e2"))

    assert "7F3KQ9" in told["e1"][0]
    assert "please ask again" in again["e1"][0]
    assert "7F3KQ9" not in str(database.write("SELECT * FROM module_effects"))


def test_ten_calls_cost_two_round_trips_beside_their_own(
    door: ModuleDoor[Notes], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = conninfo_to_dict(os.environ["DATABASE_URL"])
    host, port = str(server["host"]), str(server["port"])
    address = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, int(port))
    with counting(address) as trips:
        between = {**server, "host": "127.0.0.1", "port": trips.port, "sslmode": "disable"}
        monkeypatch.setenv("DATABASE_URL", make_conninfo(**between))

        def cost(round_: int) -> int:
            before = trips.count
            asked(door, *(a_call(execution_id=f"e{round_}-{number}") for number in range(10)))
            return trips.count - before

        cost(0)  # connects
        # Packets may be cut anywhere: what they cost at least is what is waited for.
        costs = min([cost(number) for number in range(1, 4)])
        door.close()

    assert costs == 2 + 10 * 2, "a note is an INSERT and a SELECT"
