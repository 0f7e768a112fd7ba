"""What is typed to say where and when a custom command answers: `twitch here live`."""

from __future__ import annotations

import re
from collections.abc import Callable

from waddlebot.domain.custom_hours import looks_like_hours, read_hours
from waddlebot.domain.custom_whens import ALWAYS, LIVE, PLATFORMS, When
from waddlebot.domain.entities import EntityId
from waddlebot_sdk import NotUnderstood

NO_CONDITION = "always"
EXAMPLES = (
    "twitch, discord, slack, here, #general, live, offline, 18:00-23:00, game Celeste, always"
)
_GAME = re.compile(r"(?:^|\s)game(?=\s|$)", re.IGNORECASE)
_LIVE = {said: live for live, said in LIVE.items()}


def read_when(typed: str, place: Callable[[str], EntityId | None]) -> When:
    """`place` finds a channel by what people call it. Raises NotUnderstood, Refusal.

    Behind `game` all is the name of one, or of several: `game Hollow Knight | Celeste`.
    """
    before, *named = _GAME.split(typed, maxsplit=1)
    words = before.replace(",", " ").split()
    if not words and not named:
        raise NotUnderstood(f"Say where and when it answers: {EXAMPLES}.")
    if [word.lower() for word in words] == [NO_CONDITION] and not named:
        return ALWAYS
    lower = {word.lower(): word for word in words}
    hours = sorted(filter(looks_like_hours, lower))
    others = lower.keys() - PLATFORMS.keys() - _LIVE.keys() - {*hours}
    return When(
        platforms=frozenset(lower.keys() & PLATFORMS.keys()),
        places=frozenset(_place(lower[one], place) for one in sorted(others)),
        live=_live(lower.keys() & _LIVE.keys()),
        hours=tuple(map(read_hours, hours)),
        games=_games(named[0]) if named else (),
    )


def _live(said: set[str]) -> bool | None:
    if len(said) > 1:
        raise NotUnderstood("It answers while live, or while offline: say one of them, or neither.")
    return _LIVE[said.pop()] if said else None


def _games(typed: str) -> tuple[str, ...]:
    return tuple(" ".join(one.split()) for one in typed.split("|"))


def _place(typed: str, place: Callable[[str], EntityId | None]) -> EntityId:
    found = place(typed) if typed.lower() != "usual" else None
    if found is None:
        raise NotUnderstood(f"I do not understand '{typed[:40]}'. There are: {EXAMPLES}.")
    return found
