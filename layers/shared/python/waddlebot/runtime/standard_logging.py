"""What stores, rooms and libraries write by `logging` becomes the same JSON lines as ours.

Libraries are never heard below INFO: where they are debugged they write whole requests and answers,
and the secrets and tokens in them have no name by which they could be masked.
"""

from __future__ import annotations

import logging
from typing import Any

from waddlebot.runtime.logs import Level, Logger, stack_of

OURS = ("functions", "gateway_bot", "local", "waddlebot", "waddlebot_sdk")
"""Loggers whose words are our own choice, with all below them."""
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Handler):
    """Fields come from `extra`; an exception brings its stack along."""

    def __init__(self, logger: Logger) -> None:
        super().__init__(logger.level)
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        self._logger.write(level_of(record), record.getMessage(), **fields_of(record))


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    fields = {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}
    return fields | stack_of(record.exc_info[1]) if record.exc_info else fields


def level_of(record: logging.LogRecord) -> Level:
    return max((level for level in Level if level <= record.levelno), default=Level.DEBUG)


def write_json_lines(logger: Logger) -> None:
    """From now on the process's standard logging goes through this logger."""
    take_over(JsonLines(logger), logger.level)


def take_over(ours: logging.Handler, level: Level) -> None:
    """In place of Lambda's own handler, and of ours of the call before."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        module = type(handler).__module__
        if module.startswith(("awslambdaric", "waddlebot.")):
            root.removeHandler(handler)
    root.addHandler(ours)
    root.setLevel(max(level, Level.INFO))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
