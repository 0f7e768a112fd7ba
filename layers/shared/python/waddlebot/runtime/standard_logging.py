"""What stores, rooms and libraries write by `logging` becomes the same JSON lines as ours."""

from __future__ import annotations

import logging

from waddlebot.runtime.logs import Level, Logger, stack_of

_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Handler):
    """Fields come from `extra`; an exception brings its stack along."""

    def __init__(self, logger: Logger) -> None:
        super().__init__(logger.level)
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        fields = {
            name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD
        }
        if record.exc_info:
            fields |= stack_of(record.exc_info[1])
        self._logger.write(_level(record.levelno), record.getMessage(), **fields)


def _level(number: int) -> Level:
    return max((level for level in Level if level <= number), default=Level.DEBUG)


def write_json_lines(logger: Logger) -> None:
    """From now on the process's standard logging goes through this logger."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, JsonLines) or type(handler).__module__.startswith("awslambdaric"):
            root.removeHandler(handler)
    root.addHandler(JsonLines(logger))
    root.setLevel(logger.level)
