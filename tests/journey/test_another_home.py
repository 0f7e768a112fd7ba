"""Whoever looks for the house finds it, wherever it keeps its data."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.settings import ROOT, LocalSettings
from tests.helpers.house import House, running, start, stop
from tests.helpers.patience import eventually

pytestmark = [
    pytest.mark.xdist_group("houses of their own"),
    pytest.mark.skipif(
        LocalSettings(home=ROOT / ".waddlebot", port=1, given={}).is_running,
        reason="the house of this checkout runs: it comes first",
    ),
]


@pytest.fixture
def runtime(tmp_path: Path) -> dict[str, str]:
    """Where houses tell of themselves: these tests' own."""
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    return {"XDG_RUNTIME_DIR": str(folder), "PORT": "1", "WADDLEBOT_URL": ""}


def typed(
    runtime: dict[str, str], *command: str, given: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """In a second terminal, which knows nothing of the first one's variables."""
    known = {name: value for name, value in os.environ.items() if name != "WADDLEBOT_HOME"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**known, **runtime, **more},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


VERB = ("-c", "import sys; from waddlebot_sdk.cli import main; sys.exit(main(sys.argv[1:]))")


def test_a_second_terminal_finds_the_house(home: Path, runtime: dict[str, str]) -> None:
    with running(home, XDG_RUNTIME_DIR=runtime["XDG_RUNTIME_DIR"]) as (house, _):
        talk = typed(runtime, "-m", "local", "chat", "--as", "ana", given="!help\n")
        assert (talk.returncode, talk.stdout[:9]) == (0, "WaddleBot"), talk
        assert typed(runtime, "-m", "local", "logs", "--once").stdout
        assert "platform" in typed(runtime, "-m", "local", "doctor").stdout
        claims = typed(runtime, *VERB, "claims")
        assert claims.returncode == 0, claims
        assert "twitch" in claims.stdout
        elsewhere = str(home / "elsewhere")
        named = typed(runtime, "-m", "local", "chat", given="!hi\n", WADDLEBOT_HOME=elsewhere)
        assert (named.returncode, named.stderr) == (1, "Nothing runs here yet: make run\n")
        second_is_named(home, runtime, house)
    gone = typed(runtime, "-m", "local", "chat", given="!hi\n")
    assert (gone.returncode, gone.stderr) == (1, "Nothing runs here yet: make run\n")


@contextlib.contextmanager
def half_started(home: Path, runtime: dict[str, str]) -> Iterator[None]:
    """It has told of itself, and is held up there: what comes after that costs most of a start."""
    folder = Path(runtime["XDG_RUNTIME_DIR"])
    launcher = start(home, XDG_RUNTIME_DIR=str(folder))
    try:
        assert eventually(
            lambda: any(str(home) in one.read_text() for one in folder.glob("*/*.json"))
        )
        launcher.send_signal(signal.SIGSTOP)
        yield
    finally:
        launcher.send_signal(signal.SIGCONT)
        stop(launcher)


def second_is_named(home: Path, runtime: dict[str, str], house: House) -> None:
    """Where two run, nobody guesses."""
    with half_started(home / "two", runtime):
        told = f"Several houses run here: {home}, {home / 'two'}. Say which: WADDLEBOT_HOME={home}"
        assert told in typed(runtime, "-m", "local", "chat", given="!hi\n").stderr
        assert told in typed(runtime, *VERB, "claims").stderr
        one = typed(runtime, *VERB, "claims", WADDLEBOT_HOME=str(home))
        assert one.returncode == 0, one
        assert house.url
