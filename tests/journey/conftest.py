"""One house for the whole run, shared by its workers; each test talks on a channel of its own."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.house import Chat, House, start, wait_for


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with _shared_house(shared / "house") as found:
        yield found


@contextlib.contextmanager
def _shared_house(home: Path) -> Iterator[House]:
    """The first worker that asks starts it, the last one that leaves stops it."""
    home.mkdir(parents=True, exist_ok=True)
    users = home / "users.json"
    with _locked(home):
        known = json.loads(users.read_text()) if users.exists() else None
        if known is None:
            process = start(home)
            found = wait_for(home, process)
            known = {"url": found.url, "pid": process.pid, "users": 0}
        known["users"] += 1
        users.write_text(json.dumps(known))
    try:
        yield House(home=home, url=known["url"])
    finally:
        with _locked(home):
            known = json.loads(users.read_text())
            known["users"] -= 1
            if known["users"]:
                users.write_text(json.dumps(known))
            else:
                users.unlink()
                _stop(known["pid"])


def _stop(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
        for _ in range(200):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            os.kill(pid, 0)
            time.sleep(0.05)


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[None]:
    with (home / "users.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def chat(request: pytest.FixtureRequest, house: House) -> Chat:
    """A channel of its own where the greeting is over; parametrize with the platform."""
    talk = house.chat(on=request.param, **_own_place(request.param))
    talk.says("olga", "hello everybody")
    greeting = talk.heard()
    assert "!help" in greeting[0], greeting
    return talk


def _own_place(platform: str) -> dict[str, str]:
    """On Slack in the common workspace, where Max and Olga have their roles from the community."""
    number = uuid.uuid4().int
    if platform == "slack":
        return {"channel": f"C{number % 10**10:010d}"}
    channel = str(10**14 + number % 10**14)
    return (
        {"channel": channel, "server": str(number % 10**15)}
        if platform == "discord"
        else {"channel": channel}
    )
