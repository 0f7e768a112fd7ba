"""One JSON line a fact, and counts as CloudWatch reads them, on AWS and on one machine alike.

Written here for whoever is waited for: Powertools' Logger and Metrics cost a cold start more than
these two (docs/decisions/0005). Rooms write the same lines with them: `room_logs.py`. The fields
are the spec's "AAA".

    log = get_logger("router").bind(session_id=session.id)
    log.info("command refused", category=Category.AUTHZ, command="!quote", reason="role")
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from waddlebot.runtime.environment import Environment

NAMESPACE = "WaddleBot"
MOST_VALUES = 100  # of one metric in one line (CloudWatch embedded metric format)


class Level(IntEnum):
    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40


class Category(StrEnum):
    """The spec's kinds of log lines."""

    AUTH = "AUTH"
    AUTHZ = "AUTHZ"
    AUDIT = "AUDIT"
    ERROR = "ERROR"
    SYSTEM = "SYSTEM"


class Metric(StrEnum):
    """The names that operators of the original look for."""

    PROCESSED = "commands_processed_total"
    SUCCESSFUL = "commands_successful_total"
    FAILED = "commands_failed_total"
    DURATION = "command_execution_duration_seconds"
    LIMITED = "rate_limits_hit_total"
    COLD_STARTS = "cold_starts_total"


_NEVER_SHOWN = frozenset({"authorization", "key", "password", "secret", "token", "url"})
_ONLY_WHEN_DEBUGGING = frozenset({"message_text", "text"})


class Sink(Protocol):
    def __call__(self, line: str, /) -> object: ...


def to_stdout(line: str) -> None:
    # One write a line, so that threads do not mix theirs. What a full disk does not take is
    # dropped: work goes on without its log.
    with contextlib.suppress(OSError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Logger:
    """Fields named like a secret are masked, what people wrote is kept for DEBUG alone."""

    service: str
    level: Level
    version: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    sink: Sink = to_stdout

    def bind(self, **fields: Any) -> Logger:
        """The same logger with these fields on every line."""
        return replace(self, fields={**self.fields, **fields})

    def debug(self, fact: str, **fields: Any) -> None:
        self.write(Level.DEBUG, fact, **fields)

    def info(self, fact: str, **fields: Any) -> None:
        self.write(Level.INFO, fact, **fields)

    def warning(self, fact: str, **fields: Any) -> None:
        self.write(Level.WARNING, fact, **fields)

    def error(self, fact: str, **fields: Any) -> None:
        self.write(Level.ERROR, fact, **{"category": Category.ERROR, **fields})

    def exception(self, fact: str, **fields: Any) -> None:
        """In an `except`: an error that nobody expected, with its stack, which stays in the log."""
        self.error(fact, **stack_of(sys.exception()), **fields)

    def write(self, level: Level, fact: str, **fields: Any) -> None:
        if level < self.level:
            return
        self.sink(line_of(self.module, level, fact, {**self.fields, **fields}))

    @property
    def module(self) -> str:
        """The service, with the version that is deployed."""
        return f"{self.service}:{self.version}" if self.version else self.service


def get_logger(service: str) -> Logger:
    """The logger of one deployable; LOG_LEVEL decides what is written (INFO unless set).

    Reads the environment: to be called when work begins, not when a file is imported.
    """
    environment = Environment.of_process()
    named = environment.find("LOG_LEVEL", Level.INFO.name).upper()
    return Logger(
        service=service,
        level=Level[named] if named in Level.__members__ else Level.INFO,
        version=environment.find("AWS_LAMBDA_FUNCTION_VERSION"),
    )


def line_of(module: str, level: Level, fact: str, fields: Mapping[str, Any]) -> str:
    """The one shape of all lines, whoever writes them; secrets and people's words are masked."""
    line = {
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": level.name,
        "category": Category.SYSTEM,
        "module": module,
        "message": fact,
        **_shown(fields, level),
    }
    return json.dumps(line, default=str, ensure_ascii=False)


def stack_of(error: BaseException | None) -> dict[str, str]:
    """As fields of a line."""
    if error is None:
        return {}
    import traceback  # most processes log none

    return {
        "error": f"{type(error).__name__}: {error}",
        "stack": "".join(traceback.format_exception(error)),
    }


def _shown(fields: Mapping[str, Any], level: Level) -> dict[str, Any]:
    hidden = _NEVER_SHOWN if level is Level.DEBUG else _NEVER_SHOWN | _ONLY_WHEN_DEBUGGING
    return {name: "(hidden)" if name in hidden else value for name, value in fields.items()}


class Metrics:
    """Counts and durations of one invocation; `flush` writes them as one line and begins anew."""

    def __init__(self, service: str, *, sink: Sink = to_stdout) -> None:
        self._service = service
        self._sink = sink
        self._counts: dict[Metric, int] = {}
        self._seconds: dict[Metric, list[float]] = {}
        self._lock = threading.Lock()

    def count(self, metric: Metric, number: int = 1) -> None:
        with self._lock:
            self._counts[metric] = self._counts.get(metric, 0) + number

    def took(self, metric: Metric, seconds: float) -> None:
        with self._lock:
            values = self._seconds.setdefault(metric, [])
            if len(values) < MOST_VALUES:
                values.append(round(seconds, 4))

    def flush(self) -> None:
        with self._lock:
            counts, self._counts = self._counts, {}
            seconds, self._seconds = self._seconds, {}
        if counts or seconds:
            self._sink(json.dumps(_embedded_metrics(self._service, counts, seconds)))


def _embedded_metrics(
    service: str, counts: Mapping[Metric, int], seconds: Mapping[Metric, list[float]]
) -> dict[str, Any]:
    """CloudWatch's embedded metric format; locally it is a log line like any other."""
    units = {**dict.fromkeys(counts, "Count"), **dict.fromkeys(seconds, "Seconds")}
    line: dict[str, Any] = {
        "_aws": {
            "Timestamp": int(time.time() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [["service"]],
                    "Metrics": [{"Name": name, "Unit": unit} for name, unit in units.items()],
                }
            ],
        },
        "service": service,
    }
    line.update((name.value, value) for name, value in (*counts.items(), *seconds.items()))
    return line
