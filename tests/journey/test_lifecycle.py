"""Stopped, killed, started again: nothing is lost or left over, each trouble has a sentence."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from local.port import free_port
from tests.helpers import signed
from tests.helpers.house import ROOT, House, running, start, stop, wait_for
from tests.helpers.local_verbs import said_by
from tests.helpers.patience import eventually

pytestmark = pytest.mark.xdist_group("houses of their own")

QUOTE = "Waddle on!"
GONE_SECONDS = 3.0
STOP_SECONDS = 5.0  # under one where nothing else runs
BACK_SECONDS = 60.0  # on a busy machine; else two
REMIND_SECONDS = 10.0
SECRETS = {"SLACK_SIGNING_SECRET": "5" * 32, "TWITCH_EVENTSUB_SECRET": "t" * 40}
ALREADY = "Already running at {}. Stop it there with Ctrl-C, or just use it."


@dataclass(slots=True)
class Lived:
    """A home in which whoever needs a house finds the one that the test before left, if it runs."""

    home: Path
    _last: tuple[House, subprocess.Popen[str]] | None = None

    def up(self) -> tuple[House, subprocess.Popen[str]]:
        if self._last is None or self._last[1].poll() is not None:
            launcher = start(self.home)
            try:
                self._last = wait_for(self.home, launcher), launcher
            except BaseException:
                stop(launcher)
                raise
        return self._last

    def down(self) -> None:
        if self._last:
            stop(self._last[1])


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    """With a quote in it; reachable for the servers' account."""
    memory = Path("/dev/shm")  # noqa: S108 - what lies in it is ours alone
    home = Path(tempfile.mkdtemp(prefix="waddlebot-", dir=memory if memory.is_dir() else None))
    home.chmod(0o755)
    lived = Lived(home)
    try:
        chat = lived.up()[0].chat(on="twitch")
        assert chat.asks("max", f"!addquote {QUOTE}", "Kept as quote", within=BACK_SECONDS)
        yield lived
    finally:
        lived.down()
        (home / "terminal").unlink()
        forgotten = said_by(home, "reset")
        assert (*forgotten, home.exists()) == (0, f"Forgotten: {home}\n", False)


@pytest.fixture
def home(lived: Lived) -> Path:
    """It was lived in, and nobody is at home."""
    lived.down()
    return lived.home


def knows_the_quote(house: House, *, on: str = "twitch") -> bool:
    """Asked until it is heard: what is just coming back may drop a line or answer with a sorry."""
    chat = house.chat(on=on)
    return chat.asks_until("ana", "!quote waddle", QUOTE, within=BACK_SECONDS, each=2.5)


def ended(launcher: subprocess.Popen[str], number: signal.Signals) -> tuple[int, float]:
    """Exit code, and how many seconds it took."""
    began = time.monotonic()
    launcher.send_signal(number)
    return launcher.wait(20), time.monotonic() - began


def left_over(home: Path, before: list[psutil.Process]) -> list[str]:
    """What still lives of these, and whatever else has to do with the home."""
    found = []
    for process in {*before, *psutil.process_iter()}:
        with contextlib.suppress(psutil.Error):
            is_dead = not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
            words = " ".join([process.cwd(), *process.cmdline()])
            if not is_dead and (process in before or str(home) in words):
                found.append(words)
    return found


def test_a_limit_holds_over_a_restart_and_a_reminder_that_was_due_meanwhile_is_said_once(
    lived: Lived,
) -> None:
    house, launcher = lived.up()
    chat = house.chat(on="twitch")
    assert chat.asks("max", "!limits set !stats 1 in 1h", "once in 1 h", within=BACK_SECONDS)
    assert chat.asks("ana", "!stats", "In the last 24 hours", within=BACK_SECONDS)
    time.sleep(1.1)  # what is lost at most
    assert chat.asks("ana", "!remind 10s stretch", "remind you in 10 seconds", within=BACK_SECONDS)
    due = time.monotonic() + REMIND_SECONDS
    assert chat.asks(
        "ana", "!remind 1h water the fish", "remind you in 1 hour", within=BACK_SECONDS
    )
    assert ended(launcher, signal.SIGINT)[0] == 0
    time.sleep(max(0.0, due - time.monotonic()))
    house, launcher = lived.up()
    chat = house.chat(on="twitch")
    assert chat.hears(": stretch", within=BACK_SECONDS)
    assert knows_the_quote(house)
    chat.says("ana", "!reminders")
    kept = chat.hears("Your reminders", within=BACK_SECONDS)
    assert kept
    assert "water the fish" in kept["text"]
    assert "stretch" not in kept["text"]
    assert chat.hears("Reminder for", within=1.0) is None
    assert chat.asks("ana", "!stats", "!stats needs a rest", within=BACK_SECONDS)


