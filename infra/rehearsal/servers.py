"""PostgreSQL and Valkey of this machine, in a home of their own that ends with the rehearsal."""

from __future__ import annotations

from pathlib import Path

from infra.rehearsal.progress import RehearsalFailed
from local.plane import DataPlane, PlaneFailed
from local.plane.data_plane import forget


class Servers:
    """`urls` by the name of the environment variable, as on one machine."""

    def __init__(self, home: Path) -> None:
        self._home = home
        home.mkdir(parents=True)
        self._plane = DataPlane(home, {}, lambda *_: None)
        self.urls: dict[str, str] = {}

    def start(self) -> None:
        """Raises RehearsalFailed."""
        try:
            self.urls = self._plane.start()
        except PlaneFailed as failed:
            raise RehearsalFailed(str(failed)) from failed

    def stop(self) -> None:
        self._plane.stop()
        forget(self._home)
