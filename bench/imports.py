"""What a fresh interpreter pays for the ingress function of a platform."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from bench import peers
from bench.ratios import Pair, Turn
from local.settings import ROOT

INGRESS = ("discord", "slack", "twitch")
_COUNTED = "import time\nbegan = time.process_time()\n{}\nprint(time.process_time() - began)"


def import_ingress(times: int) -> dict[str, list[float]]:
    """Milliseconds by platform: a fresh interpreter each, less what an empty one takes."""
    empty = statistics.median(_import_ms("pass") for _ in range(times))
    found = {}
    for name in INGRESS:
        program = f"import functions.ingress.{name}_handler"
        _import_ms(program)  # compiles
        found[name] = [_import_ms(program) - empty for _ in range(times)]
    return found


def import_turns() -> Iterator[Turn]:
    """Milliseconds of CPU that the import alone takes, byte-code there, by platform; without end.

    Beside Slack Bolt's `App`, of the peers' own environment, before and after them.
    """
    while True:
        before = _bolt_cpu_ms()
        ours = {name: _ingress_cpu_ms(name) for name in INGRESS}
        bolt = (before + _bolt_cpu_ms()) / 2
        yield {import_key(name): Pair(took, bolt) for name, took in ours.items()}


def _bolt_cpu_ms() -> float:
    return _import_cpu_ms(str(peers.PYTHON), "from slack_bolt import App")


def _ingress_cpu_ms(platform: str) -> float:
    return _import_cpu_ms(sys.executable, f"import functions.ingress.{platform}_handler")


def import_key(platform: str) -> str:
    return f"import-{platform}"


def _import_cpu_ms(python: str, program: str) -> float:
    return float(_run(python, _COUNTED.format(program)).stdout) * 1000


def _import_ms(program: str) -> float:
    began = time.perf_counter()
    _run(sys.executable, program)
    return (time.perf_counter() - began) * 1000


def _run(python: str, program: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    return subprocess.run(
        [python, "-c", program],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
