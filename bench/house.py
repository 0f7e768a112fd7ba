"""A house of the bench's own: started as `make run` starts it, in a home of its own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import Process, tree
from local.settings import ROOT
from local.stand_ins.places import StandInPlaces
from waddlebot.stores.postgres import Postgres

START_SECONDS = 900.0
"""On a machine that is starved of processors."""
STOP_SECONDS = 20.0
ANSWER_SECONDS = 180.0
HTTP_SECONDS = 35.0
SETTLE_SECONDS = 0.3
"""Until the service has heard that its workers have ended."""
_JSON = {"Content-Type": "application/json"}
_NOT_INHERITED = re.compile(r"(AWS_|DATABASE_|VALKEY_|DISCORD_|SLACK_|TWITCH_|PYTHONDONT)")
_GATEWAY = "gateway_bot"


class HouseDown(Exception):
    """It did not come up, or did not answer; the text is what it printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """`began` is when its process was started, on the monotonic clock."""

    home: Path
    port: int
    pid: int
    began: float

    @property
    def keys(self) -> dict[str, str]:
        lines = (self.home / "dev.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")

    def processes(self) -> list[Process]:
        return tree(self.pid)

    def addresses(self) -> Mapping[str, str]:
        """DATABASE_URL and VALKEY_STREAMS_URL, as its gateway was told them."""
        [gateway] = [one for one in self.processes() if one.command[-2:] == ("-m", _GATEWAY)]
        return gateway.environment()

    @contextlib.contextmanager
    def connect(self) -> Iterator[http.client.HTTPConnection]:
        """To be kept: a new connection a request is not what is measured."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HTTP_SECONDS)
        try:
            yield connection
        finally:
            connection.close()

    @contextlib.contextmanager
    def database(self) -> Iterator[Postgres]:
        postgres = Postgres(self.addresses()["DATABASE_URL"], name="bench")
        try:
            yield postgres
        finally:
            postgres.close()


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:
    connection.request(method, path, body, {**_JSON, **(headers or {})})
    answer = connection.getresponse()
    return answer.status, answer.read()


def first_answer(house: House, text: str = "!quote") -> str:
    """Says it on Twitch as Ana and waits for what the bot answers. Raises HouseDown."""
    with house.connect() as connection:
        return _first_answer(connection, text)


def _first_answer(connection: http.client.HTTPConnection, text: str) -> str:
    home = StandInPlaces().home("twitch")
    said = _json(
        ask(
            connection,
            "POST",
            "/stand-ins/says",
            json.dumps(
                {"as": "ana", "on": "twitch", "channel": home.channel, "text": text}
            ).encode(),
        )
    )
    after, end = 0, time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < end:
        page = _json(ask(connection, "GET", f"/stand-ins/replies?after={after}&wait=1&on=twitch"))
        for reply in page["replies"]:
            if reply["in_reply_to"] == said["event_id"]:
                return str(reply["text"])
        after = page["last"]
    raise HouseDown(f"no answer to {text} within {ANSWER_SECONDS:.0f} s")


@contextlib.contextmanager
def running(home: Path, **environment: str) -> Iterator[House]:
    """Entered when it says where it is; stopped in the end as Ctrl-C stops it."""
    home.mkdir(parents=True, exist_ok=True)
    port, began = _free_port(), time.monotonic()
    process = _start(home, port, environment)
    try:
        _wait(home, process)
        yield House(home=home, port=port, pid=process.pid, began=began)
    finally:
        _stop(process)


def _start(home: Path, port: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    inherited = {
        name: value for name, value in os.environ.items() if not _NOT_INHERITED.match(name)
    }
    with (home / "terminal").open("w") as terminal:
        return subprocess.Popen(
            [sys.executable, "-m", "local", "run"],
            cwd=ROOT,
            env={**inherited, "WADDLEBOT_HOME": str(home), "PORT": str(port), **environment},
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=subprocess.STDOUT,
        )


def _wait(home: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while "Talk to it" not in (said := (home / "terminal").read_text()):
        if process.poll() is not None or time.monotonic() > end:
            raise HouseDown(f"the house did not come up:\n{said}")
        time.sleep(0.01)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _json(answer: tuple[int, bytes]) -> Any:
    status, body = answer
    if status != http.client.OK:
        raise HouseDown(f"status {status}: {body[:300].decode(errors='replace')}")
    return json.loads(body)


def stop_functions(house: House) -> None:
    """Ends every worker of a function, so that whoever calls one next meets a cold start.

    The fork servers stay: they have the common libraries imported, as SnapStart would.
    """
    for worker in _workers(house):
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
    end = time.monotonic() + STOP_SECONDS
    while _workers(house):
        if time.monotonic() > end:
            raise HouseDown("a function could not be stopped")
        time.sleep(0.01)
    time.sleep(SETTLE_SECONDS)


def _workers(house: House) -> list[Process]:
    """What the fork servers have forked."""
    processes = house.processes()
    forked = [one for one in processes if _is_of(one, _FORK_SERVER)]
    servers = {one.pid for one in forked}
    return [one for one in forked if one.parent in servers]


def cpu_by_part(processes: Sequence[Process]) -> dict[str, float]:
    """Seconds since each was started."""
    return _by_part(processes, Process.cpu_seconds)


def memory_by_part(processes: Sequence[Process]) -> dict[str, float]:
    """MB (PSS: what is shared is split between those who share it), the largest part first."""
    parts = _by_part(processes, Process.pss_mb)
    return dict(sorted(parts.items(), key=lambda part: -part[1]))


def _by_part(processes: Sequence[Process], measure: Callable[[Process], float]) -> dict[str, float]:
    parts: dict[str, float] = {}
    for process in processes:
        parts[_part(process)] = parts.get(_part(process), 0.0) + measure(process)
    return parts


def _part(process: Process) -> str:
    """Told by the command line of the process, or of what it was forked from."""
    return next((part for sign, part in _PARTS.items() if _is_of(process, sign)), "other")


def _is_of(process: Process, sign: str) -> bool:
    return sign in " ".join(process.command)


VALKEY, POSTGRES = "three Valkeys", "PostgreSQL, primary and replica"
SERVERS = (VALKEY, POSTGRES)
GATEWAY = "gateway_bot: reader, senders, connections"
_FORK_SERVER = "fork_server_process"
_PARTS = {
    _FORK_SERVER: "functions: fork servers and warm workers",
    "-m gateway_bot": GATEWAY,
    "-m local": "front, Lambda service, stand-ins, playground, clock",
    "valkey": VALKEY,
    "postgres": POSTGRES,
}
