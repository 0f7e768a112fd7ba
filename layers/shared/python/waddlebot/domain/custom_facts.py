"""What texts of custom commands say that has to be asked for first; pure.

What could not be asked for is said in the place of the variable: in a bracket, and in words that
anybody in chat may read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import msgspec

from waddlebot.domain.custom_texts import Variable, in_its_place


class Fact(StrEnum):
    """What is asked for together."""

    POINTS = "points"
    RANK = "rank"
    STREAM = "stream"
    FOLLOWERS = "followers"
    FOLLOWAGE = "followage"
    SUBSCRIBERS = "subscribers"
    EMOTES = "emotes"
    LATELY = "lately"
    CHATTERS = "chatters"
    QUOTE = "quote"
    FETCHED = "fetched"
    OTHER_CHANNEL = "other_channel"
    CLIPS = "clips"


OF_POINTS = frozenset({Fact.POINTS, Fact.RANK})
OF_TWITCH = frozenset({Fact.STREAM, Fact.FOLLOWERS, Fact.FOLLOWAGE, Fact.SUBSCRIBERS, Fact.EMOTES})
OF_LINES = frozenset({Fact.LATELY, Fact.CHATTERS})
OF_ANSWERS = frozenset({Fact.QUOTE, Fact.FETCHED, Fact.OTHER_CHANNEL})
"""What is asked for with what stands behind the variable: each has an answer of its own."""
OF_OTHERS = OF_TWITCH | OF_ANSWERS
"""What is asked of somebody else's server: or of another function: it takes its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAmongAll:
    """A person's points here; `rank` counts from 1 and is 0 where nobody asked for it, as is
    `ranked`, how many have points.
    """

    points: int
    rank: int = 0
    ranked: int = 0


class SubscriberFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How many subscribe, and the points that Twitch counts for them."""

    total: int
    points: int


class FollowingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`since` is None of who does not follow."""

    since: datetime | None = None


class ClipFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A clip of a channel; `url` is its page, from which it plays."""

    url: str
    title: str = ""
    seconds: float = 30.0


class StreamFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What Twitch says of a channel; `started_at` is None where it is not live, and what follows
    `viewers` where Twitch was not asked or did not say. `why` says for a fact why it did not.
    """

    id: str = ""
    name: str = ""
    login: str = ""
    title: str = ""
    game: str = ""
    started_at: datetime | None = None
    viewers: int = 0
    followers: int | None = None
    following: FollowingFacts | None = None
    subscribers: SubscriberFacts | None = None
    emotes: str | None = None
    clips: list[ClipFacts] | None = None
    why: dict[Fact, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLately:
    """What somebody wrote last in this place before they typed the command, as far as lines are
    kept; `at` is None where nothing is known.
    """

    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`why` says for a fact that is not here why it is not. `chatters` are the names of those who
    wrote in this place a moment ago, in an order that is always the same. `answers` are what each
    variable says that was asked for by itself.
    """

    lately: SaidLately | None = None
    chatters: tuple[str, ...] | None = None
    answers: Mapping[Variable, str] = field(default_factory=dict)
    standing: PlaceAmongAll | None = None
    stream: StreamFacts | None = None
    why: Mapping[Fact, str] = field(default_factory=dict)

    def absent(self, fact: Fact) -> str:
        return in_its_place(self.why.get(fact) or "not known here")

    def answer_to(self, variable: Variable, fact: Fact) -> str:
        return self.answers[variable] if variable in self.answers else self.absent(fact)
