"""How often a person may use a command here: which limits hold, and whose calls they count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from waddlebot.domain.entities import platform_of
from waddlebot.domain.giving_way import STREAM, TOGETHER_A_MINUTE
from waddlebot.domain.limits import NEVER_LIMITED, Limit, closest_limit
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import CommandTrigger, ComponentTrigger, RuleTrigger
from waddlebot.domain.verdicts import Reason
from waddlebot_sdk.roles import Role

MINUTE_SECONDS = 60
MOST_DELIVERIES = 120


class SetBy(StrEnum):
    """Each is counted in a window of its own."""

    COMMUNITY = "community"
    MODULE = "module"
    COOLDOWN = "cooldown"
    OFFERS = "offers"
    PRESSES = "presses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A limit that holds for a call; `whose` is whose calls count against it."""

    limit: Limit
    set_by: SetBy
    whose: str

    @property
    def reason(self) -> Reason:
        """Nobody is told that it was a lot who did not call it that often himself."""
        if self.set_by is SetBy.PRESSES:
            return Reason.DONE_BEFORE
        is_rest = self.limit.calls == 1 or self.limit.together
        return Reason.COOLDOWN if is_rest else Reason.LIMIT


def bounds_of(trigger: CommandTrigger, session: Session) -> Iterator[Bound]:
    """What holds for this person here; the module's own limits where the community set none.

    What counts all commands together leaves out those of moderators: they repair with them.
    """
    person, place = whose_of(session), f"place:{session.spot.entity}"
    own = _limit_set(session, trigger.id, together=False)
    if own is None or trigger.module == NEVER_LIMITED:
        yield from _declared(trigger, person, place)
    if trigger.module == NEVER_LIMITED:
        return
    if trigger.module == STREAM:
        calls, name = TOGETHER_A_MINUTE, trigger.id
        most = Limit(command=name, calls=calls, seconds=MINUTE_SECONDS, together=True)
        yield Bound(limit=most, set_by=SetBy.MODULE, whose=place)
    set_here = [(own, person), (_limit_set(session, trigger.id, together=True), place)]
    if trigger.role is Role.USER:
        set_here += [
            (_limit_set(session, "", together=False), person),
            (_limit_set(session, "", together=True), place),
        ]
    for limit, whose in set_here:
        if limit is not None and limit.calls:
            yield Bound(limit=limit, set_by=SetBy.COMMUNITY, whose=whose)


def bound_of_deliveries(trigger: RuleTrigger) -> Bound:
    """How many lines of a community are shown to others, whatever its rules hit."""
    limit = Limit(
        command=trigger.module, calls=MOST_DELIVERIES, seconds=MINUTE_SECONDS, together=True
    )
    return Bound(limit=limit, set_by=SetBy.MODULE, whose="webhooks")


def bound_of_offers(session: Session) -> Bound:
    """Once a minute a place is told what was probably meant."""
    limit = Limit(command="such offers", calls=1, seconds=MINUTE_SECONDS, together=True)
    return Bound(limit=limit, set_by=SetBy.OFFERS, whose=f"place:{session.spot.entity}")


def bound_of_press(trigger: ComponentTrigger, session: Session) -> Bound:
    """Once: by each person, or by whoever is first. A second click at once is the same one."""
    limit = Limit(command=trigger.offer, calls=1, seconds=trigger.once_seconds)
    return Bound(
        limit=limit, set_by=SetBy.PRESSES, whose="all" if trigger.once else whose_of(session)
    )


def whose_of(session: Session) -> str:
    person = session.person.id if session.person else ""
    return f"{platform_of(session.spot.entity)}:{person}"


def _limit_set(session: Session, command: str, *, together: bool) -> Limit | None:
    limits = session.community.limits
    if not limits:  # as in most communities
        return None
    role = session.person.role if session.person else Role.USER
    return closest_limit(
        limits, command=command, together=together, role=role, entity=session.spot.entity
    )


def _declared(trigger: CommandTrigger, person: str, place: str) -> Iterator[Bound]:
    name = trigger.counted_as or trigger.id
    if trigger.per_minute:
        limit = Limit(command=name, calls=trigger.per_minute, seconds=MINUTE_SECONDS)
        yield Bound(limit=limit, set_by=SetBy.MODULE, whose=person)
    if trigger.cooldown_seconds:
        together = trigger.rests_together
        limit = Limit(command=name, calls=1, seconds=trigger.cooldown_seconds, together=together)
        yield Bound(limit=limit, set_by=SetBy.COOLDOWN, whose=place if together else person)
    if trigger.person_cooldown_seconds:
        limit = Limit(command=name, calls=1, seconds=trigger.person_cooldown_seconds)
        yield Bound(limit=limit, set_by=SetBy.COOLDOWN, whose=person)
