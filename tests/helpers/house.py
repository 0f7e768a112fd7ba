"""The whole house, started once per run with `python -m local run`, and people who talk to it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.plane import forget
from local.port import free_port
from tests.helpers.keepers import quick_folder
from tests.helpers.patience import eventually, is_crowded, patience

ROOT = Path(__file__).resolve().parents[2]
KEPT_AT = "kept-at"
START_SECONDS = 240
ANSWER_SECONDS = 10.0
SILENCE_SECONDS = 1.0
TOO_LATE = "The bot did not answer within three seconds."
FOR_EVER = 10**15
PACES = {"TWITCH_BOT_IS_VERIFIED": "1", "DISCORD_MESSAGE_SECONDS": "1"}
"""Of the house that all share: what its tests say together is more than a bot may that nobody has
verified, and a sixth answer in a channel of Discord's would wait for five seconds."""
_BEGAN: dict[int, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """`home` holds its data, keys and logs; `process` is None where another worker started it."""

    home: Path
    url: str
    began: int = 0
    """Where the conversation of an earlier house with this home ended."""

    @property
    def keys(self) -> dict[str, str]:
        lines = (self.home / "dev.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")

    @property
    def database_url(self) -> str:
        port = json.loads((self.home / "plane" / "ports.json").read_text())["postgres"]
        return f"postgresql://waddlebot:{self.keys['POSTGRES_PASSWORD']}@127.0.0.1:{port}/waddlebot"

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, headers=headers)[1]

    def post(self, path: str, body: object) -> Any:
        return self.ask("POST", path, body=json.dumps(body).encode())[1]

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Status and decoded body; a JSON body is decoded, anything else stays text."""
        request = urllib.request.Request(  # noqa: S310 - our own address
            f"{self.url}{path}",
            data=body,
            method=method,
            headers={"content-type": "application/json", **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=35) as answer:  # noqa: S310
                return answer.status, _decode(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _decode(error.read())

    def api(
        self, body: object, *, path: str = "/api/router/process", key: str = ""
    ) -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        bearer = f"Bearer {key or self.keys['WADDLEBOT_API_KEY']}"
        return self.ask("POST", path, body=raw, headers={"authorization": bearer})

    def last_number(self) -> int:
        """Of what was said so far, without all of it."""
        last: int = self.get(f"/stand-ins/replies?after={FOR_EVER}")["last"]
        return last

    def chat(self, *, on: str, channel: str = "", server: str = "", viewer: str = "ana") -> Chat:
        return Chat(house=self, on=on, channel=channel, server=server, viewer=viewer)


@dataclass(slots=True, kw_only=True)
class Chat:
    """One channel of one platform; reads as chat."""

    house: House
    on: str
    channel: str = ""
    server: str = ""
    viewer: str = "ana"
    """Who speaks as Ana: a viewer of this test alone reads only what is meant for this test."""
    _speakers: set[str] = field(default_factory=set)
    _last: int = 0
    said: list[dict[str, Any]] = field(default_factory=list)
    _seen: list[dict[str, Any]] = field(default_factory=list)

    def says(self, who: str, text: str, **more: object) -> dict[str, Any]:
        name = self.viewer if who == "ana" else who
        self._speakers.add(name)
        line = {"as": name, "on": self.on, "text": text, **more}
        place = {"channel": self.channel, "server": self.server}
        line |= {name: value for name, value in place.items() if value}
        self._last = self._last or self._now()
        sent: dict[str, Any] = self.house.post("/stand-ins/says", line)
        if text.startswith("/") and sent.get("why") == TOO_LATE and is_crowded():
            sent = self.house.post("/stand-ins/says", line)  # as people do who read that it failed
        self.said.append(sent)
        return sent

    def heard(self, count: int = 1, *, within: float = ANSWER_SECONDS) -> list[str]:
        """The next `count` things that appear, as texts."""
        return [reply["text"] for reply in self.seen(count, within=within)]

    def seen(self, count: int = 1, *, within: float = ANSWER_SECONDS) -> list[dict[str, Any]]:
        """The next `count` replies as the platform shows them; fewer if the time is over.

        What is whispered to anybody but the viewer is found by `hears` alone, by its words.
        """
        found: list[dict[str, Any]] = []
        end = time.monotonic() + patience(within)
        while len(found) < count and time.monotonic() < end:
            new = self._new(wait=min(1.0, max(0.0, end - time.monotonic())))
            found += filter(self._is_ours, new)
        return found

    def asks(
        self, who: str, text: str, answer: str, *, within: float, to: str = "", **more: object
    ) -> dict[str, Any] | None:
        """Says a line and hears its answer: what was there before the line is none."""
        return self.hears(answer, within=within, to=to, lines=[self.says(who, text, **more)])

    def asks_until(
        self, who: str, text: str, answer: str, *, within: float, each: float = 2.0
    ) -> bool:
        """Says it again until it is answered so; what came before its first time is no answer."""
        lines: list[dict[str, Any]] = []

        def is_answered() -> bool:
            lines.append(self.says(who, text))
            return self.hears(answer, within=each, lines=lines) is not None

        return eventually(is_answered, within=within)

    def hears(
        self, words: str, *, within: float, to: str = "", lines: Sequence[dict[str, Any]] = ()
    ) -> dict[str, Any] | None:
        """The next thing said here by the bot with these words in it; None if it does not come.

        `lines`, as `says` returned them: an answer to one of these and to no other line.
        """
        end = time.monotonic() + patience(within)
        while time.monotonic() < end:
            for item in self._new(wait=min(0.5, max(0.0, end - time.monotonic()))):
                self._seen.append(item)
            for item in self._seen:
                is_said = item["kind"] != "deleted" and words.lower() in item["text"].lower()
                if is_said and to in ("", item["to"]) and _may_answer(item, lines):
                    self._seen.remove(item)
                    return item
        print(f"{self.on}: no {words!r} came. Said: {self.said[-3:]}. Seen: {self._seen[-5:]}")
        return None

    def was_deleted(self, words: str, *, within: float = 3.0) -> bool:
        end = time.monotonic() + within
        while time.monotonic() < end:
            self._seen += self._new(wait=0.3)
            if any(item["kind"] == "deleted" and words in item["text"] for item in self._seen):
                return True
        return False

    def from_now_on(self) -> None:
        """What came before is of no interest."""
        self._last = self._now()
        self._seen.clear()

    def silent(self, seconds: float = SILENCE_SECONDS) -> bool:
        return not self.seen(1, within=seconds)

    def _new(self, *, wait: float) -> list[dict[str, Any]]:
        where = f"after={max(self._last, self.house.began)}&wait={wait:.2f}&platform={self.on}"
        answer = self.house.get(f"/stand-ins/replies?{where}")
        self._last = max(self._last, answer["last"])
        return [item for item in answer["replies"] if self._is_here(item)]

    def _is_here(self, item: dict[str, Any]) -> bool:
        """In this channel, or told privately to somebody who has spoken here."""
        here = not self.channel or item["channel"] == self.channel
        return here or (item["kind"] == "private" and item["to"] in self._speakers)

    def _is_ours(self, item: dict[str, Any]) -> bool:
        """Max and Olga speak in every test: what they are whispered may be another's answer.

        An emoji at a line is none.
        """
        whispered = item["kind"] == "private" and item["channel"] != self.channel
        is_sign = item["kind"] in ("reaction", "reaction_gone")
        return not is_sign and (not whispered or item["to"] == self.viewer)

    def _now(self) -> int:
        return self.house.last_number()


def _may_answer(item: dict[str, Any], lines: Sequence[dict[str, Any]]) -> bool:
    """Where a platform does not show what is answered, it may be any line before it."""
    if not lines:
        return True
    asked = {None, *(one["event_id"] for one in lines)}
    return bool(item["n"] > lines[0]["n"] and item["in_reply_to"] in asked)


def _decode(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")


@contextlib.contextmanager
def running(
    home: Path, *, tree: Path = ROOT, **environment: str
) -> Iterator[tuple[House, subprocess.Popen[str]]]:
    """A house of one's own, stopped in the end as Ctrl-C stops it."""
    process = start(home, tree=tree, **environment)
    try:
        yield wait_for(home, process), process
    finally:
        stop(process)


