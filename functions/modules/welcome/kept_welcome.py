"""How a community welcomes whoever is new."""

from __future__ import annotations

from dataclasses import dataclass

MODULE_NAME = "welcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """`first_lines`: whoever writes for the first time; `joins`: whoever joins a server or
    workspace. `text` is empty where it is the usual one, `place` where it is said where it
    happens; `place_name` is how the place was called when it was named.
    """

    first_lines: bool = False
    joins: bool = False
    text: str = ""
    place: str = ""
    place_name: str = ""

    @property
    def is_on(self) -> bool:
        return self.first_lines or self.joins


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """An account on a platform."""

    platform: str
    id: str
