"""A module's function in a process of its own, which a test kills where it likes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psycopg

from tests.helpers.patience import patience
from tests.helpers.servers import Urls, as_owner

CONTEXT = SimpleNamespace(aws_request_id="request-1")
SERVES = """
import json, sys
from types import SimpleNamespace
from functions.modules.{module}.handler import handler
handler(json.loads(sys.stdin.readline()), SimpleNamespace(aws_request_id="request-2"))
sys.stdin.read()
"""
Owner = psycopg.Connection[tuple[Any, ...]]


def a_call(execution_id: str, at: datetime, **changes: Any) -> dict[str, Any]:
    """As the router makes it, of what happened `at` in the community 1."""
    return {
        "version": 1,
        "execution_id": execution_id,
        "session_id": f"sess_{execution_id}",
        "user": {"id": "7", "name": "Ana", "role": "user"},
        "entity": {"id": "twitch:channel:1001", "platform": "twitch"},
        "community": {"id": 1, "name": "Demo"},
        "event_type": "chatMessage",
        "occurred_at": at.isoformat(),
        "deadline": (datetime.now(UTC) + timedelta(seconds=60)).isoformat(),
        **changes,
    }


def asked(owner: Owner, statement: str) -> list[tuple[Any, ...]]:
    rows = owner.execute(statement.encode()).fetchall()
    owner.commit()
    return rows


def said(answer: Any) -> list[str]:
    return [one["chat_message"] for one in answer]


def come_true(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + patience(60)
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def a_process(module: str, call: dict[str, Any]) -> subprocess.Popen[str]:
    """Answers this call in a process of its own, which lives until it is killed."""
    paths = os.pathsep.join(filter(None, sys.path))
    process = subprocess.Popen(
        [sys.executable, "-c", SERVES.format(module=module)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(call) + "\n")
    process.stdin.flush()
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdin is not None
    process.stdin.close()


def kill_at_work(module: str, call: dict[str, Any], owner: Owner, urls: Urls) -> None:
    """While it waits for what the owner has locked, which is given up then."""
    ours = owner.info.backend_pid
    waiting = f"SELECT FROM pg_stat_activity WHERE {ours} = ANY (pg_blocking_pids(pid))"
    with psycopg.connect(as_owner(urls), autocommit=True) as watching:

        def is_held() -> bool:
            return watching.execute(waiting.encode()).fetchone() is not None

        process = a_process(module, call)
        end = time.monotonic() + patience(60)
        while not is_held():
            assert time.monotonic() < end
            if process.poll() is not None:  # its statement took too long: a slow machine
                kill(process)
                process = a_process(module, call)
            time.sleep(0.02)
        kill(process)
        owner.rollback()
        come_true(lambda: not is_held())