def start(home: Path, *, tree: Path = ROOT, **environment: str) -> subprocess.Popen[str]:
    home.mkdir(parents=True, exist_ok=True)
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not re.match(r"(AWS_|DATABASE_|VALKEY_|DISCORD_|SLACK_|TWITCH_|PYTHONDONT)", name)
    }
    ended = _last_number(home / "conversation.jsonl")
    with (home / "terminal").open("w") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "run"],
            cwd=tree,
            env={**inherited, "WADDLEBOT_HOME": str(home), "PORT": str(free_port()), **environment},
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=subprocess.STDOUT,
            text=True,
        )
    _BEGAN[process.pid] = ended
    return process


def _last_number(conversation: Path) -> int:
    lines = conversation.read_text().splitlines() if conversation.exists() else []
    return int(json.loads(lines[-1])["n"]) if lines else 0


def wait_for(home: Path, process: subprocess.Popen[str]) -> House:
    end = time.monotonic() + START_SECONDS
    while "Talk to it" not in (terminal := (home / "terminal").read_text()):
        if process.poll() is not None or time.monotonic() > end:
            raise AssertionError(f"the house did not come up:\n{terminal}")
        time.sleep(0.05)
    found = re.search(r"Talk to it\s+(http://\S+)", terminal)
    assert found, terminal
    return House(
        home=home,
        url=found[1].replace("localhost", "127.0.0.1"),
        began=_BEGAN.get(process.pid, 0),
    )


def stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def keep(home: Path) -> None:
    """A house for many: up until nobody holds the folder's `users` file with a shared lock."""
    # Stopped before the lock is let go of: who comes then starts a new one.
    with (home / "users").open("a") as users, quick_folder("house") as data:
        with running(data, **PACES) as (house, _):
            new = home / "kept-at.new"
            new.write_text(f"{house.url}\n{data}")
            new.rename(home / KEPT_AT)
            fcntl.flock(users, fcntl.LOCK_EX)
            (home / KEPT_AT).unlink()
        forget(data)  # for root the data may lie outside of the folder


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both end it in the same way
    keep(Path(sys.argv[1]))
