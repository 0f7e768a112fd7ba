"""One house for the whole run, shared by its workers; each test talks on a channel of its own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.house import ROOT, Chat, House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with _shared_house(shared / "house") as found:
        yield found


@contextlib.contextmanager
def _shared_house(home: Path) -> Iterator[House]:
    """The first worker that asks has it started; it ends when nobody holds `users` any more."""
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home / "starting", fcntl.LOCK_EX), contextlib.ExitStack() as stack:
        stack.enter_context(_locked(home / "users", fcntl.LOCK_SH))
        address = home / "kept-at"
        if not address.exists():
            _start_keeper(home, address)
        users = stack.pop_all()
    with users:
        yield House(home=home, url=address.read_text())


def _start_keeper(home: Path, address: Path) -> None:
    with (home / "keeper.log").open("w") as said:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.journey.house", str(home)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    while not address.exists():
        if keeper.poll() is not None:
            raise AssertionError(f"no house: {(home / 'keeper.log').read_text()}")
        time.sleep(0.05)
    # It outlives this worker on purpose; nobody waits for it here.
    keeper.returncode = 0


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, how)
        yield


@pytest.fixture
def home() -> Iterator[Path]:
    """Where the servers' own user may reach it, and quick to write to."""
    folder = Path("/dev/shm") / f"waddlebot-{os.getpid()}-{time.monotonic_ns()}"  # noqa: S108
    folder.mkdir(mode=0o755)
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)  # noqa: S607


@pytest.fixture
def chat(request: pytest.FixtureRequest, house: House) -> Chat:
    """A channel of its own where the greeting is over; parametrize with the platform."""
    talk = house.chat(on=request.param, **own_place(request.param))
    talk.says("olga", "hello everybody")
    greeting = talk.heard()
    assert "!help" in greeting[0], greeting
    return talk


def own_place(platform: str) -> dict[str, str]:
    """On Slack in the common workspace, where Max and Olga have their roles from the community."""
    number = uuid.uuid4().int
    viewer = f"ana{number % 10**9}"
    if platform == "slack":
        return {"viewer": viewer, "channel": f"C{number % 10**10:010d}"}
    place = {"viewer": viewer, "channel": str(10**14 + number % 10**14)}
    return {**place, "server": str(number % 10**15)} if platform == "discord" else place
