"""Whom of a Slack workspace moderators' notices go to where no channel is named."""

from __future__ import annotations

from typing import Any

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.delivering import Delivered, HttpAnswer, HttpCall, State
from waddlebot.platforms.slack.send import SlackCredentials, deliver

CREDENTIALS = SlackCredentials(token="t", api_url="https://slack.test/api")
NOTICE = Reply(
    id=f"{'notice':_<22}0",
    session_id="sess_1",
    execution_id=f"{'notice':_<22}",
    entity=EntityId("slack:owners:T1"),
    text="somebody said something",
    way_back=Channel(),
    for_moderators=True,
)


def a_user(user: str, *, team: str = "T1", **flags: bool) -> dict[str, Any]:
    return {"id": user, "team_id": team, "name": user.lower(), **flags}


PEOPLE = [
    a_user("U1"),
    a_user("U2", is_owner=True),
    a_user("U3", team="T2", is_owner=True, is_primary_owner=True),
    a_user("U4", is_owner=True, is_primary_owner=True, deleted=True),
    a_user("U5", is_owner=True, is_primary_owner=True),
]


def told(*, refusing: tuple[str, ...] = (), a_page: int = 2) -> tuple[list[HttpCall], Delivered]:
    """What was asked of Slack, and what came of it."""
    calls: list[HttpCall] = []
    delivery = deliver(NOTICE, CREDENTIALS)
    try:
        call = next(delivery)
        while True:
            calls.append(call)
            call = delivery.send(HttpAnswer(status=200, json=_answer(call, refusing, a_page)))
    except StopIteration as done:
        return calls, done.value


def _answer(call: HttpCall, refusing: tuple[str, ...], a_page: int) -> dict[str, Any]:
    if call.json is not None:
        closed = call.json["channel"] in refusing
        return {"ok": False, "error": "messages_tab_disabled"} if closed else {"ok": True}
    start = int(call.url.partition("cursor=")[2] or 0)
    end = start + a_page
    cursor = str(end) if end < len(PEOPLE) else ""
    return {
        "ok": True,
        "members": PEOPLE[start:end],
        "response_metadata": {"next_cursor": cursor},
    }


def test_whoever_owns_the_workspace_first_of_all_is_told_alone() -> None:
    calls, came = told()
    assert came.state is State.SENT
    assert [call.json["channel"] for call in calls if call.json] == ["U5"]
    assert all(call.method == "GET" and call.kept_seconds for call in calls if not call.json)


def test_where_that_one_takes_nothing_another_owner_is_told() -> None:
    calls, came = told(refusing=("U5",))
    assert came.state is State.SENT
    assert [call.json["channel"] for call in calls if call.json] == ["U5", "U2"]


def test_where_no_owner_takes_it_the_refusal_says_what_to_do() -> None:
    _, came = told(refusing=("U5", "U2"))
    assert came.state is State.REFUSED
    assert "by the setting moderators" in came.reason
