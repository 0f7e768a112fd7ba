"""`make reset`: forget data, keys and logs of this home."""

from __future__ import annotations

import shutil

from local.plane import PlaneFailed, forget
from local.progress import complain
from local.settings import Settings


def main(_argv: list[str]) -> int:
    settings = Settings.read()
    if not settings.home.exists():
        print("Nothing to forget.")
        return 0
    try:
        forget(settings.home)
    except PlaneFailed as failed:
        return complain(str(failed))
    shutil.rmtree(settings.home)
    print(f"Forgotten: {settings.home}")
    return 0
