"""`make logs`: follow what the running platform writes."""

from __future__ import annotations

import os
import shutil

from local.progress import complain
from local.settings import Settings


def main(_argv: list[str]) -> int:
    settings = Settings.read()
    logs = sorted(str(path) for path in settings.logs.glob("*.log"))
    if not logs:
        return complain(f"No logs in {settings.logs} yet: make run")
    tail = shutil.which("tail")
    if tail is None:
        return complain(f"There is no tail on this machine to follow {settings.logs} with.")
    return os.execv(tail, [tail, "-n", "5", "-F", *logs])  # noqa: S606 - tail itself, no shell
