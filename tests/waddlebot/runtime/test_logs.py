from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from waddlebot.runtime.logs import Category, Level, Logger, Metric, Metrics
from waddlebot.runtime.standard_logging import write_json_lines


@pytest.fixture
def lines() -> list[str]:
    return []


def a_logger(lines: list[str], level: Level = Level.INFO) -> Logger:
    return Logger(service="router", level=level, version="7", sink=lines.append)


@pytest.fixture
def standard_logging(lines: list[str]) -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    write_json_lines(a_logger(lines))
    yield logging.getLogger("waddlebot.somewhere")
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_is_one_json_object_with_the_fields_of_the_spec(lines: list[str]) -> None:
    log = a_logger(lines).bind(session_id="sess_1")
    log.info("command refused", category=Category.AUTHZ, action="!quote", result="role")

    line = json.loads(lines[0])
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "category": "AUTHZ",
        "module": "router:7",
        "message": "command refused",
        "session_id": "sess_1",
        "action": "!quote",
        "result": "role",
    }


def test_a_secret_is_never_shown_and_what_people_wrote_only_when_debugging(
    lines: list[str],
) -> None:
    log = a_logger(lines, Level.DEBUG)
    log.info("sent", token="xoxb-1", text="hello")
    log.debug("sent", token="xoxb-1", text="hello")

    told, debugged = map(json.loads, lines)
    assert (told["token"], told["text"]) == ("(hidden)", "(hidden)")
    assert (debugged["token"], debugged["text"]) == ("(hidden)", "hello")


def test_what_is_below_the_level_is_not_written(lines: list[str]) -> None:
    a_logger(lines).debug("detail")

    assert lines == []


def test_standard_logging_becomes_the_same_lines(
    lines: list[str], standard_logging: logging.Logger
) -> None:
    standard_logging.warning("replica did not answer", extra={"error": "gone"})

    line = json.loads(lines[0])
    assert (line["message"], line["error"], line["level"]) == (
        "replica did not answer",
        "gone",
        "WARNING",
    )


def test_an_exception_brings_its_stack_along(
    lines: list[str], standard_logging: logging.Logger
) -> None:
    try:
        int("boom")
    except ValueError:
        standard_logging.exception("call crashed")
        a_logger(lines).exception("request crashed")

    for line in map(json.loads, lines):
        assert line["error"] == "ValueError: invalid literal for int() with base 10: 'boom'"
        assert "Traceback" in line["stack"]


def test_an_invocation_writes_its_metrics_once(lines: list[str]) -> None:
    metrics = Metrics("memories", sink=lines.append)
    metrics.count(Metric.PROCESSED)
    metrics.count(Metric.PROCESSED, 2)
    metrics.took(Metric.DURATION, 0.25)
    metrics.flush()
    metrics.flush()

    [line] = map(json.loads, lines)
    assert line["commands_processed_total"] == 3
    assert line["command_execution_duration_seconds"] == [0.25]
    [told] = line["_aws"]["CloudWatchMetrics"]
    assert told["Dimensions"] == [["service"]]
    assert {one["Name"]: one["Unit"] for one in told["Metrics"]} == {
        "commands_processed_total": "Count",
        "command_execution_duration_seconds": "Seconds",
    }
