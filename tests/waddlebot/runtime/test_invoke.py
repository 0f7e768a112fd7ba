from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.helpers.lambda_stand_in import Door, LambdaStandIn, lambda_stand_in
from tests.helpers.patience import was_within
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.environment import Environment, MissingVariable
from waddlebot.runtime.invoke import Invoker
from waddlebot.runtime.invoke_errors import FunctionFailed, NotStarted, TimedOut


def in_seconds(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def call(stand_in: LambdaStandIn, *, patience: float = 2.0) -> bytes:
    with closing(Invoker(stand_in.environment())) as invoke:
        return invoke.call("router", b"{}", deadline=in_seconds(patience))


def answers(payload: object, status: int = 200, **headers: str) -> Callable[[Door], None]:
    def answer(door: Door) -> None:
        door.says(payload, status, **headers)

    return answer


def test_what_the_function_returned_comes_back_prefix_and_alias_name_it() -> None:
    with lambda_stand_in(answers({"results": []})) as stand_in:
        assert call(stand_in) == b'{"results": []}'

    [seen] = stand_in.seen
    assert seen.path == "/2015-03-31/functions/test-router%3Alive/invocations"
    assert seen.headers["X-Amz-Invocation-Type"] == "RequestResponse"


def test_the_address_of_all_services_is_lambdas_too_where_it_has_none_of_its_own() -> None:
    with lambda_stand_in(answers("there")) as stand_in:
        environment = stand_in.environment(
            AWS_ENDPOINT_URL_LAMBDA="", AWS_ENDPOINT_URL=stand_in.url
        )
        with closing(Invoker(environment)) as invoke:
            assert invoke.call("router", b"{}", deadline=in_seconds(2)) == b'"there"'


def test_an_event_is_handed_over_without_waiting_for_it() -> None:
    with (
        lambda_stand_in(answers("", 202)) as stand_in,
        closing(Invoker(stand_in.environment())) as invoke,
    ):
        invoke.send("router-slow", b'{"v":1}')

    [seen] = stand_in.seen
    assert seen.headers["X-Amz-Invocation-Type"] == "Event"
    assert seen.body == b'{"v":1}'


def test_calls_of_one_thread_share_a_connection() -> None:
    with (
        lambda_stand_in(answers(1)) as stand_in,
        closing(Invoker(stand_in.environment())) as invoke,
    ):
        for _ in range(3):
            invoke.call("router", b"{}", deadline=in_seconds(2))

    assert len({seen.connection for seen in stand_in.seen}) == 1


def test_a_connection_that_the_service_closed_is_noticed_before_it_is_used() -> None:
    def answer(door: Door) -> None:
        door.says(len(door.stand_in.seen))
        door.close_connection = True  # without a word in the headers

    with (
        lambda_stand_in(answer) as stand_in,
        closing(Invoker(stand_in.environment())) as invoke,
    ):
        assert invoke.call("router", b"{}", deadline=in_seconds(2)) == b"1"
        time.sleep(0.05)
        assert invoke.call("router", b"{}", deadline=in_seconds(2)) == b"2"

    assert len({seen.connection for seen in stand_in.seen}) == 2


def test_a_failed_function_brings_its_error_along() -> None:
    failure = {"errorType": "KeyError", "errorMessage": "'quote'", "stackTrace": []}
    with (
        lambda_stand_in(answers(failure, X_Amz_Function_Error="Unhandled")) as stand_in,
        pytest.raises(FunctionFailed) as caught,
    ):
        call(stand_in)

    assert (caught.value.error_type, caught.value.message) == ("KeyError", "'quote'")


@pytest.mark.parametrize(
    "failure",
    [
        {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: 1 Error: Task timed out"},
        {"errorMessage": "2026-01-01T00:00:00Z 1 Task timed out after 3.00 seconds"},
    ],
)
def test_a_function_that_ran_out_of_time_is_a_timeout(failure: dict[str, str]) -> None:
    with (
        lambda_stand_in(answers(failure, X_Amz_Function_Error="Unhandled")) as stand_in,
        pytest.raises(TimedOut),
    ):
        call(stand_in)


def test_nobody_waits_beyond_the_deadline() -> None:
    def answer(door: Door) -> None:
        time.sleep(0.5)
        door.says("late")

    began = time.monotonic()
    with lambda_stand_in(answer) as stand_in:
        with pytest.raises(TimedOut):
            call(stand_in, patience=0.1)
        assert was_within(0.3, began)


def test_a_call_after_its_deadline_is_not_made() -> None:
    with lambda_stand_in(answers(1)) as stand_in, pytest.raises(TimedOut):
        call(stand_in, patience=-1)

    assert stand_in.seen == []


@pytest.mark.parametrize("status", [403, 404, 409, 429])
def test_what_the_service_refused_surely_did_not_start(status: int) -> None:
    with lambda_stand_in(answers({}, status)) as stand_in, pytest.raises(NotStarted):
        call(stand_in)


def test_a_payload_that_lambda_cannot_take_is_not_called_a_refusal_to_start() -> None:
    """Else the same batch would be offered for ever."""
    with lambda_stand_in(answers({}, 413)) as stand_in, pytest.raises(FunctionFailed):
        call(stand_in)


def test_a_failing_service_may_have_started_the_function() -> None:
    refused = answers({}, 500, X_Amzn_ErrorType="ServiceException")
    with lambda_stand_in(refused) as stand_in, pytest.raises(Unavailable) as caught:
        call(stand_in)

    assert type(caught.value) is Unavailable


def test_a_service_that_is_not_there_surely_did_not_start_anything() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        stand_in = LambdaStandIn(answers(1), url=url)
        with pytest.raises(NotStarted):
            call(stand_in)


def test_an_answer_cut_in_the_middle_is_not_asked_for_again() -> None:
    def answer(door: Door) -> None:
        if len(door.stand_in.seen) == 1:
            return door.says("first")
        door.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        door.close_connection = True
        return None

    with (
        lambda_stand_in(answer) as stand_in,
        closing(Invoker(stand_in.environment())) as invoke,
    ):
        invoke.call("router", b"{}", deadline=in_seconds(2))
        with pytest.raises(Unavailable) as caught:
            invoke.call("router", b"{}", deadline=in_seconds(2))

    assert not isinstance(caught.value, NotStarted)
    assert len(stand_in.seen) == 2


def test_an_answer_left_unread_does_not_reach_the_next_call() -> None:
    def answer(door: Door) -> None:
        number = len(door.stand_in.seen)
        if number == 1:
            time.sleep(0.3)
        door.says(number)

    with (
        lambda_stand_in(answer) as stand_in,
        closing(Invoker(stand_in.environment())) as invoke,
    ):
        with pytest.raises(TimedOut):
            invoke.call("router", b"{}", deadline=in_seconds(0.1))
        assert invoke.call("router", b"{}", deadline=in_seconds(2)) == b"2"


def test_a_missing_region_is_named() -> None:
    with pytest.raises(MissingVariable, match="AWS_REGION"):
        Invoker(Environment({}))
