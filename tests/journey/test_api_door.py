"""The API's door: the spec's sample as it stands, and every kind of bad input."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from typing import Any

import pytest

from tests.helpers.house import House

SAMPLE = {
    "message_type": "chatMessage",
    "entity_id": "twitch:channel:waddlebot",
    "user_id": "123456",
    "message": "!help",
    "session_id": "sess_abc123",
}


def an_event(**fields: object) -> dict[str, object]:
    return {**SAMPLE, "entity_id": f"twitch:channel:{uuid.uuid4().int % 10**12}", **fields}


def error_of(answer: tuple[int, Any]) -> tuple[int, str]:
    status, body = answer
    assert body["success"] is False
    assert set(body["error"]) == {"code", "message", "details"}
    return status, body["error"]["message"]


def test_the_specs_sample_is_answered_with_what_can_be_done(house: House) -> None:
    status, answer = house.api(SAMPLE)
    assert status == 200
    assert answer["success"] is True
    (reply,) = answer["replies"]
    assert reply["response_action"] == "chat"
    assert reply["session_id"] == answer["session_id"]
    for name in ("!help", "!quote", "#roll"):
        assert name in reply["chat_message"]


def test_an_unknown_type_is_refused_with_the_valid_ones(house: House) -> None:
    status, message = error_of(house.api(an_event(message_type="telepathy")))
    assert status == 400
    assert "chatMessage" in message
    assert "raid" in message


@pytest.mark.parametrize("field", ["message_type", "entity_id", "user_id", "message"])
def test_a_missing_field_is_named(house: House, field: str) -> None:
    event = an_event()
    del event[field]
    status, message = error_of(house.api(event))
    assert status == 400
    assert field in message


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff"])
def test_broken_json_is_refused(house: House, body: bytes) -> None:
    assert error_of(house.api(body))[0] == 400


def test_a_wrong_key_and_no_key_are_refused(house: House) -> None:
    assert error_of(house.api(SAMPLE, key="wbk_wrong"))[0] == 401
    assert error_of(house.ask("POST", "/api/router/process", body=b"{}"))[0] == 401


def test_a_header_of_another_gateway_changes_nothing(house: House) -> None:
    headers = {
        "authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}",
        "x-kong-service-name": "twitch_module",
    }
    status, answer = house.ask(
        "POST", "/api/router/process", body=json.dumps(SAMPLE).encode(), headers=headers
    )
    assert (status, answer["success"]) == (200, True)


def test_over_its_limit_a_key_is_told_when_to_come_back(house: House) -> None:
    account = f"account{uuid.uuid4().hex[:8]}"
    asked = {"account": account, "kind": "collector", "per_minute": 2}
    key = house.api(asked, path="/api/operations/keys")[1]["key"]

    statuses = [house.api(an_event(), key=key)[0] for _ in range(2)]
    assert statuses == [200, 200]

    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{house.url}/api/router/process",
        data=json.dumps(an_event()).encode(),
        headers={"authorization": f"Bearer {key}"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)  # noqa: S310
    with refused.value as answer:
        assert answer.code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert json.load(answer)["success"] is False


def a_key(house: House, kind: str) -> str:
    asked = {"account": f"account{uuid.uuid4().hex[:8]}", "kind": kind}
    key: str = house.api(asked, path="/api/operations/keys")[1]["key"]
    return key


@pytest.mark.parametrize("kind", ["module", "webhook", "collector", "admin"])
def test_the_specs_sample_is_answered_with_any_key(house: House, kind: str) -> None:
    status, answer = house.api(SAMPLE, key=a_key(house, kind))

    assert status == 200
    assert "!quote" in answer["replies"][-1]["chat_message"]


def test_a_key_that_may_open_no_place_is_told_so(house: House) -> None:
    assert error_of(house.api(an_event(), key=a_key(house, "module")))[0] == 404


def test_a_login_with_capitals_is_the_same_place(house: House) -> None:
    place = {"entity_id": "twitch:channel:waddlebot", "message": "!quote"}
    session = house.api({**SAMPLE, **place})[1]["session_id"]
    capitals = {**place, "entity_id": "twitch:channel:WaddleBot", "session_id": session}

    status, answer = house.api({**SAMPLE, **capitals})

    assert (status, answer["session_id"]) == (200, session)


def test_an_event_of_year_one_hurts_itself_alone(house: House) -> None:
    lines = [an_event(message="hello"), an_event(message="hello")]
    lines[1]["occurred_at"] = "0001-01-01T00:00:00+01:00"

    status, answer = house.api({"events": lines}, path="/api/router/batch")

    assert status == 200
    assert answer["results"][0]["success"] is True
    assert answer["results"][1]["error"]["code"] == "INVALID_FIELD"


def test_a_nul_in_a_path_is_a_400(house: House) -> None:
    headers = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
    for path in ("operations/events/%00", "operations/changes?before=%00", "communities/1/x%00"):
        assert house.ask("GET", f"/api/{path}", headers=headers)[0] == 400


def test_a_body_that_is_too_large_is_refused(house: House) -> None:
    status, _ = house.api(an_event(metadata={"x": "y" * 7_000_000}))
    assert status == 413


def test_a_place_that_is_none_is_refused(house: House) -> None:
    status, message = error_of(house.api(an_event(entity_id="somewhere")))
    assert status == 400
    assert "twitch:channel:waddlebot" in message


def test_a_session_belongs_to_its_place(house: House) -> None:
    here, there = an_event(), an_event()
    session = house.api(here)[1]["session_id"]
    assert house.api({**here, "session_id": session})[1]["session_id"] == session
    assert error_of(house.api({**there, "session_id": session}))[0] == 403


def test_a_hundred_are_answered_in_order_and_a_bad_one_spoils_only_itself(house: House) -> None:
    events = [an_event(message=f"#roll 1d{sides}") for sides in range(2, 102)]
    events[50] = an_event(message_type="telepathy")
    status, answer = house.api({"events": events}, path="/api/router/batch")
    assert status == 200
    results = answer["results"]
    assert len(results) == 100
    assert results[50]["success"] is False
    for sides, result in zip(range(2, 102), results, strict=True):
        if sides != 52:
            assert f"d{sides}:" in result["replies"][-1]["chat_message"], result


def test_a_hundred_and_one_are_too_many(house: House) -> None:
    events = [an_event() for _ in range(101)]
    assert error_of(house.api({"events": events}, path="/api/router/batch"))[0] == 400


def test_the_same_message_id_is_answered_the_same_and_done_once(house: House) -> None:
    event = an_event(message="#roll 9d1000", message_id=uuid.uuid4().hex)
    first, again = house.api(event)[1], house.api(event)[1]
    assert first["replies"][0]["chat_message"] == again["replies"][0]["chat_message"]
