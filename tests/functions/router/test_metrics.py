from __future__ import annotations

import json

import pytest

from functions.router.metrics import write_metrics
from tests.helpers.events_and_commands import a_command, a_match, a_session, a_verdict
from waddlebot.domain.executions import Execution, Status
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.verdicts import Reason
from waddlebot.runtime.logs import Metrics


def test_a_batch_is_one_line_of_counts(capsys: pytest.CaptureFixture[str]) -> None:
    session = a_session("!quote")
    allowed = a_verdict(a_match(a_command(), session=session))
    limited = a_verdict(a_match(a_command("note"), session=session), Reason.LIMIT)
    executions = tuple(
        Execution(id=str(number), verdict=allowed, status=status, took_ms=250)
        for number, status in enumerate((Status.SUCCESS, Status.FAILED, Status.PENDING))
    )
    outcome = Outcome(session=session, verdicts=(allowed, limited), executions=executions)
    write_metrics(Metrics("router"), [outcome, outcome])

    [line] = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["commands_processed_total"] == 4
    assert line["commands_successful_total"] == line["commands_failed_total"] == 2
    assert line["rate_limits_hit_total"] == 2
    assert line["command_execution_duration_seconds"] == [0.25] * 4


def test_a_batch_without_calls_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write_metrics(Metrics("router"), [Outcome(session=a_session("hello"))])

    assert capsys.readouterr().out == ""
