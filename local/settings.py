"""What the person at the keyboard decides: where data lives, which port, which real parts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dotenv import dotenv_values

from local.plane.home_lock import is_held
from waddlebot.domain.overlay_players import wrong_players
from waddlebot.domain.public_addresses import VARIABLE, wrong_public_url
from waddlebot.runtime.houses import running_homes

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_PORT = 8000
LAST_PORT = 65_535


class SettingWrong(Exception):
    """The sentence says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSettings:
    """`given` holds `.env` and the environment; the environment wins."""

    home: Path
    port: int
    given: Mapping[str, str]

    @classmethod
    def read(cls) -> LocalSettings:
        """Raises SettingWrong where PORT or WADDLEBOT_TUNNEL is no port, the public address none,
        or that of a player."""
        dotenv = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value}
        given = {**dotenv, **os.environ}
        home = Path(given.get("WADDLEBOT_HOME") or ROOT / ".waddlebot").expanduser().resolve()
        settings = cls(home=home, port=_port(given.get("PORT")), given=given)
        _ = settings.tunnel_port
        if wrong := wrong_public_url(given.get(VARIABLE, "")) or wrong_players(given):
            raise SettingWrong(wrong)
        return settings

    @classmethod
    def of_running_house(cls) -> LocalSettings:
        """Of the house that runs, also where it was started with another WADDLEBOT_HOME.

        A home that the environment names is taken at its word. Raises SettingWrong where several
        houses run and none is named.
        """
        settings = cls.read()
        if os.environ.get("WADDLEBOT_HOME") or settings.is_running:
            return settings
        homes = running_homes(ROOT)
        if len(homes) > 1:
            raise SettingWrong(
                f"Several houses run here: {', '.join(map(str, homes))}. "
                f"Say which: WADDLEBOT_HOME={homes[0]}"
            )
        return replace(settings, home=homes[0]) if homes else settings

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def public_url(self) -> str:
        """Under which people find this house: as the person said, else on this machine alone."""
        return self.given.get(VARIABLE, "") or self.url

    @property
    def tunnel_port(self) -> int | None:
        """Where a tunnel may lead to: WADDLEBOT_TUNNEL=1 is the next port, or it names one."""
        text = self.given.get("WADDLEBOT_TUNNEL") or "0"
        if text == "1":
            return self.port + 1 if self.port < LAST_PORT else self.port - 1
        return None if text == "0" else _port(text, "WADDLEBOT_TUNNEL")

    @property
    def playground_host(self) -> str:
        """The name by which the browser of a remote desktop reaches this machine, if any."""
        return (self.given.get("PLAYGROUND_HOST") or "").strip().lower()

    @property
    def conversation_file(self) -> Path:
        """What was said at the stand-ins, for the playground after a restart."""
        return self.home / "conversation.jsonl"

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


def _port(text: str | None, name: str = "PORT") -> int:
    if not text:
        return DEFAULT_PORT
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= LAST_PORT:
        raise SettingWrong(f"{name}={text} is no port; say for example {name}=8001 make run")
    return int(text)
