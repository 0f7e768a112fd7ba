"""Counts what came of a batch, under the names that operators of the original look for."""

from __future__ import annotations

from collections.abc import Iterable

from waddlebot.domain.executions import Status
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.verdicts import Reason
from waddlebot.runtime.logs import Metric, Metrics

_LIMITS = frozenset({Reason.COOLDOWN, Reason.LIMIT})


def write_metrics(metrics: Metrics, outcomes: Iterable[Outcome]) -> None:
    """One line an invocation. A call that was passed on is counted where it ends."""
    for outcome in outcomes:
        limited = sum(verdict.reason in _LIMITS for verdict in outcome.verdicts)
        if limited:
            metrics.count(Metric.LIMITED, limited)
        for execution in outcome.executions:
            if execution.status is Status.PENDING:
                continue
            metrics.count(Metric.PROCESSED)
            is_good = execution.status is Status.SUCCESS
            metrics.count(Metric.SUCCESSFUL if is_good else Metric.FAILED)
            metrics.took(Metric.DURATION, execution.took_ms / 1000)
    metrics.flush()
