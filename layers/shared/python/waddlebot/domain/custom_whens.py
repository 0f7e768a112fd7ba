"""Where and when a custom command answers; elsewhere it is silent; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from waddlebot.domain.custom_hours import Hours, check_hours, hours_in
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Because, Refusal

PLATFORMS = {"twitch": "Twitch", "discord": "Discord", "slack": "Slack"}
MOST_PLACES = 20
MOST_GAMES = 10
MOST_GAME_CHARACTERS = 100
LIVE = {True: "live", False: "offline"}
Streams = Mapping[EntityId, str | None]
"""What is played on each channel of a community, None off air."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """All of it has to hold; what is empty always does.

    A thread is in its channel. Of a server its channels are named, never all of it.
    `live`: whether only while the stream runs, or only while it does not. `hours` are of the
    community's zone; `games` are those that the stream is about, as Twitch calls them.
    """

    platforms: frozenset[str] = frozenset()
    places: frozenset[EntityId] = frozenset()
    live: bool | None = None
    hours: tuple[Hours, ...] = ()
    games: tuple[str, ...] = ()

    @property
    def asks_stream(self) -> bool:
        return self.live is not None or bool(self.games)


ALWAYS = When()
_KEYS = frozenset({"platforms", "places", "live", "hours", "games"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAt:
    """Where and when somebody types a command, and what its community streams then."""

    platform: str
    place: EntityId
    moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    zone: str = "UTC"
    streams: Streams = field(default_factory=dict)

    @property
    def games(self) -> Sequence[str | None]:
        """Of the channel itself, where it is one of those; elsewhere of all of them."""
        if self.place in self.streams:
            return [self.streams[self.place]]
        return list(self.streams.values())


def why_silent(when: When, at: TypedAt) -> str:
    """`answers on Twitch alone`; nothing where it answers."""
    if when.platforms and at.platform not in when.platforms:
        return f"answers on {_either(_platforms_said(when))} alone"
    if when.places and at.place not in when.places:
        return "answers in other places"
    if when.hours and not hours_in(when.hours, at.moment.astimezone(ZoneInfo(at.zone)).time()):
        return f"answers only {_hours_said(when)} ({at.zone})"
    if when.asks_stream and not _streams_so(when, at.games):
        return f"answers only {' and '.join(_stream_said(when))}{_unknown(at.games)}"
    return ""


def described_when(when: When, place: Callable[[EntityId], str]) -> Iterator[str]:
    """`on Twitch`, `in #general on Discord`; `place` says what one is called."""
    if when.platforms:
        yield f"on {_either(_platforms_said(when))}"
    if when.places:
        yield f"in {_either(sorted(map(place, when.places)))}"
    yield from _stream_said(when)
    if when.hours:
        yield _hours_said(when)


def typed_when(when: When) -> str:
    """As it is typed: `twitch discord:channel:1/2 live 18:00-23:00 game Celeste`, `always`."""
    live = [] if when.live is None else [LIVE[when.live]]
    games = [f"game {' | '.join(when.games)}"] if when.games else []
    hours = map(str, when.hours)
    return " ".join([*sorted(when.platforms), *sorted(when.places), *live, *hours, *games]) or (
        "always"
    )


def when_to_wire(when: When) -> dict[str, Any]:
    """`{"platforms": ["twitch"], "places": ["twitch:channel:1"], "live": True,
    "hours": ["18:00-23:00"], "games": ["Celeste"]}`, without what is empty.
    """
    wire = {
        "platforms": sorted(when.platforms),
        "places": sorted(when.places),
        "hours": list(map(str, when.hours)),
        "games": list(when.games),
    }
    live = {} if when.live is None else {"live": when.live}
    return {name: value for name, value in wire.items() if value} | live


def when_of_wire(wire: Mapping[str, Any]) -> When:
    """Raises ValueError: it holds what another release knows, and is not half as narrow."""
    if unknown := wire.keys() - _KEYS:
        raise ValueError(f"conditions of another release: {sorted(unknown)}")
    return When(
        platforms=frozenset(wire.get("platforms", ())),
        places=frozenset(map(EntityId, wire.get("places", ()))),
        live=wire.get("live"),
        hours=tuple(map(Hours.read, wire.get("hours", ()))),
        games=tuple(wire.get("games", ())),
    )


def check_when(when: When) -> None:
    """As far as it says itself whether it can hold. Raises Refusal."""
    if unknown := when.platforms - PLATFORMS.keys():
        words = f"There is no platform '{min(unknown)[:30]}'. There are {', '.join(PLATFORMS)}."
        raise wrong_when(words, "platforms")
    if len(when.places) > MOST_PLACES:
        raise wrong_when(f"A command answers in {MOST_PLACES} places at most.", "places")
    if when.games and when.live is False:
        raise wrong_when("While offline nothing is played: say a game, or offline.", "games")
    check_hours(when.hours)
    _check_games(when.games)


def _check_games(games: Sequence[str]) -> None:
    if len(games) > MOST_GAMES:
        raise wrong_when(f"A command answers for {MOST_GAMES} games at most.", "games")
    for one in games:
        if not 0 < len(one) <= MOST_GAME_CHARACTERS or not one.isprintable() or set(one) & {*'"|'}:
            words = f"A game is named as Twitch calls it, {MOST_GAME_CHARACTERS} characters at most"
            raise wrong_when(f"{words}: game Hollow Knight | Celeste", "games")


def wrong_when(say: str, field: str) -> Refusal:
    return Refusal(say, Because.WRONG, code="INVALID_WHEN", field=field)


def _streams_so(when: When, games: Sequence[str | None]) -> bool:
    """Whether one does what is asked for; what nobody knows does not."""
    if when.live is False:
        return bool(games) and all(game is None for game in games)
    wanted = {_folded(one) for one in when.games}
    return any(game is not None and (not wanted or _folded(game) in wanted) for game in games)


def _folded(game: str) -> str:
    return " ".join(game.casefold().split())


def _unknown(games: Sequence[str | None]) -> str:
    return "" if games else ", and nobody asks Twitch about a channel of this community"


def _platforms_said(when: When) -> Sequence[str]:
    return [said for name, said in PLATFORMS.items() if name in when.platforms]


def _stream_said(when: When) -> Iterator[str]:
    if when.live is not None:
        yield f"while {LIVE[when.live]}"
    if when.games:
        yield f"while {_either(when.games)} is played"


def _hours_said(when: When) -> str:
    return _either([one.said for one in when.hours])


def _either(those: Sequence[str]) -> str:
    *most, last = those
    return f"{', '.join(most)} or {last}" if most else last
