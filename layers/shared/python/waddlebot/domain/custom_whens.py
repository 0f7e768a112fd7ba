"""Where and when a custom command answers; elsewhere it is silent; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Because, Refusal

PLATFORMS = {"twitch": "Twitch", "discord": "Discord", "slack": "Slack"}
MOST_PLACES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """All of it has to hold; what is empty always does.

    A thread is in its channel. Of a server its channels are named, never all of it.
    """

    platforms: frozenset[str] = frozenset()
    places: frozenset[EntityId] = frozenset()


ALWAYS = When()


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAt:
    """Where and when somebody types a command."""

    platform: str
    place: EntityId


def why_silent(when: When, at: TypedAt) -> str:
    """`answers on Twitch alone`; nothing where it answers."""
    if when.platforms and at.platform not in when.platforms:
        return f"answers on {_either(_platforms_said(when))} alone"
    if when.places and at.place not in when.places:
        return "answers in other places"
    return ""


def described_when(when: When, place: Callable[[EntityId], str]) -> Iterator[str]:
    """`on Twitch`, `in #general on Discord`; `place` says what one is called."""
    if when.platforms:
        yield f"on {_either(_platforms_said(when))}"
    if when.places:
        yield f"in {_either(sorted(map(place, when.places)))}"


def typed_when(when: When) -> str:
    """As it is typed: `twitch discord:channel:1/2`, `always`."""
    return " ".join([*sorted(when.platforms), *sorted(when.places)]) or "always"


def when_to_wire(when: When) -> dict[str, Any]:
    """`{"platforms": ["twitch"], "places": ["twitch:channel:1"]}`, without what is empty."""
    wire = {"platforms": sorted(when.platforms), "places": sorted(when.places)}
    return {name: value for name, value in wire.items() if value}


def when_of_wire(wire: Mapping[str, Any]) -> When:
    """Raises ValueError: it holds what another release knows, and is not half as narrow."""
    if unknown := wire.keys() - {"platforms", "places"}:
        raise ValueError(f"conditions of another release: {sorted(unknown)}")
    return When(
        platforms=frozenset(wire.get("platforms", ())),
        places=frozenset(map(EntityId, wire.get("places", ()))),
    )


def check_when(when: When) -> None:
    """As far as it says itself whether it can hold. Raises Refusal."""
    if unknown := when.platforms - PLATFORMS.keys():
        words = f"There is no platform '{min(unknown)[:30]}'. There are {', '.join(PLATFORMS)}."
        raise wrong_when(words, "platforms")
    if len(when.places) > MOST_PLACES:
        raise wrong_when(f"A command answers in {MOST_PLACES} places at most.", "places")


def wrong_when(say: str, field: str) -> Refusal:
    return Refusal(say, Because.WRONG, code="INVALID_WHEN", field=field)


def _platforms_said(when: When) -> Sequence[str]:
    return [said for name, said in PLATFORMS.items() if name in when.platforms]


def _either(those: Sequence[str]) -> str:
    *most, last = those
    return f"{', '.join(most)} or {last}" if most else last
