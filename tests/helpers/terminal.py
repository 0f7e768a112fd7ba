"""A terminal in which operators type the house's verbs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from operations import (
    audit,
    claims,
    community,
    dlq,
    doubts,
    explain,
    person,
    rules,
    streams,
    tables,
    wishes,
)
from operations import keys as keys_verb
from tests.helpers.operations_front import listening
from tests.helpers.servers import Urls

VERBS = {
    "audit": audit.main,
    "claims": claims.main,
    "community": community.main,
    "dlq": dlq.main,
    "doubts": doubts.main,
    "explain": explain.main,
    "keys": keys_verb.main,
    "person": person.main,
    "rules": rules.main,
    "streams": streams.main,
    "tables": tables.main,
    "wishes": wishes.main,
}


class Terminal:
    """`code` of the last verb; `out` and `err` are what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.code = 0
        self.out = self.err = ""

    def type(self, line: str) -> str:
        verb, *rest = line.split()
        self._capsys.readouterr()
        self.code = VERBS[verb](rest)
        self.out, self.err = self._capsys.readouterr()
        return self.out

    def type_json(self, line: str) -> Any:
        return json.loads(self.type(f"{line} --json"))


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Terminal:
    """Of somebody on whose machine nothing runs."""
    monkeypatch.setenv("LOG_LEVEL", "ERROR")  # the door logs to the same standard output
    monkeypatch.setenv("WADDLEBOT_HOME", str(tmp_path))
    monkeypatch.setenv("WADDLEBOT_URL", "")
    monkeypatch.setenv("WADDLEBOT_API_KEY", "")
    monkeypatch.setenv("PORT", "1")
    monkeypatch.delenv("COLUMNS", raising=False)  # the workers of a run get one
    return Terminal(capsys)


@pytest.fixture
def address(
    environment: Urls,
    streams: redis.Redis,
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Where the door listens, for somebody with the admin's key."""
    assert environment
    assert streams
    assert terminal
    with listening() as url:
        monkeypatch.setenv("WADDLEBOT_URL", url)
        monkeypatch.setenv("WADDLEBOT_API_KEY", "key-admin")
        yield url
