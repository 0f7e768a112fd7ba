"""`make run`: the first minute."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

import uvloop

from local.plane import DataPlane, PlaneFailed
from local.plane.keys import load_dev_env
from local.platform import Platform, StartFailed
from local.port import PortTaken, listen
from local.progress import Progress, complain
from local.settings import Settings, SettingWrong


def main(_argv: list[str]) -> int:
    try:
        return _run(Settings.read())
    except (SettingWrong, PlaneFailed, PortTaken, StartFailed) as failed:
        return complain(str(failed))
    except KeyboardInterrupt:
        return complain("stopped at once; what ran ends by itself, data is kept")
    except OSError as error:
        return complain(
            f"{error.strerror}: {error.filename}. Is the disk full or the folder read-only?"
        )


def _run(settings: Settings) -> int:
    # What make starts compiles its sources once instead of at every start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    first = not (settings.home / "plane").exists()
    progress = Progress(first=first)
    plane = DataPlane(settings.home, settings.given, progress.part)
    try:
        addresses = plane.start()
    except PlaneFailed as failed:
        raise StartFailed(_running_already(settings) or str(failed)) from failed
    try:
        with listen(settings.port) as listener:
            settings.logs.mkdir(parents=True, exist_ok=True)
            platform = Platform(
                settings=settings,
                values={**load_dev_env(settings.home, settings.given), **addresses},
                progress=progress,
                listener=listener,
                plane=plane,
                first=first,
            )
            uvloop.run(platform.run())
    finally:
        plane.stop()
    print(f"\nstopped; data is kept in {settings.home}", flush=True)
    return 0


def _running_already(settings: Settings) -> str:
    """Where the platform of this home answers, as a sentence; empty where none does."""
    if not settings.address_file.exists():
        return ""
    address = urlsplit(settings.address_file.read_text().strip())
    try:
        socket.create_connection((address.hostname or "", address.port or 0), timeout=1).close()
    except OSError:
        return ""
    return f"Already running at {address.geturl()}. Stop it there with Ctrl-C, or just use it."
