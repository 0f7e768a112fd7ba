"""The Runtime API as a runtime that misbehaves sees it."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from running_functions import Answer, EventLoop, answer_of

from local.lambda_service import runtime_api
from local.lambda_service.runtime_api import RuntimeApi, WorkerEvent

INVOCATION = "/2018-06-01/runtime/invocation"
EVENT = WorkerEvent(
    request_id="one", payload=b'{"a":1}', deadline_ms=1234, arn="arn:f", trace_id="Root=1-0-0"
)


@dataclass
class Heard:
    ready: int = 0
    answers: list[runtime_api.WorkerAnswer] = field(default_factory=list)
    init_errors: list[bytes] = field(default_factory=list)

    def became_ready(self) -> None:
        self.ready += 1

    def answered(self, answer: runtime_api.WorkerAnswer) -> None:
        self.answers.append(answer)

    def failed_to_start(self, error: bytes) -> None:
        self.init_errors.append(error)


class Runtime:
    """A runtime of our own, with a connection for polling and one for the rest."""

    def __init__(self, loop: EventLoop) -> None:
        self.heard = Heard()
        self._loop = loop
        self._api = RuntimeApi(self.heard)
        address = loop.run(self._api.start())
        self._polling = http.client.HTTPConnection(address, timeout=5)
        self._posting = http.client.HTTPConnection(address, timeout=5)

    def polls(self) -> None:
        ready = self.heard.ready
        self._polling.request("GET", f"{INVOCATION}/next")
        while self.heard.ready == ready:
            time.sleep(0.001)

    def gets(self, event: WorkerEvent) -> Answer:
        self._loop.run(self._hand_over(event))
        return answer_of(self._polling.getresponse())

    def asks(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        self._posting.request(method, path, body, headers)
        return answer_of(self._posting.getresponse())

    def answers(self) -> list[runtime_api.WorkerAnswer]:
        self._loop.run(self._is_ready())  # what the loop still had to do comes before this
        return self.heard.answers

    def dies_while_polling(self) -> bool:
        """Whether the service still believes that somebody polls."""
        self._polling.close()
        return self._loop.run(self._is_ready())

    def close(self) -> None:
        self._polling.close()
        self._posting.close()
        self._loop.run(self._close())

    async def _hand_over(self, event: WorkerEvent) -> None:
        self._api.hand_over(event)

    async def _is_ready(self) -> bool:
        return self._api.is_ready

    async def _close(self) -> None:
        self._api.close()


@pytest.fixture
def runtime(loop: EventLoop) -> Iterator[Runtime]:
    runtime = Runtime(loop)
    yield runtime
    runtime.close()


def test_an_event_comes_with_all_that_the_client_needs(runtime: Runtime) -> None:
    runtime.polls()

    got = runtime.gets(EVENT)

    assert got.body == b'{"a":1}'
    assert got.headers["content-type"] == "application/json"
    assert got.headers["lambda-runtime-aws-request-id"] == "one"
    assert got.headers["lambda-runtime-deadline-ms"] == "1234"
    assert got.headers["lambda-runtime-invoked-function-arn"] == "arn:f"
    assert got.headers["lambda-runtime-trace-id"] == "Root=1-0-0"


def test_an_answer_is_taken_once(runtime: Runtime) -> None:
    runtime.polls()
    runtime.gets(EVENT)

    first = runtime.asks("POST", f"{INVOCATION}/one/response", b"1")
    late = runtime.asks("POST", f"{INVOCATION}/one/response", b"2")

    assert (first.status, first.json) == (202, {"status": "OK"})
    assert (late.status, late.json["errorType"]) == (400, "InvalidRequestID")
    assert [answer.payload for answer in runtime.answers()] == [b"1"]


def test_an_answer_to_another_event_is_refused_and_changes_nothing(runtime: Runtime) -> None:
    runtime.polls()
    runtime.gets(EVENT)

    assert runtime.asks("POST", f"{INVOCATION}/two/response", b"1").status == 400
    assert runtime.asks("POST", f"{INVOCATION}/one/response", b"1").status == 202


def test_a_poll_while_an_event_runs_is_refused(runtime: Runtime) -> None:
    runtime.polls()
    runtime.gets(EVENT)

    answer = runtime.asks("GET", f"{INVOCATION}/next")

    assert (answer.status, answer.json["errorType"]) == (403, "InvalidStateTransition")


def test_an_error_comes_with_a_cause_of_a_megabyte(runtime: Runtime) -> None:
    runtime.polls()
    runtime.gets(EVENT)
    cause = {"Lambda-Runtime-Function-XRay-Error-Cause": "x" * 1024 * 1023}

    answer = runtime.asks("POST", f"{INVOCATION}/one/error", b'{"errorType": "E"}', **cause)

    assert answer.status == 202
    assert runtime.answers()[0].is_error


def test_an_answer_too_long_is_refused_in_words(runtime: Runtime) -> None:
    runtime.polls()
    runtime.gets(EVENT)

    answer = runtime.asks("POST", f"{INVOCATION}/one/response", b"x" * (6 * 1024 * 1024 + 101))

    assert answer.status == 413
    assert answer.json["errorType"] == "RequestEntityTooLarge"
    error = json.loads(runtime.answers()[0].payload)
    assert error["errorType"] == "Function.ResponseSizeTooLarge"


def test_an_init_error_comes_before_the_first_poll_or_not_at_all(runtime: Runtime) -> None:
    path = "/2018-06-01/runtime/init/error"

    assert runtime.asks("POST", path, b"{}").status == 202
    runtime.polls()
    assert runtime.asks("POST", path, b"{}").status == 403
    assert runtime.heard.init_errors == [b"{}"]


def test_the_poll_of_a_dead_process_is_not_trusted(runtime: Runtime) -> None:
    runtime.polls()

    assert not runtime.dies_while_polling()


def test_a_runtime_that_lost_its_connection_may_poll_again(runtime: Runtime) -> None:
    runtime.polls()
    runtime.dies_while_polling()

    runtime.polls()

    assert runtime.gets(EVENT).body == EVENT.payload


def test_an_unknown_path_is_not_found(runtime: Runtime) -> None:
    assert runtime.asks("GET", "/2018-06-01/runtime/nonsense").status == 404
