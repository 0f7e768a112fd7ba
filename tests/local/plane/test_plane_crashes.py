"""`kill -9` of anything, at any time, leaves nothing to be cleaned by hand."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from local.plane import DataPlane, forget
from local.plane.ports import choose_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Sql = Callable[[str, str], list[tuple[Any, ...]]]
    Ask = Callable[..., Any]

ROOT = Path(__file__).parents[3]
END_SECONDS = 5.0


def quiet(part: str, seconds: float, words: str) -> None:
    del part, seconds, words


@contextmanager
def running(home: Path) -> Iterator[DataPlane]:
    plane = DataPlane(home, {}, quiet)
    try:
        plane.start()
        yield plane
    finally:
        plane.stop()


@pytest.mark.parametrize("server", ["postgres", "streams"])
def test_a_port_that_somebody_takes_while_it_starts_is_left_to_them(
    open_home: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    """Two houses that start at once may draw the same number."""
    home = open_home / server
    strangers: list[socket.socket] = []

    def chosen(*asked: Any) -> dict[str, int]:
        ports = choose_ports(*asked)
        if not strangers:
            strangers.append(socket.create_server(("127.0.0.1", ports[server])))
        return ports

    monkeypatch.setattr("local.plane.data_plane.choose_ports", chosen)
    with running(home) as plane:
        port = strangers[0].getsockname()[1]
        assert set(plane.pids()) == {"postgres", "replica", "cache", "limits", "streams"}
        assert str(port) not in (home / "plane" / "ports.json").read_text()
    strangers[0].close()
    forget(home)


@contextmanager
def launched(
    home: Path, python: str = sys.executable, **options: Any
) -> Iterator[subprocess.Popen[str]]:
    """`python -m local.plane` in a process of its own, up and running."""
    launcher = subprocess.Popen(
        [python, "-m", "local.plane", "--home", str(home)],
        env=environment(),
        cwd="/",
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )
    with launcher:
        assert launcher.stdout
        lines = iter(launcher.stdout.readline, "")
        assert any("plane.env" in line for line in lines), "it did not come up"
        try:
            yield launcher
        finally:
            if launcher.poll() is None:
                kill_and_wait(launcher)


def environment() -> dict[str, str]:
    packages = [path for path in sys.path if path.endswith("site-packages")]
    return {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join([str(ROOT), *packages])}


def kill_and_wait(launcher: subprocess.Popen[str]) -> None:
    servers = servers_below(launcher)
    launcher.kill()
    deadline = time.monotonic() + END_SECONDS
    while left := [server for server in servers if is_alive(server)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.02)


def servers_below(launcher: subprocess.Popen[str]) -> list[psutil.Process]:
    servers = psutil.Process(launcher.pid).children(recursive=True)
    assert len(servers) > 5
    return servers


def users_of(processes: list[psutil.Process]) -> set[str]:
    """Of those that are still there: a backend of PostgreSQL may end at any moment."""
    users = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            users.add(process.username())
    return users


def is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def commit_and_append(home: Path, sql: Sql, valkey: Ask) -> None:
    lines = (home / "plane.env").read_text().splitlines()
    urls = dict(shlex.split(line.removeprefix("export "))[0].split("=", 1) for line in lines)
    sql(urls["DATABASE_URL"], "CREATE TABLE committed AS SELECT 1 AS number")
    valkey(urls["VALKEY_STREAMS_URL"], "XADD", "acknowledged", "*", "number", "1")


def test_a_killed_launcher_leaves_no_server_and_loses_no_data(
    open_home: Path, sql: Sql, valkey: Ask
) -> None:
    with launched(open_home) as launcher:
        commit_and_append(open_home, sql, valkey)
        kill_and_wait(launcher)
    with running(open_home) as plane:
        urls = plane.start()
        assert sql(urls["DATABASE_REPLICA_URL"], "SELECT number FROM committed") == [(1,)]
        assert valkey(urls["VALKEY_STREAMS_URL"], "XLEN", "acknowledged") == 1


def test_a_start_right_after_a_kill_works(open_home: Path) -> None:
    with launched(open_home) as launcher:
        launcher.kill()
        launcher.wait()
        with running(open_home) as plane:
            assert len(plane.pids()) == 5


@pytest.mark.parametrize("farewell", [signal.SIGTERM, signal.SIGINT])
def test_a_launcher_that_is_asked_to_stop_ends_its_servers_first(
    open_home: Path, farewell: signal.Signals
) -> None:
    with launched(open_home) as launcher:
        for name in ("plane.env", "dev.env"):
            assert (open_home / name).stat().st_mode & 0o777 == 0o600
        servers = servers_below(launcher)
        launcher.send_signal(farewell)
        assert launcher.wait(END_SECONDS) == 0
        assert not [server for server in servers if is_alive(server)]


def test_killed_servers_start_again(open_home: Path, sql: Sql) -> None:
    with running(open_home) as plane:
        urls = plane.start()
        sql(urls["DATABASE_URL"], "CREATE TABLE survivors AS SELECT 1 AS number")
        for name, pid in plane.pids().items():
            os.kill(pid, signal.SIGKILL)
            psutil.Process(pid).wait(END_SECONDS)
            plane.start_one(name)
        assert len(plane.pids()) == 5
        assert sql(urls["DATABASE_REPLICA_URL"], "SELECT number FROM survivors") == [(1,)]


def test_what_ended_by_itself_is_revived_and_what_was_stopped_is_not(open_home: Path) -> None:
    with running(open_home) as plane:
        before = plane.pids()
        assert plane.revive() == {}
        plane.stop_one("replica")
        for name in ("cache", "streams"):
            os.kill(before[name], signal.SIGKILL)
            psutil.Process(before[name]).wait(END_SECONDS)
        assert set(plane.revive()) == {"cache", "streams"}
        assert set(plane.pids()) == set(before) - {"replica"}
        plane.start_one("replica")
        assert set(plane.pids()) == set(before)


def test_what_a_crash_left_in_the_files_is_no_obstacle(open_home: Path, valkey: Ask) -> None:
    with running(open_home) as plane:
        valkey(plane.start()["VALKEY_STREAMS_URL"], "XADD", "torn", "*", "number", "1")
        plane.stop()
        [tail] = (open_home / "plane/streams/appendonlydir").glob("*.incr.aof")
        with tail.open("ab") as file:
            file.write(b"*3\r\n$4\r\nXADD\r\n$4\r\nto")
        # The number of a living stranger: ours.
        (open_home / "plane/postgres/postmaster.pid").write_text(f"{os.getpid()}\n")
        (open_home / "plane/ports.json").write_text("{ torn")
        (open_home / "plane/postgres.new").mkdir()
        assert valkey(plane.start()["VALKEY_STREAMS_URL"], "XLEN", "torn") == 1


def test_a_server_that_outlived_its_launcher_is_ended_and_a_stranger_is_not(
    open_home: Path,
) -> None:
    folder = open_home / "plane/cache"
    with running(open_home) as plane:
        program = psutil.Process(plane.pids()["cache"]).exe()
        plane.stop()
        command = [program, f"{folder}.conf"]
        with (
            subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as left,
            subprocess.Popen(["/bin/sleep", "60"], cwd=folder) as stranger,
        ):
            plane.start()
            assert left.wait(END_SECONDS) is not None
            assert stranger.poll() is None
            stranger.kill()
        assert "cache" in plane.pids()


def test_an_ordinary_user_needs_no_root(open_home: Path, sql: Sql, valkey: Ask) -> None:
    if os.geteuid() != 0:
        pytest.skip("the other tests run as an ordinary user already")
    python = interpreter_for_nobody()
    home = Path(tempfile.mkdtemp(prefix="plane-", dir=open_home.parent))
    shutil.chown(home, "nobody")
    try:
        with launched(home, python, user="nobody", extra_groups=[]) as launcher:
            commit_and_append(home, sql, valkey)
            assert users_of(servers_below(launcher)) == {"nobody"}
    finally:
        shutil.rmtree(home)


def interpreter_for_nobody() -> str:
    """Same version, since the packages are built for it."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}"):
        with suppress(OSError):
            done = subprocess.run(
                [python, "-c", "import local.plane, psycopg"],
                env=environment(),
                cwd="/",
                user="nobody",
                extra_groups=[],
                check=False,
                stderr=subprocess.DEVNULL,
            )
            if done.returncode == 0:
                return python
    pytest.skip("no interpreter of this version that an ordinary user can reach")
