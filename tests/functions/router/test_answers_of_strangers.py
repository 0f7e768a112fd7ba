"""What a stranger's function answers is capped when it is read, whatever it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.helpers.lambda_stand_in import Door
from tests.helpers.router_doors import Doors
from tests.helpers.secret_lines import TWITCH
from tests.helpers.stream_doors import route, told
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Speaker
from waddlebot.stores.postgres import Postgres

MOST = 8 * 1024


def rolls(doors: Doors, answer: Any, **headers: str) -> tuple[Any, dict[str, Any]]:
    """The API's answer to `#roll`, which the function answers so, and what is kept of it."""

    def says(door: Door) -> None:
        session = json.loads(door.stand_in.seen[-1].body)["session_id"]
        told = {"session_id": session, "success": True, **answer} if not headers else answer
        door.says(told, **headers)

    doors.functions.answer = says
    told = doors.asks(
        {
            "message_type": "chatMessage",
            "entity_id": "twitch:channel:1",
            "user_id": "1",
            "message": "#roll",
        }
    )
    assert told.status == 200, told.body
    [execution] = [one for one in told.body["executions"] if one["status"] != "shadowed"][-1:]
    return told, execution


def kept(database: Postgres) -> str:
    rows = database.write(
        "SELECT response_data, error_message FROM command_executions WHERE command = '#roll'"
    )
    return json.dumps([dict(row) for row in rows], ensure_ascii=False)


@pytest.mark.parametrize("letter", ["x", "ß", "🐧", '"'])
def test_a_text_is_cut_at_eight_kilobytes(doors: Doors, database: Postgres, letter: str) -> None:
    told, _ = rolls(doors, {"response_action": "chat", "chat_message": letter * 50_000})

    said = "".join(one for one in told.texts if letter * 3 in one)
    assert 0 < len(said.encode()) <= MOST
    assert len(kept(database).encode()) < 2 * MOST + 1_000


def test_what_no_database_takes_is_left_out(doors: Doors) -> None:
    told, _ = rolls(doors, {"response_action": "chat", "chat_message": "a\0b"})

    assert "ab" in told.texts


@pytest.mark.parametrize(
    "details",
    [
        {"x": "y" * 16_385},
        {str(number): number for number in range(5_000)},
        {"x": "a\0b"},
        {"x": json.loads("[" * 400 + "]" * 400), "y": "z" * 16_000},
    ],
    ids=["long", "many", "NUL", "deep"],
)
def test_details_that_are_too_large_are_no_answer(
    doors: Doors, database: Postgres, details: dict[str, Any]
) -> None:
    ticker = {"response_action": "ticker", "ticker_text": "x", "response_data": details}

    told, execution = rolls(doors, ticker)

    assert execution["status"] == "failed"
    assert any("ref" in text for text in told.texts)
    assert len(kept(database)) < 3_000


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "x" * 100_000},
        {"response_action": "chat", "chat_message": "x" * 2_000_000},
    ],
    ids=["a long action", "two megabytes"],
)
def test_an_answer_that_is_none_is_kept_in_a_few_words(
    doors: Doors, database: Postgres, answer: dict[str, Any]
) -> None:
    _, execution = rolls(doors, answer)

    assert execution["status"] == "failed"
    assert len(kept(database)) < 3_000


def test_a_failure_in_its_own_words_is_kept_in_some_of_them(
    doors: Doors, database: Postgres
) -> None:
    failure = {"errorType": "E" * 50_000, "errorMessage": "m" * 500_000}

    _, execution = rolls(doors, failure, x_amz_function_error="Unhandled")

    assert execution["status"] == "failed"
    assert len(kept(database)) < 10_000


@pytest.mark.parametrize("private", [False, True])
def test_of_a_private_call_that_crashed_the_words_of_the_crash_are_not_kept(
    doors: Doors, database: Postgres, *, private: bool
) -> None:
    """Moderators read what went wrong; what was typed in private is nobody's to read."""

    def crashes(call: Any, _context: Any) -> None:
        raise ValueError(f"no dice in {call['text']!r}")

    doors.handlers["roll"] = crashes
    place = EntityId("twitch:channel:whisper-71" if private else TWITCH)
    ana = Speaker(id="71", name="Ana")
    route(told("hello", id="twitch:1", entity=TWITCH, user=ana))
    route(told("#roll canary", id="twitch:2", entity=place, user=ana, private=private))

    assert ("canary" in kept(database)) is not private
    assert ("the module's log has it" in kept(database)) is private
