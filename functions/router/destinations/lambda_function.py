"""A function of its own, through Lambda's Invoke API; what it answers is not trusted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec

from functions.router.destinations import Answered
from waddlebot.runtime.invoke import Invoker
from waddlebot.runtime.invoke_errors import FunctionFailed, NotStarted
from waddlebot_sdk.calls import Call
from waddlebot_sdk.completing import ask_completing
from waddlebot_sdk.completions import Choice, choices_from_wire
from waddlebot_sdk.responses import Response, from_wire
from waddlebot_sdk.wire_texts import NotAResponse

MOST_ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.1
MOST_ANSWER_BYTES = 1024 * 1024
"""Five responses at their largest, in any spelling of JSON; Lambda would let 6 MB through."""


def call_function(invoke: Invoker, function: str, call: Call) -> Answered:
    """Asks again only where the function surely did not run, and only before the deadline.

    Raises:
        NotStarted, TimedOut, FunctionFailed, Unavailable: as `Invoke.call`.
        NotAResponse: what came back is no response to this call.
    """
    payload = msgspec.json.encode(call.to_wire())
    attempts = 1
    while True:
        try:
            answer = invoke.call(function, payload, deadline=call.deadline)
        except NotStarted:
            pause = FIRST_PAUSE_SECONDS * 2 ** (attempts - 1)
            if attempts == MOST_ATTEMPTS or _is_over(call.deadline, pause):
                raise
            time.sleep(pause)
            attempts += 1
        else:
            return Answered(responses=read_answer(answer, call.session_id), attempts=attempts)


def call_together(invoke: Invoker, function: str, calls: Sequence[Call]) -> dict[str, Answered]:
    """Calls of a module of ours, all with one deadline; by execution id what it answered.

    Raises:
        NotStarted, TimedOut, FunctionFailed, Unavailable: as `Invoke.call`.
    """
    payload = msgspec.json.encode({"calls": [call.to_wire() for call in calls]})
    answer = invoke.call(function, payload, deadline=min(call.deadline for call in calls))
    try:
        told = msgspec.json.decode(answer, type=_Together)
    except msgspec.DecodeError as error:
        raise FunctionFailed(f"the function {function}", "NotAnswers", str(error)) from error
    sessions = {call.execution_id: call.session_id for call in calls}
    found: dict[str, Answered] = {}
    for name, one in told.answers.items():
        # Who answered something odd is asked again by itself, and reads what is wrong.
        with suppress(NotAResponse, KeyError):
            found[name] = Answered(responses=read_answer(bytes(one), sessions[name]))
    return found


def complete_in_function(
    invoke: Invoker, function: str, call: Call, argument: str
) -> tuple[Choice, ...]:
    """What it offers for an argument, asked once. Raises as `Invoke.call`, or FunctionFailed."""
    payload = msgspec.json.encode(ask_completing(call, argument))
    answer = invoke.call(function, payload, deadline=call.deadline)
    if len(answer) > MOST_ANSWER_BYTES:
        raise FunctionFailed(f"the function {function}", "NotChoices", f"{len(answer)} bytes")
    try:
        return choices_from_wire(msgspec.json.decode(answer))
    except (msgspec.DecodeError, RecursionError) as error:
        raise FunctionFailed(f"the function {function}", "NotChoices", str(error)) from error


class _Together(msgspec.Struct):
    answers: dict[str, msgspec.Raw]


def _is_over(deadline: datetime, pause: float) -> bool:
    return datetime.now(UTC) + timedelta(seconds=pause) >= deadline


def read_answer(answer: bytes, session_id: str) -> tuple[Response, ...]:
    """Raises NotAResponse: unreadable, too large, not in our words, or for another session."""
    if len(answer) > MOST_ANSWER_BYTES:
        raise NotAResponse(f"the answer has {len(answer)} bytes; {MOST_ANSWER_BYTES} at most")
    try:
        wire = msgspec.json.decode(answer)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotAResponse(f"the answer is not JSON: {error}") from error
    responses = from_wire(wire)
    for item in wire if isinstance(wire, list) else [wire]:
        if item.get("session_id") != session_id:
            raise NotAResponse("the answer carries the session_id of another call, or none")
    return responses
