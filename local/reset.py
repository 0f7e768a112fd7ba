"""`make reset`: forget data, keys and logs of this home."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from local.plane import HomeTaken, PlaneFailed, forget
from local.progress import complain
from local.settings import LocalSettings

FOLDERS = ("assets", "logs", "media", "plane")
FILES = ("address", "conversation.jsonl", "dev.env", "plane.env")


def main(_argv: list[str]) -> int:
    home = LocalSettings.read().home
    if not any((home / name).exists() for name in (*FOLDERS, *FILES)):
        print(f"Nothing to forget in {home}")
        return 0
    try:
        forget(home)
        _remove_ours(home)
    except HomeTaken as taken:
        return complain(f"Nothing was forgotten: {taken}")
    except (PlaneFailed, OSError) as failed:
        return complain(str(failed))
    print(f"Forgotten: {home}")
    return 0


def _remove_ours(home: Path) -> None:
    """WADDLEBOT_HOME may name a folder where other things lie as well."""
    for folder in FOLDERS:
        shutil.rmtree(home / folder, ignore_errors=True)
    for file in FILES:
        (home / file).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # something else is in it
        home.rmdir()
