"""Rooms write with Powertools what everybody else writes without: one shape of lines and counts."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from tests.helpers.aws_context import AwsContext, logging_restored
from waddlebot.runtime.logs import Category, Metric, Metrics, get_logger
from waddlebot.runtime.room_logs import RoomMetrics, room_log
from waddlebot.runtime.standard_logging import write_json_lines

__all__ = ["logging_restored"]

CONTEXT = AwsContext(aws_request_id="asked")


@pytest.fixture(autouse=True)
def restored(logging_restored: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del logging_restored
    monkeypatch.setenv("LOG_LEVEL", "INFO")


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for line in lines:
        line.pop("timestamp", None)
        line.pop("_aws", None)
    return lines


def test_a_room_writes_the_lines_that_everybody_writes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = {"category": Category.AUTHZ, "action": "!quote", "name": "like a record's own"}
    for log in (room_log("porch", CONTEXT), get_logger("porch").bind(request_id="asked")):
        log.bind(session_id="sess_1").info("command refused", **said)
        log.debug("not written")
        log.error("failed")

    ours = written(capsys)
    assert len(ours) == 4
    assert ours[:2] == ours[2:]
    assert ours[0]["request_id"] == "asked"


def test_a_secret_is_masked_and_what_people_wrote_too(capsys: pytest.CaptureFixture[str]) -> None:
    room_log("porch", CONTEXT).warning("sent", token="xoxb-1", text="hello")
    logging.getLogger("some.library").warning("sent", extra={"token": "xoxb-1"})

    ours, theirs = written(capsys)
    assert (ours["token"], ours["text"], theirs["token"]) == ("(hidden)", "(hidden)", "(hidden)")
    assert theirs["request_id"] == "asked"


def test_an_exception_keeps_its_stack(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        int("boom")
    except ValueError:
        room_log("porch", CONTEXT).exception("crashed")

    [line] = written(capsys)
    assert line["error"].startswith("ValueError")
    assert "Traceback" in line["stack"]


def test_lambdas_own_level_is_heard(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", "ERROR")
    with pytest.warns(UserWarning, match="Advanced Logging Controls"):
        log = room_log("porch", CONTEXT)
    log.info("not written")
    log.error("written")

    assert [line["message"] for line in written(capsys)] == ["written"]


def test_counts_have_one_shape_and_none_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    for metrics in (RoomMetrics("porch"), Metrics("porch")):
        metrics.count(Metric.PROCESSED, 3)
        metrics.took(Metric.DURATION, 0.25)
        metrics.flush()
        metrics.flush()
    told = capsys.readouterr().out.splitlines()
    theirs, ours = map(json.loads, told)
    for line in (theirs, ours):
        line["_aws"].pop("Timestamp")
    assert theirs["_aws"] == ours["_aws"]
    assert theirs["commands_processed_total"] == [ours["commands_processed_total"]]
    assert theirs["command_execution_duration_seconds"] == [0.25]

    many = RoomMetrics("porch")
    for _ in range(150):
        many.took(Metric.DURATION, 1)
    many.flush()
    lines = written(capsys)
    assert sum(len(line["command_execution_duration_seconds"]) for line in lines) == 150


def test_libraries_say_no_more_however_much_is_logged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they write when they are debugged holds whole answers, with the tokens in them."""
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    ours = ("waddlebot.outside.renewing", "functions.identity", "gateway_bot.post")
    for begin in (
        lambda: room_log("porch", CONTEXT),
        lambda: write_json_lines(get_logger("porch")),
    ):
        begin()
        logging.getLogger("slack_sdk.web.base_client").debug('body: {"access_token": "xoxb-1"}')
        logging.getLogger("slack_sdk.web.base_client").info("said")
        for name in ours:
            logging.getLogger(name).debug(name)

        told = [line["message"] for line in written(capsys) if "message" in line]
        assert told == ["said", *ours]
