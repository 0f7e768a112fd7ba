"""`make doctor`: what is wrong on this machine, and what to do about it."""

from __future__ import annotations

import json
import platform
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

from local.port import PortTaken, listen
from local.settings import Settings

NEEDED_MB = 600
OLDEST = (3, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    good: bool
    what: str
    words: str


def main(_argv: list[str]) -> int:
    findings = list(examine(Settings.read()))
    for finding in findings:
        print(f"  {'ok  ' if finding.good else 'BAD '} {finding.what:<10} {finding.words}")
    return 0 if all(finding.good for finding in findings) else 1


def examine(settings: Settings) -> Iterator[Finding]:
    yield _python()
    yield _machine()
    yield _disk(settings)
    if settings.address_file.exists():
        yield from _running(settings.address_file.read_text().strip())
    else:
        yield _port(settings)


def _python() -> Finding:
    good = sys.version_info[:2] >= OLDEST
    words = platform.python_version() + ("" if good else ": 3.11 or newer is needed")
    return Finding(good=good, what="python", words=words)


def _machine() -> Finding:
    good = sys.platform in {"linux", "darwin"}
    words = f"{platform.system()} {platform.machine()}"
    return Finding(good=good, what="machine", words=words if good else f"{words}: use WSL2")


def _disk(settings: Settings) -> Finding:
    folder = settings.home if settings.home.exists() else settings.home.parent
    free = shutil.disk_usage(folder).free // 2**20
    words = f"{free:,} MB free in {folder}"
    good = free >= NEEDED_MB
    return Finding(good=good, what="disk", words=words if good else f"{words}; {NEEDED_MB} needed")


def _port(settings: Settings) -> Finding:
    try:
        listen(settings.port).close()
    except PortTaken as taken:
        return Finding(good=False, what="port", words=str(taken))
    return Finding(good=True, what="port", words=f"{settings.port} is free; nothing runs: make run")


def _running(address: str) -> Iterator[Finding]:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310 - our own address
            health = json.load(answer)
    except urllib.error.HTTPError as error:
        health = json.loads(error.read() or b"{}")
    except OSError as error:
        yield Finding(
            good=False,
            what="platform",
            words=f"{address} does not answer ({error}). Stop it, make run again; nothing is lost.",
        )
        return
    yield Finding(good=True, what="platform", words=f"answers at {address}")
    for name, state in sorted(health.get("servers", {}).items()):
        yield Finding(good=state == "answers", what=name, words=str(state))
