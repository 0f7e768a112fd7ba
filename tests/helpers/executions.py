"""What a module has done."""

from __future__ import annotations

from waddlebot.domain.executions import Execution, Status, execution_id
from waddlebot.domain.verdicts import Verdict
from waddlebot_sdk.responses import Chat, Failed, Response


def ran(verdict: Verdict, *responses: Response, **fields: object) -> Execution:
    return Execution(
        id=execution_id(verdict.match),
        verdict=verdict,
        status=Status.SUCCESS,
        responses=responses,
        **fields,  # type: ignore[arg-type]
    )


def said(execution: Execution) -> str:
    [response] = execution.responses
    assert isinstance(response, Chat | Failed)
    return response.text if isinstance(response, Chat) else response.say
