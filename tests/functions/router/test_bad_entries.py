"""One bad event hurts itself alone: whatever JSON an entry holds, the others are answered."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.http_doors import says
from tests.helpers.router_doors import BATCH, Doors
from waddlebot.domain.events import MessageType

ODD_TEXTS = (
    *("0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00Z"),
    *("2026-11-28T12:00:00+23:59", "1969-12-31", "2026-W48-6", "\0", "a\0b", "\ud800", "\udc00x"),
    *("\u202e!help", "🐧" * 600, "!addquote \0\ud800", "!remind 1m \ufdd0", "!rules add regex (a"),
    *("twitch:channel:" + "9" * 64, "slack:channel:T1/C1", "discord:server:1", "x" * 5_001, ""),
)
ODD_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**63, 2**64, -(2**63) - 1, 10**40, float("inf"), float("nan"), 1e308, -0.0])
    | st.floats()
    | st.sampled_from(ODD_TEXTS)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(ODD_TEXTS), inner, max_size=4)
    ),
    max_leaves=12,
)
KINDS = st.sampled_from(sorted(set(MessageType)))
FIELDS = st.sampled_from(sorted({*says("x"), "session_id", "username", "message_id", "roles",
                                 "metadata", "occurred_at"}))  # fmt: skip
WISHES = st.sampled_from(["!help", "!quote", "!remind 1m tea", "#roll 1d6", "!why", "hello"])


@st.composite
def bad_entries(draw: st.DrawFn) -> Any:
    """A right event with some fields replaced; now and then anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(ODD_VALUES)
    entry = says(draw(WISHES), message_type=draw(KINDS))
    for name in draw(st.lists(FIELDS, min_size=1, max_size=3)):
        entry[name] = draw(ODD_VALUES)
    return entry


def among_others(doors: Doors, raw: str) -> tuple[Any, Any, Any]:
    """Three entries, of which the second is this."""
    first, last = (
        json.dumps(says(f"#roll {count}d6", user_id=uuid.uuid4().hex)) for count in (1, 2)
    )
    body = f'{{"events": [{first}, {raw}, {last}]}}'
    told = doors.asks(body, route=BATCH)
    assert told.status == 200, told.body
    return told.body["results"]


def is_answered(result: Any) -> bool:
    return [one["module"] for one in result.get("executions", ())] == ["roll"]


# Each example is a batch at real servers.
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entry=bad_entries())
def test_whatever_an_entry_holds_the_others_are_answered(doors: Doors, entry: Any) -> None:
    doors.functions.seen.clear()
    first, bad, last = among_others(doors, json.dumps(entry))

    assert is_answered(first)
    assert is_answered(last)
    assert bad["success"] or bad["error"]["code"] not in {"INTERNAL_ERROR", "INVALID_VALUE"}


@pytest.mark.parametrize(
    "raw",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"metadata": ' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "}",
        "1" + "0" * 5_000,
        "1e999",
        "NaN",
        '{"message_type": "chatMessage", "message": "\\ud800"}',
        '"\\ud800, {[}], \\"events\\": [1]"',
    ],
)
def test_an_entry_that_no_reader_takes_is_its_own_error(doors: Doors, raw: str) -> None:
    first, bad, last = among_others(doors, raw)

    assert is_answered(first)
    assert is_answered(last)
    assert bad["error"]["code"] == "INVALID_JSON"


@pytest.mark.parametrize(
    "body",
    [
        '{"events": [{}, {"a"',
        '{"events": [{"a": 1}], "more": NaN}',
        '{"events": 1, "more": NaN}',
        '[{"events": [1, NaN]}]',
        '{"event": [1, NaN]}',
        "{[}" * 1_000_000,
    ],
)
def test_a_body_that_is_no_batch_is_refused_whole(doors: Doors, body: str) -> None:
    assert doors.asks(body, route=BATCH).status == 400


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("0001-01-01T00:00:00+01:00", 400),
        ("9999-12-31T23:59:59-01:00", 400),
        ("0001-01-01T00:00:00Z", 400),
        ("2999-01-01", 200),
        ("2026-07-01T12:00:00.123456789Z", 200),
    ],
)
def test_a_time_that_no_calendar_has_is_named(doors: Doors, moment: str, status: int) -> None:
    """As it was found: one entry of year one took the whole batch down."""
    events = [says("hello"), says("hello", user_id="2", occurred_at=moment)]

    told = doors.asks({"events": events}, route=BATCH)

    assert told.status == 200
    first, second = told.body["results"]
    assert first["success"]
    assert second["success"] is (status == 200)
    if status != 200:
        assert second["error"]["code"] == "INVALID_FIELD"
        assert second["error"]["details"] == {"field": "occurred_at"}


def test_what_metadata_holds_reaches_modules_in_storable_signs(doors: Doors) -> None:
    deep: Any = "x"
    for _ in range(90):
        deep = [deep]
    odd = {"a\0": "b\0", "big": 10**30, "deep": deep}

    told = doors.asks(says("#roll 1d6", metadata=odd))

    assert told.status == 200
    assert is_answered(told.body)
