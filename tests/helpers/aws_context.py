"""What Lambda hands a handler besides its input, and what a handler leaves behind."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from waddlebot.runtime.standard_logging import OURS


@dataclass(frozen=True, slots=True)
class AwsContext:
    remaining_seconds: float = 12.0
    aws_request_id: str = field(default_factory=lambda: secrets.token_hex(16))

    def get_remaining_time_in_millis(self) -> int:
        return int(self.remaining_seconds * 1000)


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """A handler takes over its process's logging; a test gives it back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)
