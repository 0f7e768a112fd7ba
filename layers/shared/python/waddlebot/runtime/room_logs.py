"""What functions write that nobody waits for: with Powertools, in the lines of the house.

Its logger decides what is written (also by Lambda's own log level), its metrics count; the fields,
their names and what is masked stay ours (docs/decisions/0073). Import this file in handlers of
rooms alone: who is waited for uses `logs.py`.

    log = room_log("identity", context)
    log.info("signed in", category=Category.AUTH)
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger as PowertoolsLogger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from waddlebot.runtime.logs import (
    NAMESPACE,
    Level,
    Logger,
    Metric,
    Metrics,
    get_logger,
    line_of,
    to_stdout,
)
from waddlebot.runtime.standard_logging import fields_of, level_of, take_over

TOLD = "told"
"""Under which name a record carries our fields: theirs may be called like one of its own."""
REQUEST_ID = "request_id"


def room_log(service: str, context: Any) -> Logger:
    """The logger of one invocation; what libraries write becomes the same lines.

    Reads the environment: to be called when work begins, not when a file is imported.
    """
    ours = get_logger(service)
    powertools = _powertools(service, ours.module)
    powertools.setLevel(ours.level.name)
    powertools.append_keys(**{REQUEST_ID: getattr(context, "aws_request_id", "")})
    take_over(powertools.registered_handler, ours.level)
    if ours.version:  # it is Lambda that runs this, there or here
        _count_the_start(service)
    return RoomLogger(
        service=service, level=ours.level, version=ours.version, powertools=powertools
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLogger(Logger):
    powertools: PowertoolsLogger

    def write(self, level: Level, fact: str, **fields: Any) -> None:
        told = {TOLD: {**self.fields, **fields}}
        match level:
            case Level.DEBUG:
                self.powertools.debug(fact, extra=told)
            case Level.INFO:
                self.powertools.info(fact, extra=told)
            case Level.WARNING:
                self.powertools.warning(fact, extra=told)
            case Level.ERROR:
                self.powertools.error(fact, extra=told)


class HouseLines(LambdaPowertoolsFormatter):
    """Of Powertools' own fields none is written: an operator reads one kind of line."""

    def __init__(self, module: str) -> None:
        super().__init__()
        self._module = module

    def format(self, record: logging.LogRecord) -> str:
        fields = fields_of(record)
        told = fields.pop(TOLD, {})
        request = {REQUEST_ID: self.log_format.get(REQUEST_ID)}
        known = {name: value for name, value in request.items() if value}
        return line_of(
            self._module, level_of(record), record.getMessage(), {**known, **fields, **told}
        )


class _ToStdout(logging.Handler):
    """Looks for it anew with each line, and goes on without its log where the disk is full."""

    def emit(self, record: logging.LogRecord) -> None:
        to_stdout(self.format(record))


@cache
def _powertools(service: str, module: str) -> PowertoolsLogger:
    made = PowertoolsLogger(
        service, logger_formatter=HouseLines(module), logger_handler=_ToStdout()
    )
    # The root has the same handler, for libraries: each line once.
    logging.getLogger(service).propagate = False
    return made


class RoomMetrics(Metrics):
    """The same counts and durations; of more than a hundred values none is lost.

    One thread's, as an invocation is.
    """

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self._made = EphemeralMetrics(namespace=NAMESPACE, service=service)

    def count(self, metric: Metric, number: int = 1) -> None:
        with contextlib.suppress(OSError):  # a full one is written at once
            self._made.add_metric(metric.value, MetricUnit.Count, number)

    def took(self, metric: Metric, seconds: float) -> None:
        with contextlib.suppress(OSError):
            self._made.add_metric(metric.value, MetricUnit.Seconds, round(seconds, 4))

    def flush(self) -> None:
        if self._made.metric_set:
            with contextlib.suppress(OSError):
                self._made.flush_metrics()


@cache
def _count_the_start(service: str) -> None:
    """Once a process: AWS itself counts calls and errors, but not these."""
    metrics = RoomMetrics(service)
    metrics.count(Metric.COLD_STARTS)
    metrics.flush()
