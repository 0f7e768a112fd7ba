"""What a fresh interpreter pays for the ingress function of a platform."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from local.settings import ROOT

INGRESS = ("discord", "slack", "twitch")


def import_ingress(times: int) -> dict[str, list[float]]:
    """Milliseconds by platform: a fresh interpreter each, less what an empty one takes."""
    empty = statistics.median(_import_ms("pass") for _ in range(times))
    found = {}
    for name in INGRESS:
        program = f"import functions.ingress.{name}_handler"
        _import_ms(program)  # compiles
        found[name] = [_import_ms(program) - empty for _ in range(times)]
    return found


def _import_ms(program: str) -> float:
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)
    return (time.perf_counter() - began) * 1000
