"""What is kept of shoutouts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoutoutFriend:
    """Somebody on a community's list. `said` is empty where the usual is said of them; `times` is
    how often they were recommended, as far as the history goes back.
    """

    id: int
    user_id: str
    login: str
    name: str
    said: str = ""
    times: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoutoutGiven:
    """`by_name` is empty of a raid, and where whoever gave it was forgotten."""

    name: str
    game: str
    is_raid: bool
    by_name: str
    at: datetime
