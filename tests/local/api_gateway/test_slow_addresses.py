"""A module whose web address is slow goes on answering in chat, however many come to it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from local.lambda_service import InvokeAnswer
from tests.helpers.patience import eventually, is_crowded
from tests.helpers.visiting import AT, Visited, visited
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import Call, CommunityInfo, Place, User

__all__ = ["visited"]  # a fixture

STRANGERS = 40


def asked(number: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    return Call(
        execution_id=f"exec_{number}",
        session_id="sess_1",
        command="guests",
        event_type="chat.message",
        user=User(id="1001", name="Ana"),
        entity=Place(id="twitch:channel:1", platform="twitch"),
        community=CommunityInfo(id=1, name="Pond"),
        occurred_at=now,
        deadline=now + timedelta(seconds=2),
    ).to_wire()


def answer_of(visited: Visited, number: int) -> InvokeAnswer:
    """On a machine that others use as well a command may be late by itself, once."""
    answer = visited.call(asked(number))
    return visited.call(asked(number)) if answer.function_error and is_crowded() else answer


def test_many_strangers_at_a_slow_address_keep_no_command_of_its_module_waiting(
    visited: Visited, database: Postgres
) -> None:
    def comes(_: int) -> httpx.Response:
        return visited.client.get(f"{AT}/slow?for=1.5")

    with ThreadPoolExecutor(STRANGERS) as strangers:
        # Processes for an address and a command are up: this is not about their start.
        first = strangers.submit(comes, 0)
        assert eventually(lambda: visited.call(asked(100)).function_error is None)
        assert first.result().status_code == 200
        database.write("DELETE FROM guests")
        came = [strangers.submit(comes, number) for number in range(STRANGERS)]
        assert eventually(lambda: any(one.done() for one in came))
        answers = [answer_of(visited, number) for number in range(5)]
        answered = [one.result() for one in came]

    assert [(one.status, one.function_error) for one in answers] == [(200, None)] * 5
    assert all("were here" in one.payload.decode() for one in answers)
    assert {one.status_code for one in answered} == {200, 503}
    refused = [one for one in answered if one.status_code == 503]
    assert {one.json()["error"]["code"] for one in refused} == {"BUSY"}
    assert all(int(one.headers["retry-after"]) > 0 for one in refused)
    assert "Try again in 2 s." in refused[0].json()["error"]["message"]
    done = len(answered) - len(refused)
    assert len(database.write("SELECT name FROM guests")) == done


def test_what_takes_too_long_at_an_address_says_so_and_did_not_happen(
    visited: Visited, database: Postgres
) -> None:
    late = visited.client.get(f"{AT}/slow?for=30")

    assert (late.status_code, late.json()["error"]["code"]) == (504, "TOOK_TOO_LONG")
    assert "took longer than 2 s" in late.json()["error"]["message"]
    assert database.write("SELECT name FROM guests") == []
    assert "<rss></rss>" in visited.client.get(f"{AT}/feed.xml").text


@pytest.mark.parametrize("catches", ["Exception", "BaseException"])
def test_a_module_that_catches_everything_catches_no_end_of_its_time(
    visited: Visited, database: Postgres, catches: str
) -> None:
    late = visited.client.get(f"{AT}/stubborn", params={"catches": catches})

    assert (late.status_code, late.json()["error"]["code"]) == (504, "TOOK_TOO_LONG")
    assert database.write("SELECT name FROM guests") == []
