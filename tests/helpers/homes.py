"""Folders for houses, and places of their own in the house that all share."""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.helpers.house import House


@pytest.fixture
def home() -> Iterator[Path]:
    with a_home() as folder:
        yield folder


@contextlib.contextmanager
def a_home() -> Iterator[Path]:
    """Where the servers' own user may reach it, and quick to write to."""
    folder = Path("/dev/shm") / f"waddlebot-{os.getpid()}-{time.monotonic_ns()}"  # noqa: S108
    folder.mkdir(mode=0o755)
    try:
        yield folder
    finally:
        _end_houses_of(folder)
        subprocess.run(["rm", "-rf", str(folder)], check=True)  # noqa: S607


def _end_houses_of(home: Path) -> None:
    """A test that failed half-way leaves none behind; what a house started ends with it."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            is_house = process.cmdline()[1:] == ["-m", "local", "run"]
            if is_house and process.environ().get("WADDLEBOT_HOME") == str(home):
                process.kill()
                process.wait(10)


@functools.cache
def greeted_on_slack(house: House) -> None:
    """The first command there is answered after the greeting."""
    talk = house.chat(on="slack", channel="C0GENERAL")
    talk.says("max", "hello everybody")
    talk.says("max", "!help")
    assert talk.hears("More about one", within=20)


def own_place(platform: str) -> dict[str, str]:
    """On Slack in the common workspace, where Max and Olga have their roles from the community."""
    number = uuid.uuid4().int
    viewer = f"ana{number % 10**9}"
    if platform == "slack":
        return {"viewer": viewer, "channel": f"C{number % 10**10:010d}"}
    place = {"viewer": viewer, "channel": str(10**14 + number % 10**14)}
    return {**place, "server": str(number % 10**15)} if platform == "discord" else place
