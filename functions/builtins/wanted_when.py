"""What is typed to say where and when a custom command answers: `twitch here`."""

from __future__ import annotations

from collections.abc import Callable

from waddlebot.domain.custom_whens import ALWAYS, PLATFORMS, When
from waddlebot.domain.entities import EntityId
from waddlebot_sdk import NotUnderstood

NO_CONDITION = "always"
EXAMPLES = "twitch, discord, slack, here, #general, always"


def read_when(typed: str, place: Callable[[str], EntityId | None]) -> When:
    """`place` finds a channel by what people call it. Raises NotUnderstood, Refusal."""
    words = typed.replace(",", " ").split()
    if not words:
        raise NotUnderstood(f"Say where and when it answers: {EXAMPLES}.")
    if [word.lower() for word in words] == [NO_CONDITION]:
        return ALWAYS
    platforms = frozenset(word.lower() for word in words if word.lower() in PLATFORMS)
    others = (word for word in words if word.lower() not in PLATFORMS)
    return When(platforms=platforms, places=frozenset(_place(one, place) for one in others))


def _place(typed: str, place: Callable[[str], EntityId | None]) -> EntityId:
    found = place(typed) if typed.lower() != "usual" else None
    if found is None:
        raise NotUnderstood(f"I do not understand '{typed[:40]}'. There are: {EXAMPLES}.")
    return found
