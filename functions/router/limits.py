"""How often it may: the windows of all calls of a batch, charged in one script."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from waddlebot.domain.entities import platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.executions import Status, execution_id
from waddlebot.domain.limits import Limit, closest_limit
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.stores import keys
from waddlebot.stores.valkey import Client
from waddlebot.stores.windows import Candidate, Charge, Window, charge_events, refund_calls
from waddlebot_sdk.roles import Role

MINUTE_SECONDS = 60

log = logging.getLogger(__name__)

Charges = Mapping[str, Charge]
"""By execution id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A limit, and the window in which this call counts against it."""

    limit: Limit
    key: str

    @property
    def window(self) -> Window:
        return Window(key=self.key, limit=self.limit.calls, seconds=self.limit.seconds)

    @property
    def reason(self) -> Reason:
        """Nobody is told that it was a lot who did not call it that often himself."""
        is_rest = self.limit.calls == 1 or self.limit.together
        return Reason.COOLDOWN if is_rest else Reason.LIMIT


@dataclass(frozen=True, slots=True)
class Limits:
    client: Client

    def charge(self, events: Iterable[Iterable[Verdict]]) -> Charges:
        """Calls in the order of the events; an event's first that passes is the only one charged.

        While the limits server is away, its windows are open.
        """
        asked = [candidates for event in events if (candidates := list(_candidates(event)))]
        if not asked:
            return {}
        try:
            answers = charge_events(self.client, asked)
        except Unavailable:
            log.warning("limits server did not answer; windows are open")
            return {}
        return {
            candidate.member: charge
            for candidates, charges in zip(asked, answers, strict=True)
            for candidate, charge in zip(candidates, charges, strict=True)
            if charge is not None
        }

    def refund(self, outcomes: Sequence[Outcome]) -> None:
        """Calls that failed cost nobody anything; asked only by who settled their event."""
        failed = [
            Candidate(member=execution.id, windows=windows, consumes=False)
            for outcome in outcomes
            for execution in outcome.executions
            if execution.status is Status.FAILED and (windows := _windows(execution.verdict))
        ]
        if not failed:
            return
        try:
            refund_calls(self.client, failed)
        except Unavailable:
            log.warning("limits server did not answer; failed calls stay charged")


def bound_by(charge: Charge, verdict: Verdict) -> Bound:
    """Which of its bounds refused this call."""
    return next(bound for bound in bounds_of_call(verdict) if bound.window == charge.refused_by)


def bounds_of_call(verdict: Verdict) -> list[Bound]:
    """Of what is no command, or said by nobody, none."""
    trigger, session = verdict.match.trigger, verdict.match.session
    if session.person is None or not isinstance(trigger, CommandTrigger):
        return []
    return list(bounds_of(trigger, session))


def bounds_of(trigger: CommandTrigger, session: Session) -> Iterator[Bound]:
    """What holds for this person here; the module's own limits where the community set none.

    What counts all commands together leaves out those of moderators: they repair with them.
    """
    person, place = whose_of(session), f"place:{session.spot.entity}"
    own = _limit_set(session, trigger.id, together=False)
    if own is None:
        yield from _declared(trigger, session.community.id, person)
    set_here = [(own, person), (_limit_set(session, trigger.id, together=True), place)]
    if trigger.role is Role.USER:
        set_here += [
            (_limit_set(session, "", together=False), person),
            (_limit_set(session, "", together=True), place),
        ]
    for limit, whose in set_here:
        if limit is not None and limit.calls:
            key = keys.limit_window(session.community.id, whose, limit.command, limit.seconds)
            yield Bound(limit=limit, key=key)


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


def _declared(trigger: CommandTrigger, community: int, person: str) -> Iterator[Bound]:
    if trigger.per_minute:
        yield Bound(
            limit=Limit(command=trigger.id, calls=trigger.per_minute, seconds=MINUTE_SECONDS),
            key=keys.command_window(community, person, trigger.id),
        )
    if trigger.cooldown_seconds:
        yield Bound(
            limit=Limit(command=trigger.id, calls=1, seconds=trigger.cooldown_seconds),
            key=keys.cooldown_window(community, person, trigger.id),
        )


def _candidates(event: Iterable[Verdict]) -> Iterator[Candidate]:
    """What has windows, up to a match that surely consumes the event."""
    for verdict in event:
        windows = _windows(verdict)
        consumes = verdict.allowed and verdict.match.trigger.consumes
        if windows:
            member = execution_id(verdict.match)
            yield Candidate(member=member, windows=windows, consumes=consumes)
        elif consumes:
            return


def _windows(verdict: Verdict) -> tuple[Window, ...]:
    """Of an allowed call its limits; of a refused one how often the refusal is said."""
    if verdict.allowed:
        return tuple(bound.window for bound in bounds_of_call(verdict))
    session, trigger = verdict.match.session, verdict.match.trigger
    if verdict.reason is Reason.ROLE and session.person and isinstance(trigger, CommandTrigger):
        key = keys.refusal_window(session.community.id, whose_of(session), trigger.id)
        return (Window(key=key, limit=1, seconds=MINUTE_SECONDS),)
    return ()
