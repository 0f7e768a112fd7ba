"""What a terminal shows of `python -m local`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.helpers.house import ROOT


def said_by(home: Path, verb: str, **environment: str) -> tuple[int, str]:
    """Exit code and all that the terminal shows."""
    done = subprocess.run(
        [sys.executable, "-m", "local", verb],
        cwd=ROOT,
        env={**os.environ, "WADDLEBOT_HOME": str(home), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=30,
    )
    return done.returncode, done.stdout
