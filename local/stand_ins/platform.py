"""What every stand-in has: the platform's side as routes, the people's side as methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from local.stand_ins.asgi import PathRouter
from local.stand_ins.faults import Faults
from local.stand_ins.feed import Feed
from local.stand_ins.people import StandInPeople, StandInPerson
from local.stand_ins.places import StandInPlace, StandInPlaces
from local.stand_ins.webhooks import Delivery, Webhooks

Keys = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the stand-ins share. `address` is how a bot reaches them, `prefix` its path.

    `closed` says of a platform why nobody speaks there through its stand-in.
    """

    keys: Keys
    address: str
    prefix: str
    feed: Feed
    faults: Faults
    people: StandInPeople
    places: StandInPlaces
    webhooks: Webhooks
    closed: Mapping[str, str]


class UnknownHappening(Exception):
    """The sentence names what the platform knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A line that stands on the platform now, and how it travels to the bot."""

    message_id: str
    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something other than a line."""

    person: StandInPerson
    place: StandInPlace
    details: Mapping[str, Any]


class StandInPlatform(Protocol):
    def routes(self, router: PathRouter) -> None:
        """Adds the platform's own paths, under `/<platform>`."""

    def announce(self, place: StandInPlace) -> None:
        """The place was made just now."""

    def say(
        self, person: StandInPerson, place: StandInPlace, text: str, *, answers: str = ""
    ) -> Spoken:
        """A chat line, or with a leading "/" a slash command where the platform has them.

        `answers` is the id of the line that it is a reply to; none where there is no such line.
        """

    def happen(self, kind: str, happened: Happened) -> Delivery:
        """Raises UnknownHappening."""

    def keep_line(
        self, place: StandInPlace, person: StandInPerson, message_id: str, text: str
    ) -> None:
        """A line came by a webhook, so it stands on the platform; known already where said here."""

    def answered(self, headers: Mapping[str, str], body: bytes, answer: bytes) -> None:
        """A webhook was answered with 200: shows what the platform would show of it."""
