"""It ran: what came back from a module."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from waddlebot.domain.matches import Match
from waddlebot.domain.offers import Offering
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.domain.refused_wishes import RefusedWish
from waddlebot.domain.verdicts import Verdict
from waddlebot_sdk.responses import Chat, Response
from waddlebot_sdk.wishes import Wish

LEFT_OUT = "left out"
"""Recorded of a step of a chain before which one came to nothing."""


class Status(StrEnum):
    """PENDING: passed on to the slow door, or not yet answered."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A line for somewhere else than the asking channel: the moderators, by entity.

    With `user` it is for that person there alone, and a secret.
    `for_moderators`: it is never lost in silence; `instead` are the next best places for it.
    `about` is whose words it holds, as `platform:id`.
    """

    entity: str
    text: str
    user: str = ""
    user_name: str = ""
    for_moderators: bool = False
    instead: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretChat(Chat):
    """A secret of the house: where the platform refuses the private way, `otherwise` is said."""

    otherwise: str

    def reworded(self, reword: Callable[[str], str]) -> SecretChat:
        """The same in other words."""
        return replace(self, text=reword(self.text), otherwise=reword(self.otherwise))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedChat(Chat):
    """With something below it to be pressed or filled in, each with its signed id."""

    offer: Offering

    def offered_texts(self) -> Iterator[str]:
        """What people read of it besides the line."""
        offer = self.offer
        yield from (one.label for one in offer.buttons)
        if offer.menu:
            yield from (text for one in offer.menu.options for text in (one.label, one.about))
        if offer.form:
            yield offer.form.title
            yield from (one.label for one in offer.form.fields)


Part = Response | PlatformAction | Notice
"""What a built-in gives back; strangers get no farther than responses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """`error` is for the log and the developer; what is said stands in `responses`.

    `is_away`: it failed because a server of ours is away. Again later is fine: nothing happened, or
    what was kept is found then. `refused` is what its module wished and may not have, or nobody can
    do here, or a rule forbids to say.
    """

    id: str
    verdict: Verdict
    status: Status
    responses: tuple[Response, ...] = ()
    platform_actions: tuple[PlatformAction, ...] = ()
    notices: tuple[Notice, ...] = ()
    error: str = ""
    attempts: int = 1
    took_ms: float = 0.0
    is_away: bool = False
    http_status: int = 200
    refused: tuple[RefusedWish, ...] = ()

    @property
    def is_left_out(self) -> bool:
        return self.error == LEFT_OUT

    @property
    def came_to_nothing(self) -> bool:
        """What follows it in a chain is not run."""
        return self.status is not Status.PENDING and self.is_free

    @property
    def is_free(self) -> bool:
        """It failed, or said no more than what to type instead: nobody pays for that.

        What does something besides, or wishes to, is never for free, whatever it says of itself.
        """
        if self.refused or any(isinstance(one, Wish) for one in self.responses):
            return False
        said_so = (isinstance(one, Chat) and one.free for one in self.responses)
        return self.status is Status.FAILED or any(said_so)


def execution_id(match: Match) -> str:
    """Made of event, trigger and step: the same in every delivery (docs/delivery.md).

    16 bytes as 22 characters of base64url, so that a reply id fits Discord's nonce of 25.
    """
    return id_of_step(match.session.event.id, match.trigger.id, match.step)


def id_of_step(event: str, trigger: str, step: int) -> str:
    """Of one command of an event, by its place in a chain; alone it is 0."""
    name = f"{event}\0{trigger}\0{step}"
    digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