def test_a_running_house_is_named_to_whoever_starts_resets_or_asks(lived: Lived) -> None:
    house, launcher = lived.up()
    where = (lived.home / "address").read_text()
    port = where.rpartition(":")[2]
    assert said_by(lived.home, "run", PORT=port) == (1, f"\n{ALREADY.format(where)}\n")
    code, said = said_by(lived.home, "reset")
    assert code == 1
    assert f"Nothing was forgotten: already running: process {launcher.pid} " in said
    code, said = said_by(lived.home, "doctor")
    assert code == 0, said
    assert f"ok   platform   answers at {where}\n" in said
    assert re.findall(r"ok +(\w+) +answers\n", said) == [
        "writer", "replica", "cache", "limits", "streams",
    ]  # fmt: skip
    house.post("/playground/breakers/stop_replica", {})
    try:
        time.sleep(1.5)  # what was stopped on purpose is not brought back
        code, said = said_by(lived.home, "doctor")
        assert code == 1, said
        assert re.search(r"BAD +replica +does not answer\n", said), said
        assert knows_the_quote(house)
    finally:
        house.post("/playground/breakers/start_replica", {})
    # What was told of it is remembered for a second.
    assert eventually(lambda: said_by(lived.home, "doctor")[0] == 0)


def test_ctrl_c_ends_it_with_one_line_however_often_it_is_pressed(lived: Lived) -> None:
    _, launcher = lived.up()
    up = (lived.home / "terminal").read_text()
    everything = psutil.Process(launcher.pid).children(recursive=True)
    launcher.send_signal(signal.SIGINT)
    time.sleep(0.1)
    code, seconds = ended(launcher, signal.SIGINT)
    assert (code, left_over(lived.home, everything)) == (0, [])
    assert seconds < STOP_SECONDS
    last = (lived.home / "terminal").read_text().removeprefix(up)
    assert last.strip() == f"stopped; data is kept in {lived.home}"


@pytest.mark.parametrize("seconds", [0.1, 0.6])
def test_ctrl_c_while_it_starts_shows_no_stack_trace(home: Path, seconds: float) -> None:
    launcher = start(home)
    try:
        assert eventually(lambda: said(home, "waddlebot"), within=BACK_SECONDS)
        time.sleep(seconds)
        assert ended(launcher, signal.SIGINT)[0] == 0
    finally:
        stop(launcher)
    assert "Traceback" not in (home / "terminal").read_text()
    assert left_over(home, []) == []


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_whatever_is_killed_while_it_runs_comes_back_with_a_line_in_the_terminal(
    lived: Lived,
) -> None:
    house, launcher = lived.up()
    forks = children_of(launcher, "fork_server_process")
    for one in (*(worker for fork in forks for worker in fork.children()), *forks):
        one.kill()  # started again by the next call; nobody needs to hear of it
    assert knows_the_quote(house)
    for name, words in {
        "-m gateway_bot": r"gateway_bot .*ended \(code -9\); starts again",
        "/streams .*valkey": r"streams .* had died; started again",
        "/cache .*valkey": r"cache .* had died; started again",
        "/replica .*postgres": r"replica .* had died; started again",
        "/postgres .*postgres": r"postgres .* had died; started again",
    }.items():
        times = said(lived.home, words)
        kill_one(launcher, name)
        back = eventually(lambda w=words, t=times: said(lived.home, w) > t, within=BACK_SECONDS)
        assert back, words
        assert knows_the_quote(house), name
    assert house.ask("GET", "/health")[0] == 200


def kill_one(launcher: subprocess.Popen[str], name: str) -> None:
    [found] = children_of(launcher, name)
    found.kill()


def children_of(launcher: subprocess.Popen[str], name: str) -> list[psutil.Process]:
    """By the folder they work in and what they call themselves."""
    children = alive(psutil.Process(launcher.pid).children())
    return [one for one in children if re.search(name, " ".join([one.cwd(), *one.cmdline()]))]


def said(home: Path, words: str) -> int:
    """How often the terminal has said so."""
    return len(re.findall(words, (home / "terminal").read_text()))


def test_a_killed_launcher_leaves_nothing_and_can_be_started_at_once(lived: Lived) -> None:
    house, launcher = lived.up()
    assert knows_the_quote(house)
    everything = psutil.Process(launcher.pid).children(recursive=True)
    assert len(everything) > 20
    ended(launcher, signal.SIGKILL)
    again = start(lived.home, PORT=house.url.rpartition(":")[2])
    try:
        old = [process for process in everything if process.pid != again.pid]
        assert knows_the_quote(wait_for(lived.home, again))
        assert eventually(lambda: not alive(old), within=GONE_SECONDS), alive(old)
        everything = psutil.Process(again.pid).children(recursive=True)
        ended(again, signal.SIGKILL)
        gone = eventually(lambda: not left_over(lived.home, everything), within=GONE_SECONDS)
        assert gone, left_over(lived.home, everything)
    finally:
        stop(again)


