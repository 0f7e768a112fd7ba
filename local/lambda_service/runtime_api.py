"""The Runtime API as one worker process sees it: a listener and a state machine of its own.

Source: "Lambda runtime API" in the AWS Lambda Developer Guide, and the runtime interface emulator.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from local.lambda_service.contract import RESPONSE_LIMIT
from local.lambda_service.http_server import HttpServer, ServedConnection, WholeRequest

PREFIX = "/2018-06-01/runtime"
NEXT = f"{PREFIX}/invocation/next"
INIT_ERROR = f"{PREFIX}/init/error"
JSON = {"Content-Type": "application/json"}
ACCEPTED = b'{"status":"OK"}\n'


class WorkerState(Enum):
    STARTING = auto()
    READY = auto()
    RUNNING = auto()
    ANSWERED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerEvent:
    """One event for a worker; `client_context` is JSON text, `deadline_ms` since the epoch."""

    request_id: str
    payload: bytes
    deadline_ms: int
    arn: str
    trace_id: str
    client_context: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerAnswer:
    """What became of an event: the handler's result, or an error object as JSON."""

    payload: bytes
    is_error: bool = False


class WorkerListener(Protocol):
    """Who hears what the worker says."""

    def became_ready(self) -> None: ...
    def answered(self, answer: WorkerAnswer) -> None: ...
    def failed_to_start(self, error: bytes) -> None: ...


class RuntimeApi:
    def __init__(self, listener: WorkerListener) -> None:
        self._listener = listener
        self._server = HttpServer(self._route, body_limit=RESPONSE_LIMIT)
        self._state = WorkerState.STARTING
        self._poll: ServedConnection | None = None
        self._request_id = ""

    async def start(self) -> str:
        """The address for AWS_LAMBDA_RUNTIME_API: host and port, no scheme."""
        return f"127.0.0.1:{await self._server.start()}"

    def close(self) -> None:
        """From here on the worker can say nothing any more: late answers find nobody."""
        self._server.close()

    @property
    def is_ready(self) -> bool:
        return self._state is WorkerState.READY and self._poll is not None and self._poll.is_open()

    def hand_over(self, event: WorkerEvent) -> None:
        """Answers the parked poll; only while `is_ready`."""
        poll, self._poll = self._poll, None
        if poll is None:
            raise RuntimeError("no worker waits for an event")
        self._state = WorkerState.RUNNING
        self._request_id = event.request_id
        poll.respond(200, event.payload, event_headers(event))

    def _route(self, request: WholeRequest, connection: ServedConnection) -> None:
        match request.method, request.target:
            case "GET", target if target == NEXT:
                self._park(connection)
            case "POST", target if target == INIT_ERROR:
                self._fail_to_start(request, connection)
            case "POST", target if target.startswith(f"{PREFIX}/invocation/"):
                self._take_answer(request, connection)
            case _:
                refuse(connection, 404, "NotFound", f"No {request.method} {request.target}")

    def _park(self, connection: ServedConnection) -> None:
        if self._state is WorkerState.RUNNING or self.is_ready:
            refuse_transition(connection, self._state, "next")
            return
        self._poll = connection
        self._state = WorkerState.READY
        self._listener.became_ready()

    def _fail_to_start(self, request: WholeRequest, connection: ServedConnection) -> None:
        if self._state is not WorkerState.STARTING:
            refuse_transition(connection, self._state, "init/error")
            return
        connection.respond(202, ACCEPTED, JSON)
        self._listener.failed_to_start(request.body)

    def _take_answer(self, request: WholeRequest, connection: ServedConnection) -> None:
        request_id, _, kind = request.target.removeprefix(f"{PREFIX}/invocation/").partition("/")
        # The id is looked at before the state moves: a move cannot be taken back.
        if self._state is not WorkerState.RUNNING or request_id != self._request_id:
            refuse(connection, 400, "InvalidRequestID", "Invalid request ID")
        elif kind not in {"response", "error"}:
            refuse(connection, 404, "NotFound", f"No {kind} for an invocation")
        elif request.is_too_long:
            self._refuse_length(connection)
        else:
            self._state = WorkerState.ANSWERED
            connection.respond(202, ACCEPTED, JSON)
            self._listener.answered(WorkerAnswer(payload=request.body, is_error=kind == "error"))

    def _refuse_length(self, connection: ServedConnection) -> None:
        self._state = WorkerState.ANSWERED
        said = f"Exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
        refuse(connection, 413, "RequestEntityTooLarge", said)
        self._listener.answered(
            error_answer(
                "Function.ResponseSizeTooLarge",
                f"Response payload size exceeded maximum allowed payload size "
                f"({RESPONSE_LIMIT} bytes).",
            )
        )


def event_headers(event: WorkerEvent) -> Mapping[str, str]:
    # The native client ends with a segmentation fault when the content type is missing.
    headers = {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": event.request_id,
        "Lambda-Runtime-Deadline-Ms": str(event.deadline_ms),
        "Lambda-Runtime-Invoked-Function-Arn": event.arn,
        "Lambda-Runtime-Trace-Id": event.trace_id,
    }
    if event.client_context is not None:
        headers["Lambda-Runtime-Client-Context"] = event.client_context
    return headers


def error_answer(kind: str, message: str) -> WorkerAnswer:
    payload = json.dumps({"errorType": kind, "errorMessage": message}).encode()
    return WorkerAnswer(payload=payload, is_error=True)


def refuse_transition(connection: ServedConnection, state: WorkerState, wanted: str) -> None:
    refuse(connection, 403, "InvalidStateTransition", f"No {wanted} while {state.name.lower()}")


def refuse(connection: ServedConnection, status: int, kind: str, message: str) -> None:
    body = json.dumps({"errorMessage": message, "errorType": kind}).encode()
    connection.respond(status, body, JSON)
