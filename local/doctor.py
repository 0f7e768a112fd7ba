"""`make doctor`: what is wrong on this machine, and what to do about it."""

from __future__ import annotations

import http.client
import json
import os
import platform
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from functions.catalogue import refused_folders
from local.checked_start import check_start
from local.module_secrets import missing_secrets
from local.plane import PlaneFailed
from local.plane.failures import file_on_the_way, is_a_file, needed_mb
from local.plane.ground import abandoned_data
from local.plane.programs import find_programs
from local.port import PortTaken, listen
from local.progress import StartFailed
from local.settings import LocalSettings
from local.tokens import ask_platforms

HEALTH_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    is_good: bool
    what: str
    words: str


def main(_argv: list[str]) -> int:
    findings = list(examine(LocalSettings.of_running_house()))
    for finding in findings:
        print(f"  {'ok  ' if finding.is_good else 'BAD '} {finding.what:<10} {finding.words}")
    return 0 if all(finding.is_good for finding in findings) else 1


def examine(settings: LocalSettings) -> Iterator[Finding]:
    yield _python()
    yield _machine()
    yield _disk(settings.home)
    yield _home(settings.home)
    yield from _abandoned()
    yield from _real(settings.given)
    yield from _modules(settings)
    if settings.is_running:
        yield from _platform(settings.address_file)
    else:
        yield _port(settings.port)


def _python() -> Finding:
    return Finding(is_good=True, what="python", words=platform.python_version())


def _machine() -> Finding:
    words = f"{platform.system()} {platform.machine()}"
    try:
        find_programs()
    except PlaneFailed as failed:
        return Finding(is_good=False, what="machine", words=f"{words}: {failed}")
    return Finding(is_good=True, what="machine", words=words)


def _disk(home: Path) -> Finding:
    folder = _nearest(home)
    free_mb = shutil.disk_usage(folder).free // 2**20
    needed = needed_mb(is_first=not (home / "plane").exists())
    is_good = free_mb >= needed
    words = f"{free_mb:,} MB free at {folder}" + ("" if is_good else f"; make it {needed}")
    return Finding(is_good=is_good, what="disk", words=words)


def _home(home: Path) -> Finding:
    if file := file_on_the_way(home):
        return Finding(is_good=False, what="home", words=is_a_file(file))
    if not os.access(_nearest(home), os.W_OK | os.X_OK):
        words = f"{home} cannot be written; make it writable, or set WADDLEBOT_HOME"
        return Finding(is_good=False, what="home", words=words)
    return Finding(is_good=True, what="home", words=str(home))


def _abandoned() -> Iterator[Finding]:
    """What homes that were removed by hand left: nothing is wrong, and a disk that is away looks
    the same from here."""
    for data, home in abandoned_data():
        words = f"{home} is gone, its data lies in {data}. If nobody misses it: rm -r {data}"
        yield Finding(is_good=True, what="data", words=words)


def _real(given: Mapping[str, str]) -> Iterator[Finding]:
    """Each platform with a token: asked itself, for a log says it too late."""
    for told in ask_platforms(given):
        words = "; ".join((told.words, *told.missing))
        yield Finding(is_good=told.is_taken and not told.missing, what=told.platform, words=words)


def _modules(settings: LocalSettings) -> Iterator[Finding]:
    try:
        check_start(settings)
        words = [*missing_secrets(settings), *map(str, refused_folders())]
    except StartFailed as failed:
        words = [str(failed)]
    for one in words:
        yield Finding(is_good=False, what="functions", words=one)


def _nearest(home: Path) -> Path:
    return next(folder for folder in (home, *home.parents) if folder.exists())


def _port(port: int) -> Finding:
    try:
        listen(port).close()
    except PortTaken as taken:
        return Finding(is_good=False, what="port", words=str(taken))
    return Finding(is_good=True, what="port", words=f"{port} is free; nothing runs: make run")


def _platform(address_file: Path) -> Iterator[Finding]:
    try:
        address = address_file.read_text()
        servers = _health(address)
    except FileNotFoundError:
        words = "is starting or stopping; ask again in a moment"
        yield Finding(is_good=False, what="platform", words=words)
    except (OSError, http.client.HTTPException, ValueError) as error:
        words = f"{address} does not answer ({error}). Stop it, make run again; nothing is lost."
        yield Finding(is_good=False, what="platform", words=words)
    else:
        yield Finding(is_good=True, what="platform", words=f"answers at {address}")
        for name, words in servers.items():
            yield Finding(is_good=words == "answers", what=name, words=words)


def _health(address: str) -> dict[str, str]:
    """What each server does, by name. Raises OSError or ValueError where that is no answer."""
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=HEALTH_SECONDS) as answer:  # noqa: S310 - our own address
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    servers = json.loads(body).get("servers")
    if not isinstance(servers, dict):
        raise ValueError(f"/health says {body[:80]!r}")  # noqa: TRY004 - about a body, no argument
    return servers