def test_servers_and_secrets_from_the_environment_are_used_in_place_of_ours(
    tmp_path: Path, home: Path
) -> None:
    mine = tmp_path / "house"
    with plane_of_theirs(home) as urls, running(mine, **urls, **SECRETS) as (house, _):
        parts = (mine / "terminal").read_text()
        assert "yours (DATABASE_URL, DATABASE_REPLICA_URL)" in parts
        assert "yours (VALKEY_CACHE_URL, VALKEY_LIMITS_URL, VALKEY_STREAMS_URL)" in parts
        assert knows_the_quote(house, on="discord")  # it lies in their database
        delivery = signed.slack_slash(house, "quote", team="T1", channel="C1")
        assert delivery.send(house)[0] == 401  # signed with the secret of dev.env
        assert not list((mine / "plane").glob("*/"))
    assert said_by(mine, "reset")[0] == 0


@contextlib.contextmanager
def plane_of_theirs(home: Path) -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "local.plane", "--home", str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout
        try:
            assert any("plane.env" in line for line in iter(launcher.stdout.readline, ""))
            lines = (home / "plane.env").read_text().splitlines()
            exports = (shlex.split(line)[1].partition("=") for line in lines)
            yield {name: value for name, _, value in exports}
        finally:
            launcher.send_signal(signal.SIGINT)


def test_what_the_verbs_say_while_nothing_runs(home: Path) -> None:
    port = free_port()
    code, said = said_by(home, "doctor", PORT=str(port))
    assert code == 0, said
    assert f"ok   port       {port} is free; nothing runs: make run\n" in said
    code, said = said_by(home, "functions")
    assert code == 0
    assert re.search(r"^router +a call", said, re.MULTILINE), said


def test_an_empty_home_has_no_logs_and_nothing_to_forget(tmp_path: Path) -> None:
    home = tmp_path / "new"
    assert said_by(home, "reset") == (0, f"Nothing to forget in {home}\n")
    assert said_by(home, "logs") == (1, f"\nNo logs in {home}/logs yet: make run\n")
    assert said_by(home, "doctor")[0] == 0
    assert not home.exists()


def test_reset_forgets_what_is_ours_and_leaves_the_rest(tmp_path: Path) -> None:
    for folder in ("plane", "logs", "assets"):
        (tmp_path / folder).mkdir()
    for file in ("dev.env", "address", "somebody's thesis"):
        (tmp_path / file).touch()
    assert said_by(tmp_path, "reset") == (0, f"Forgotten: {tmp_path}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["somebody's thesis"]


def test_a_taken_port_names_who_has_it_and_the_way_round(home: Path) -> None:
    port = free_port()
    command = (
        f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", command]) as other:
        try:
            assert eventually(lambda: not is_free(port), within=BACK_SECONDS)
            code, said = said_by(home, "run", PORT=str(port))
            name = psutil.Process(other.pid).name()
            assert code == 1
            assert f"\nPort {port} is taken by {name} (process {other.pid}). Stop that" in said
            assert said.endswith(f"or: PORT={port + 1} make run\n")
            code, said = said_by(home, "doctor", PORT=str(port))
            assert code == 1
            assert f"BAD  port       Port {port} is taken by {name}" in said
        finally:
            other.kill()


def is_free(port: int) -> bool:
    listening = psutil.net_connections("tcp4")
    return not any(one.laddr and one.laddr.port == port for one in listening)


@pytest.mark.parametrize("verb", ["run", "doctor"])
def test_a_port_that_is_none(tmp_path: Path, verb: str) -> None:
    expected = "\nPORT=abc is no port; say for example PORT=8001 make run\n"
    assert said_by(tmp_path, verb, PORT="abc") == (1, expected)


def test_a_home_that_cannot_be_written() -> None:
    home = Path("/sys/waddlebot")
    code, said = said_by(home, "run")
    assert code == 1
    assert re.fullmatch(r"\n/sys/\S+ cannot be written \(.*\)\. Make it writable, or .*\n", said)
    code, said = said_by(home, "doctor", PORT=str(free_port()))
    assert code == 1


@pytest.mark.parametrize("below", ["", "pond/deep"])
def test_a_home_that_is_a_file(tmp_path: Path, below: str) -> None:
    file = tmp_path / "thesis"
    file.write_text("precious")
    home = file / below
    expected = f"{file} is no folder. Move it away, or set WADDLEBOT_HOME to a folder of your own."
    assert said_by(home, "run", PORT=str(free_port())) == (1, f"\n{expected}\n")
    code, said = said_by(home, "doctor", PORT=str(free_port()))
    assert code == 1
    assert f"BAD  home       {expected}" in said
    assert file.read_text() == "precious"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk() -> None:
    place = Path(tempfile.mkdtemp(prefix="waddlebot-full-"))
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "none", str(place)]
    if subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
        place.rmdir()
        pytest.skip("no file system can be mounted here")
    try:
        code, said = said_by(place, "run", PORT=str(free_port()))
        assert code == 1
        assert re.search("The disk is nearly full: 1[12] MB free", said)
        assert "and a start needs 200. Make room" in said
        assert "Traceback" not in said
        assert left_over(place, []) == []
        code, said = said_by(place, "doctor", PORT=str(free_port()))
        assert code == 1
        assert "BAD  disk" in said
    finally:
        subprocess.run(["/bin/umount", str(place)], check=True)
        place.rmdir()
