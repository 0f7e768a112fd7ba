"""What a call came to, as an execution; and what is said where it came to nothing."""

from __future__ import annotations

import logging
from dataclasses import replace
from http import HTTPStatus

from functions.router.destinations import Answered
from waddlebot.domain import sayings
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.executions import LEFT_OUT, Execution, Status, execution_id
from waddlebot.domain.normal_form import without_unseen_edges
from waddlebot.domain.triggers import CommandTrigger, Trigger
from waddlebot.domain.verdicts import Verdict
from waddlebot.runtime.invoke_errors import FunctionFailed, TimedOut
from waddlebot_sdk.responses import Chat, Failed, Response
from waddlebot_sdk.wire_texts import NotAResponse

log = logging.getLogger(__name__)


def pending(verdict: Verdict) -> Execution:
    return Execution(
        id=execution_id(verdict.match),
        verdict=verdict,
        status=Status.PENDING,
        http_status=HTTPStatus.ACCEPTED,
    )


def concluded(execution: Execution, answered: Answered) -> Execution:
    errors = [part for part in answered.responses if isinstance(part, Failed)]
    done = replace(
        execution,
        status=Status.FAILED if errors else Status.SUCCESS,
        responses=answered.responses,
        platform_actions=answered.platform_actions,
        notices=answered.notices,
        error=errors[0].error or "the module said that it failed" if errors else "",
        attempts=answered.attempts,
        http_status=HTTPStatus.BAD_GATEWAY if errors else HTTPStatus.OK,
    )
    return _answered_nothing(done) if _is_empty(done) else done


def _is_empty(execution: Execution) -> bool:
    """Nothing is said, done or shown to anybody."""
    said = (one for one in execution.responses if not _says_nothing(one))
    return not (any(said) or execution.platform_actions or execution.notices)


def _says_nothing(response: Response) -> bool:
    if not isinstance(response, Chat) or response.listing:
        return False
    return not without_unseen_edges(response.text)


def _answered_nothing(execution: Execution) -> Execution:
    """Who typed a command reads something; its developer is told that there was nothing."""
    match = execution.verdict.match
    if not isinstance(match.trigger, CommandTrigger):
        return execution
    log.warning(
        "module answered nothing",
        extra={"called": match.trigger.module, "command": match.trigger.id},
    )
    said = Chat(sayings.answered_nothing(sayings.name_of(match.trigger)), private=True)
    # Where a rule ran it, whoever wrote the line expects nothing.
    meant = match.session.meant
    asked = not match.by or (meant is not None and meant.by == match.by)
    return replace(execution, responses=(said,) if asked else (), error=sayings.NO_ANSWER)


def left_out(verdict: Verdict) -> Execution:
    """What stood before it in its chain came to nothing; that is said there."""
    return Execution(
        id=execution_id(verdict.match),
        verdict=verdict,
        status=Status.FAILED,
        error=LEFT_OUT,
        http_status=HTTPStatus.FAILED_DEPENDENCY,
    )


def failed(
    execution: Execution, say: str, error: str, http_status: int = HTTPStatus.BAD_GATEWAY
) -> Execution:
    told = (Failed(say, error=error),)
    return replace(
        execution, status=Status.FAILED, responses=told, error=error, http_status=http_status
    )


def status_of(error: Exception) -> int:
    """How a gateway would say it."""
    if isinstance(error, TimedOut):
        return HTTPStatus.GATEWAY_TIMEOUT
    if isinstance(error, FunctionFailed | NotAResponse):
        return HTTPStatus.BAD_GATEWAY
    return HTTPStatus.SERVICE_UNAVAILABLE


def is_away(trigger: Trigger, error: Exception) -> bool:
    """Whether a module of ours could not reach a server; a stranger's may call its error anything.

    By this name serve_module says so.
    """
    is_named = isinstance(error, FunctionFailed) and error.error_type == Unavailable.__name__
    return is_named and not trigger.destination.is_strangers


def away(execution: Execution, error: Exception) -> Execution:
    what = sayings.name_of(execution.verdict.match.trigger)
    say = sayings.does_not_answer(what, execution.id)
    told = failed(execution, say, str(error), HTTPStatus.SERVICE_UNAVAILABLE)
    return replace(told, is_away=True)


def not_taken(execution: Execution, error: Unavailable) -> Execution:
    what = sayings.name_of(execution.verdict.match.trigger)
    say = sayings.does_not_answer(what, execution.id)
    return failed(execution, say, str(error), HTTPStatus.SERVICE_UNAVAILABLE)
