"""The gateway as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.lambda_stand_in import LambdaStandIn
from tests.helpers.servers import Urls

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def gateway(
    variables: dict[str, str], *, said: int = subprocess.PIPE, place: Path = ROOT
) -> Iterator[subprocess.Popen[str]]:
    """`place` is the folder where it runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gateway_bot"],
        cwd=place,
        env={"PATH": os.environ["PATH"], **variables},
        stdout=said,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def variables_of(urls: Urls, router: LambdaStandIn) -> dict[str, str]:
    return {**urls, **router.environment().values}
