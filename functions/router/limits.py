"""How often it may: the windows of all calls of a batch, charged in one script."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from functions.router.execute import Wave
from waddlebot.domain import sayings
from waddlebot.domain.accounts import Account
from waddlebot.domain.bounds import (
    MINUTE_SECONDS,
    Bound,
    SetBy,
    bound_of_deliveries,
    bound_of_offers,
    bound_of_press,
    bounds_of,
    whose_of,
)
from waddlebot.domain.entities import CommunityId, platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Channel, Event
from waddlebot.domain.executions import Execution, execution_id
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.sessions import Session
from waddlebot.domain.string_rules import RuleAction
from waddlebot.domain.triggers import (
    MISTYPED,
    UNKNOWN,
    CommandTrigger,
    ComponentTrigger,
    EventTrigger,
    RuleTrigger,
    Trigger,
)
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.stores import keys
from waddlebot.stores.valkey import Client
from waddlebot.stores.windows import Candidate, Charge, Window, charge_events, refund_calls
from waddlebot_sdk.responses import Chat

log = logging.getLogger(__name__)

OF_PERSON, OF_PLACE = 5, 20
"""A minute: so many tries that came to nothing are answered."""

OFFERED = 90
"""A minute, to one person everywhere: Discord's client asks at each pause in typing, about twice a
second, and nobody types for a minute without sending anything."""

Charges = Mapping[str, Charge]
"""By execution id."""


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

    def hush(self, wave: Wave) -> Wave:
        """The same wave, silent beyond what one person and one place are told of failed tries.

        That it is silent from now on is said, once.
        Who is answered alone and waits for it, as after a slash command, is always answered.
        """
        told = [one for one in _told(wave) if _is_read_by_others(one)]
        if not told:
            return wave
        asked = [[_of_answer(verdict)] for verdict in told]
        try:
            answers = charge_events(self.client, asked)
        except Unavailable:
            log.warning("limits server did not answer; windows are open")
            return wave
        return wave.hushed(
            {
                execution_id(verdict.match): _no_more(verdict, charge) if charge.first else None
                for verdict, [charge] in zip(told, answers, strict=True)
                if charge and not charge.allowed
            }
        )

    def may_be_offered(self, event: Event) -> bool:
        """Whether who types this is still asked for what may follow; they wait for no answer."""
        if event.user is None:
            return False
        account = Account(platform_of(event.entity), event.user.id).key
        window = Window(key=keys.completing_window(account), limit=OFFERED, seconds=MINUTE_SECONDS)
        asked = Candidate(member=event.id, windows=(window,), consumes=False)
        try:
            [[charge]] = charge_events(self.client, [[asked]])
        except Unavailable:
            log.warning("limits server did not answer; windows are open")
            return True
        return charge is None or charge.allowed

    def refund(self, outcomes: Sequence[Outcome]) -> None:
        """What failed or was not understood costs nobody anything; asked by who settled it."""
        failed = [
            Candidate(member=execution.id, windows=windows, consumes=False)
            for outcome in outcomes
            for execution in outcome.executions
            if _is_given_back(execution) and (windows := _windows(execution.verdict))
        ]
        if not failed:
            return
        try:
            refund_calls(self.client, failed)
        except Unavailable:
            log.warning("limits server did not answer; failed calls stay charged")


def bound_by(charge: Charge, verdict: Verdict) -> Bound:
    """Which of its bounds refused this call."""
    community = verdict.match.session.community.id
    return next(
        bound
        for bound in bounds_of_call(verdict)
        if window_of(bound, community) == charge.refused_by
    )


def bounds_of_call(verdict: Verdict) -> list[Bound]:
    """Of what is no command, or said by nobody, none; what is offered unasked has its own."""
    trigger, session = verdict.match.trigger, verdict.match.session
    if isinstance(trigger, RuleTrigger) and trigger.rule.action is RuleAction.WEBHOOK:
        return [bound_of_deliveries(trigger)]
    if isinstance(trigger, EventTrigger) and trigger.event_type == MISTYPED:
        return [bound_of_offers(session)]
    if isinstance(trigger, ComponentTrigger):
        return [bound_of_press(trigger, session)] if trigger.once_seconds else []
    if session.person is None or not isinstance(trigger, CommandTrigger):
        return []
    return list(bounds_of(trigger, session))


def window_of(bound: Bound, community: CommunityId) -> Window:
    """In which a call counts against it."""
    limit = bound.limit
    match bound.set_by:
        case SetBy.COMMUNITY:
            key = keys.limit_window(community, bound.whose, limit.command, limit.seconds)
        case SetBy.MODULE:
            key = keys.command_window(community, bound.whose, limit.command)
        case SetBy.COOLDOWN:
            key = keys.cooldown_window(community, bound.whose, limit.command)
        case SetBy.OFFERS:
            key = keys.offers_window(community, bound.whose)
        case SetBy.PRESSES:
            key = keys.press_window(community, bound.whose, limit.command)
    return Window(key=key, limit=limit.calls, seconds=limit.seconds)


def _candidates(event: Iterable[Verdict]) -> Iterator[Candidate]:
    """What has windows, up to a match that surely consumes the event."""
    for verdict in event:
        windows = _windows(verdict)
        consumes = verdict.allowed and verdict.match.trigger.consumes
        if windows:
            member = execution_id(verdict.match)
            yield Candidate(
                member=member,
                windows=windows,
                consumes=consumes,
                follows=verdict.match.step > 0,
            )
        elif consumes:
            return


def _windows(verdict: Verdict) -> tuple[Window, ...]:
    """Of an allowed call its limits; of a refused one how often the refusal is said."""
    if verdict.allowed:
        community = verdict.match.session.community.id
        return tuple(window_of(bound, community) for bound in bounds_of_call(verdict))
    session, trigger = verdict.match.session, verdict.match.trigger
    if verdict.reason is Reason.ROLE and session.person and isinstance(trigger, CommandTrigger):
        key = keys.refusal_window(session.community.id, whose_of(session), trigger.id)
        return (Window(key=key, limit=1, seconds=MINUTE_SECONDS),)
    return ()


def _is_given_back(execution: Execution) -> bool:
    """What is offered unasked is no call: it was said, and that counts."""
    called = CommandTrigger | ComponentTrigger
    return execution.is_free and isinstance(execution.verdict.match.trigger, called)


def _told(wave: Wave) -> Iterator[Verdict]:
    """Refusals, usage, failures: whatever is said about a try that came to nothing.

    Who typed no command has tried nothing: what rules and listeners make of a line is theirs.
    """
    refused = (one for one in wave.verdicts if one.said and not one.allowed)
    free = (one.verdict for one in wave.executions if one.is_free and not one.is_left_out)
    for verdict in (*refused, *free):
        if _was_typed(verdict.match.trigger):
            yield verdict


def _was_typed(trigger: Trigger) -> bool:
    """A command, or what was meant for one."""
    if isinstance(trigger, EventTrigger):
        return trigger.event_type in {UNKNOWN, MISTYPED}
    return isinstance(trigger, CommandTrigger)


def _is_read_by_others(verdict: Verdict) -> bool:
    event = verdict.match.session.event
    return verdict.match.session.person is not None and isinstance(event.way_back, Channel)


def _of_answer(verdict: Verdict) -> Candidate:
    session = verdict.match.session
    whose = {whose_of(session): OF_PERSON, _place_of(session): OF_PLACE}
    windows = tuple(
        Window(
            key=keys.answers_window(session.community.id, one), limit=most, seconds=MINUTE_SECONDS
        )
        for one, most in whose.items()
    )
    return Candidate(member=execution_id(verdict.match), windows=windows, consumes=False)


def _no_more(verdict: Verdict, charge: Charge) -> Chat:
    """What fills the place is everybody's to know."""
    session = verdict.match.session
    whose = keys.answers_window(session.community.id, _place_of(session))
    is_place = charge.refused_by is not None and charge.refused_by.key == whose
    said = sayings.no_more_mistakes(charge.wait_seconds, of_place=is_place)
    return Chat(session.community.words.reword(said), private=not is_place)


def _place_of(session: Session) -> str:
    return f"place:{session.spot.entity}"
