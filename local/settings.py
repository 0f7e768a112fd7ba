"""What the person at the keyboard decides: where data lives, which port, which real parts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from local.plane.home_lock import is_held

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_PORT = 8000


class SettingWrong(Exception):
    """The sentence says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`given` holds `.env` and the environment; the environment wins."""

    home: Path
    port: int
    given: Mapping[str, str]

    @classmethod
    def read(cls) -> Settings:
        """Raises SettingWrong where PORT is no port."""
        dotenv = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value}
        given = {**dotenv, **os.environ}
        home = Path(given.get("WADDLEBOT_HOME") or ROOT / ".waddlebot").expanduser().resolve()
        return cls(home=home, port=_port(given.get("PORT")), given=given)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def address_file(self) -> Path:
        """Where a running platform says how it is reached, for `make chat`."""
        return self.home / "address"

    @property
    def is_running(self) -> bool:
        """Whether a launcher holds this home, however far up it is."""
        return is_held(self.home / "plane" / "lock")

    @property
    def logs(self) -> Path:
        return self.home / "logs"


def _port(text: str | None) -> int:
    if not text:
        return DEFAULT_PORT
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) < 65536:
        raise SettingWrong(f"PORT={text} is no port; say for example PORT=8001 make run")
    return int(text)
