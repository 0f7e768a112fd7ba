"""What only the rehearsal needs: MiniStack, by its lock."""

from __future__ import annotations

import sys
from pathlib import Path

from local import bootstrap

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".rehearsal"
LOCK = ROOT / "requirements" / "rehearse.txt"
PYTHON = ENVIRONMENT / "bin" / "python"


def install() -> str:
    """Once a lock, in words what was done. Raises SetupFailed.

    The CDK's command line is here by `make set-up-deploy`.
    """
    stamp = ENVIRONMENT / ".waddlebot"
    if stamp.exists() and stamp.read_text() == LOCK.read_text():
        return "already here"
    uv = bootstrap.find_uv()
    bootstrap.call(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT))
    sync = (uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON))
    bootstrap.call(*sync, str(LOCK))
    stamp.write_text(LOCK.read_text())
    return "installed"
