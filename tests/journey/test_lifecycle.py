"""Stopped, started, killed: what was kept is there, what was running is gone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.journey.house import ROOT, House, running, start, stop, wait_for

pytestmark = pytest.mark.xdist_group("houses of their own")

GONE_SECONDS = 5.0
REMIND_SECONDS = 10


def processes_of(home: Path) -> list[str]:
    """What still runs for this home: by its command, its folder or its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join(process.cmdline())
            about = f"{words} {process.cwd()} {process.environ().get('WADDLEBOT_HOME', '')}"
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
        if str(home) in about:
            found.append(words)
    return found


def says(house: House, text: str, *, hears: str, who: str = "ana") -> str:
    """What is answered with these words in it; the house may still be saying hello."""
    chat = house.chat(on="twitch", channel="1001")
    chat.says(who, text)
    answer = chat.hears(hears, within=3)
    return str(answer["text"]) if answer else ""


def test_what_was_kept_is_there_after_a_stop_and_a_reminder_comes_once(home: Path) -> None:
    with running(home) as (house, _):
        assert says(house, "!addquote Still here", who="max", hears="Kept")
        assert says(house, "!quote still", hears="Still here")
        assert says(house, f"!remind {REMIND_SECONDS}s stretch", hears="remind you")
    assert processes_of(home) == []

    time.sleep(REMIND_SECONDS - 3)
    with running(home) as (house, _):
        assert says(house, "!quote still", hears="Still here")
        chat = house.chat(on="twitch", channel="1001")
        assert chat.hears("stretch", within=REMIND_SECONDS)
        assert not chat.hears("stretch", within=2)


def test_a_killed_launcher_leaves_nothing_and_the_next_start_needs_no_help(home: Path) -> None:
    process = start(home)
    house = wait_for(home, process)
    assert says(house, "!addquote Still here", who="max", hears="Kept")
    assert says(house, "!quote still", hears="Still here")
    process.kill()
    process.wait()
    end = time.monotonic() + GONE_SECONDS
    while (left := processes_of(home)) and time.monotonic() < end:
        time.sleep(0.1)
    assert left == []

    port = house.url.rpartition(":")[2]
    with running(home, PORT=port) as (again, _):
        assert again.url == house.url
        assert says(again, "!quote still", hears="Still here")


def test_what_dies_while_it_runs_is_started_again(home: Path) -> None:
    with running(home) as (house, process):
        for name in ("valkey-server", "postgres", "gateway_bot"):
            victim = next(
                child
                for child in psutil.Process(process.pid).children()
                if name in " ".join(child.cmdline())
            )
            victim.send_signal(signal.SIGKILL)
            end = time.monotonic() + 15
            while time.monotonic() < end:
                time.sleep(0.5)
                if says(house, "!quote 1", hears="Small steps"):
                    break
            else:
                raise AssertionError(f"no answer after {name} was killed")


def test_ctrl_c_ends_it_with_one_line(home: Path) -> None:
    process = start(home)
    wait_for(home, process)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert time.monotonic() - began < 5
    assert (home / "terminal").read_text().splitlines()[-1] == f"stopped; data is kept in {home}"


def test_a_taken_port_is_named_with_who_has_it_and_the_way_round(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(home, PORT=str(port))
        assert process.wait(30) == 1
    said = (home / "terminal").read_text()
    assert f"Port {port} is taken by" in said
    assert f"process {os.getpid()}" in said
    assert f"PORT={port + 1} make run" in said
    assert "Traceback" not in said


def test_a_second_house_in_one_home_is_told_where_the_first_one_is(home: Path) -> None:
    with running(home) as (house, _):
        done = local("run", home=home)
        assert done.returncode == 1
        assert house.url.replace("127.0.0.1", "localhost") in done.stderr
        assert local("reset", home=home).returncode == 1
        examined = local("doctor", home=home)
        assert examined.returncode == 0, examined.stdout
        assert "writer" in examined.stdout


def test_a_port_that_is_none_and_a_home_that_cannot_be_written(home: Path) -> None:
    assert "PORT=abc" in local("run", home=home, PORT="abc").stderr
    sealed = Path("/proc/waddlebot")
    failed = local("run", home=sealed)
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert str(sealed) in failed.stderr


def test_reset_forgets_everything(home: Path) -> None:
    process = start(home)
    wait_for(home, process)
    stop(process)
    assert local("reset", home=home).returncode == 0
    assert not home.exists()
    home.mkdir()


def local(verb: str, *, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local", verb],
        cwd=ROOT,
        env={**os.environ, "WADDLEBOT_HOME": str(home), "PORT": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
