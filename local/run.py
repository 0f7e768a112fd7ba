"""`make run`: the first minute."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Iterator

from local.checked_start import check_start
from local.plane import DataPlane, HomeTaken, PlaneFailed
from local.plane.failures import check_room, sentence_for
from local.plane.keys import find_secrets, load_dev_env
from local.port import PortTaken, free_port, listen
from local.progress import StartFailed, StartProgress, complain, farewell
from local.settings import ROOT, LocalSettings
from waddlebot.runtime.houses import told_of
from waddlebot.runtime.needs import SEAL_KEY_BEFORE


def main(_argv: list[str]) -> int:
    settings = LocalSettings.read()
    try:
        return _run(settings)
    except HomeTaken as taken:
        return complain(_already_running(settings, taken))
    except (PlaneFailed, PortTaken, StartFailed) as failed:
        return complain(str(failed))
    except OSError as error:
        return complain(sentence_for(error, settings.home))
    except KeyboardInterrupt:  # before it was up
        return farewell(settings.home)


def _run(settings: LocalSettings) -> int:
    # What make starts compiles its sources once instead of at every start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both end it in the same way
    is_first = not (settings.home / "plane").exists()
    progress = StartProgress()
    plane = DataPlane(settings.home, settings.given, progress.part)
    plane.hold()
    try:
        check_room(settings.home, is_first=is_first)
        settings.address_file.unlink(missing_ok=True)
        # Before the servers: whoever cannot have the port should not have to wait for it.
        with (
            listen(settings.port) as listener,
            _tunnel(settings) as tunnel,
            listen(free_port()) as files,
            told_of(settings.home, ROOT),
        ):
            check_start(settings)
            progress.begin(is_first=is_first)
            addresses = plane.start()

            # Whoever is refused above has waited for none of it.
            import uvloop

            from local.platform import LocalPlatform
            from local.wiring import entered_as_app, partitions_in

            settings.logs.mkdir(parents=True, exist_ok=True)
            made = load_dev_env(settings.home, {})
            platform = LocalPlatform(
                settings=settings,
                values={
                    **load_dev_env(settings.home, settings.given),
                    **addresses,
                    **entered_as_app(addresses, settings.given),
                    **find_secrets(settings.home, settings.given, [SEAL_KEY_BEFORE]),
                    **partitions_in(settings.given),
                },
                made=made,
                tunnel=tunnel,
                files=files,
                progress=progress,
                listener=listener,
                plane=plane,
                is_first=is_first,
            )
            uvloop.run(platform.run())
    finally:
        _be_left_alone()
        settings.address_file.unlink(missing_ok=True)
        plane.stop()
    return farewell(settings.home)


@contextlib.contextmanager
def _tunnel(settings: LocalSettings) -> Iterator[socket.socket | None]:
    """Raises PortTaken."""
    port = settings.tunnel_port
    if port is None:
        yield None
        return
    with listen(port, "WADDLEBOT_TUNNEL") as listener:
        yield listener


def _already_running(settings: LocalSettings, taken: HomeTaken) -> str:
    try:
        address = settings.address_file.read_text()
    except OSError:  # it is just starting or stopping, or it is the data plane alone
        return str(taken)
    return f"Already running at {address}. Stop it there with Ctrl-C, or just use it."


def _be_left_alone() -> None:
    """Stopping takes a second; another Ctrl-C must not break it off."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
