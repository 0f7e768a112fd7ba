"""Who answers in place of Twitch, and what people there read."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.rehearsal.emulator import free_port, plain_environment
from infra.rehearsal.own_packages import ROOT
from infra.rehearsal.processes import Running
from local.plane.keys import load_dev_env
from local.stand_ins.app import bot_environment

START_SECONDS = 60.0
REPLY_SECONDS = 60.0
OF_TWITCH = (
    *("TWITCH_API_URL", "TWITCH_AUTH_URL"),
    *("TWITCH_APP_TOKEN", "TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET", "TWITCH_BOT_USER_ID"),
    *("TWITCH_EVENTSUB_SECRET",),
)


class Platforms:
    """`home` holds the keys of this machine; `told` is what a bot is told to live there."""

    def __init__(self, home: Path, logs: Path) -> None:
        keys, port = load_dev_env(home, {}), free_port()
        self._feed = home / "feed.jsonl"
        self._port = port
        told = bot_environment(f"http://127.0.0.1:{port}", keys)
        self.told: Mapping[str, str] = {name: told[name] for name in OF_TWITCH}
        self._process = Running(
            "stand-ins",
            [sys.executable, "-m", "infra.rehearsal.stand_ins", str(port), str(self._feed)],
            logs=logs,
            environment={**plain_environment(), "REHEARSAL_KEYS": json.dumps(keys)},
            folder=ROOT,
        )

    def wait(self) -> None:
        self._process.wait_until(self._listens, START_SECONDS, "an answer of the stand-ins")

    def wait_for(self, words: str) -> None:
        """Until the bot said something with these words. Raises RehearsalFailed."""
        what = f"a reply at Twitch with “{words}”"
        self._process.wait_until(lambda: self.count(words) > 0, REPLY_SECONDS, what)

    def count(self, words: str) -> int:
        """How often the bot said something with these words."""
        return sum(words in text for text in texts_in(self._feed))

    def stop(self) -> None:
        self._process.stop()

    def _listens(self) -> bool:
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", self._port)) == 0


def texts_in(feed: Path) -> list[str]:
    """What was said alone: ids beside it are random, and one may have any three letters in it.

    A line that is still being written is not there yet.
    """
    kept = feed.read_text(errors="replace") if feed.exists() else ""
    whole = kept[: kept.rfind("\n") + 1]
    return [str(json.loads(line).get("text") or "") for line in whole.splitlines()]
