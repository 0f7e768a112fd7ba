"""Peers that we are measured beside: installed apart from ours, each at work in its own process.

None of them has to be there: what cannot be installed, or not on this Python, is said in its row.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from local import bootstrap
from local.settings import ROOT

PEERS = ROOT / ".peers"
LOCK = ROOT / "requirements" / "bench.txt"
PYTHON = PEERS / "bin" / "python"
PROCESS = Path(__file__).with_name("peer_process.py")
RED, TWITCHIO, BOLT = "red", "twitchio", "bolt"
PACKAGES = {RED: "redbot", TWITCHIO: "twitchio", BOLT: "slack_bolt"}
NAMES = {RED: "Red-DiscordBot", TWITCHIO: "TwitchIO", BOLT: "Slack Bolt"}


class PeerFailed(Exception):
    """It could not be asked; the text is what it printed."""


def install() -> None:
    """Into .peers/, once. Raises SetupFailed."""
    stamp, wanted = PEERS / ".installed", LOCK.read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    uv = bootstrap.find_uv()
    bootstrap.call(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(PEERS))
    into = ("--python", str(PYTHON), str(LOCK))
    bootstrap.call(uv, "pip", "sync", "--quiet", "--require-hashes", *into)
    stamp.write_text(wanted, "utf-8")


def is_there(peer: str) -> bool:
    return any(PEERS.glob(f"lib/python*/site-packages/{PACKAGES[peer]}/__init__.py"))


def absence(peer: str) -> str:
    """Why it is not measured, in a sentence."""
    if peer == RED and sys.version_info >= (3, 12):
        return f"{NAMES[RED]} needs a Python before 3.12"
    return f"{NAMES[peer]} is not installed: python -m bench peers"


@dataclass(frozen=True, slots=True)
class Peer:
    """At work, with what it was set up with."""

    process: subprocess.Popen[str]

    def seconds(self, texts: Sequence[str]) -> float:
        """CPU that it took for these. Raises PeerFailed."""
        return _ask(self.process, texts)


@contextlib.contextmanager
def at_work(peer: str, setup: Sequence[str]) -> Iterator[Peer]:
    """Raises PeerFailed."""
    process = subprocess.Popen(
        [str(PYTHON), "-I", str(PROCESS), peer],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _ask(process, setup)
        yield Peer(process)
    finally:
        process.kill()
        process.communicate()


def _ask(process: subprocess.Popen[str], words: Sequence[str]) -> float:
    assert process.stdin is not None  # noqa: S101 - opened so
    assert process.stdout is not None  # noqa: S101 - opened so
    assert process.stderr is not None  # noqa: S101 - opened so
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(list(words)) + "\n")
        process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise PeerFailed(process.stderr.read()[-2000:])
    return float(json.loads(line)["seconds"])
