"""The container as its Dockerfile says, without an engine: what it copies, whom it runs as.

The packages are the tests' own; that they are what the lock file of the container names is
checked apart.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path

import redis

from local.port import free_port
from tests.helpers.gateway_process import ROOT, variables_of
from tests.helpers.lambda_stand_in import LambdaStandIn
from tests.helpers.patience import eventually
from tests.helpers.servers import Urls

DOCKERFILE = ROOT / "gateway_bot" / "Dockerfile"
APP = "/app"


@dataclass(frozen=True, slots=True)
class Line:
    word: str
    rest: str


def lines() -> Sequence[Line]:
    text = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text("utf-8"))
    told = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [Line(*line.split(" ", 1)) for line in told]


def all_of(word: str) -> list[str]:
    return [line.rest for line in lines() if line.word == word]


def build(target: Path) -> None:
    for copied in all_of("COPY"):
        source, there = copied.split()
        assert is_sent(source), f"{source} is ignored"
        if (ROOT / source).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, target / there, ignore=ignore)
        else:
            (target / there).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, target / there)
    for path in (target, *target.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def is_sent(source: str) -> bool:
    rules = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    kept = [rule[1:] for rule in rules if rule.startswith("!")]
    return "*" in rules and any(fnmatch(source, one) for one in kept)


def environment(target: Path) -> dict[str, str]:
    [told] = all_of("ENV")
    pairs = (one.split("=", 1) for one in shlex.split(told))
    return {name: value.replace(APP, str(target)) for name, value in pairs}


def as_nobody() -> list[str]:
    """The user of the image; it may read the interpreter, wherever that is, and write nothing."""
    user, _, group = all_of("USER")[0].partition(":")
    if os.geteuid():
        return []
    reads = "+dac_read_search"
    return [
        *("setpriv", "--reuid", user, "--regid", group, "--clear-groups"),
        *("--bounding-set", f"-all,{reads}", "--inh-caps", f"-all,{reads}"),
        *("--ambient-caps", f"-all,{reads}", "--no-new-privs"),
    ]


def test_it_runs_as_nobody_writes_nowhere_and_ends_when_told(
    database_urls: Urls, streams: redis.Redis, tmp_path: Path
) -> None:
    assert streams
    target = tmp_path / "app"
    target.mkdir()
    build(target)
    port = str(free_port())
    router = LambdaStandIn(lambda _: None, url="http://127.0.0.1:1")
    [entry] = all_of("ENTRYPOINT")
    command = [sys.executable, *json.loads(entry)[1:]]
    assert command[1:] == ["-m", "gateway_bot"]
    process = subprocess.Popen(
        [*as_nobody(), *command],
        cwd=target,
        env={
            **environment(target),
            **variables_of(database_urls, router),
            "PATH": os.environ["PATH"],
            "GATEWAY_HEALTH_PORT": port,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert eventually(lambda: is_well(port), within=15), process.poll()
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert f"Uid:\t{all_of('USER')[0].partition(':')[0]}" in status or os.geteuid()
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=5)
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert "gateway stopped" in said
    assert not list(target.rglob("__pycache__"))


def is_well(port: str) -> bool:
    """As the image's own health check asks, at another port."""
    [check] = all_of("HEALTHCHECK")
    asked = re.search(r"urlopen\(\'(http://127\.0\.0\.1:8080/health)\'", check)
    assert asked
    try:
        with urllib.request.urlopen(asked[1].replace("8080", port), timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def test_it_is_locked_by_hashes_and_to_what_is_tested_here() -> None:
    assert "--require-hashes -r requirements/gateway.txt" in all_of("RUN")[0]
    locked = (ROOT / "requirements" / "gateway.txt").read_text("utf-8")
    pins = dict(re.findall(r"^([a-z0-9-]+)==([^\s\\;]+)", locked, re.MULTILINE))
    for name in ("aiohttp", "py-cord", "twitchio", "redis", "psycopg", "msgspec", "pynacl"):
        assert pins[name] == version(name)


def test_signals_reach_the_process_itself() -> None:
    assert all_of("STOPSIGNAL") == ["SIGTERM"]
    assert all_of("ENTRYPOINT")[0].startswith("[")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", all_of("USER")[0])
