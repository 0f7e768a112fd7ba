"""May it? Rights first, then the limits of all that is left, in one script for the whole batch."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from functions.router.destinations.engines import engine_of
from functions.router.limits import Charges, Limits, bound_by
from waddlebot.domain import rule_sayings, sayings
from waddlebot.domain.bounds import SetBy
from waddlebot.domain.custom_commands import moment_of
from waddlebot.domain.custom_whens import why_silent
from waddlebot.domain.events import MessageType
from waddlebot.domain.executions import execution_id
from waddlebot.domain.matches import Match, Standing
from waddlebot.domain.press_sayings import say_press_refusal
from waddlebot.domain.rule_presets import preset_of
from waddlebot.domain.triggers import (
    FIRST_CONTACT,
    MISTYPED,
    UNKNOWN,
    CommandTrigger,
    ComponentTrigger,
    EventTrigger,
    RuleTrigger,
    Trigger,
    Turn,
)
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.stores.windows import Charge
from waddlebot_sdk.own_words import in_usual_words
from waddlebot_sdk.responses import Chat
from waddlebot_sdk.roles import Role

STALE_SECONDS = 60
"""Nobody waits any more for the answer to a command that was typed longer ago."""
STALE_RULE_SECONDS = 300
"""A line that should not stand there is worth removing for longer."""
WAKE_UP = "!waddlebot on"
"""The one thing that a quiet place listens to."""

_NOT_SAID = frozenset({Reason.ALLOWED, Reason.REPEATED, Reason.SHADOWED, Reason.STOPPED})
_TYPED = frozenset({MessageType.CHAT_MESSAGE, MessageType.APP_MENTION, MessageType.FILE_SHARE})


def judge(
    matches: Sequence[Match],
    limits: Limits,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Verdict]:
    """Verdict n is about match n. Nobody is charged for a call that is refused or shadowed."""
    now = clock()
    by_right = _without_what_follows([_by_right(match, now) for match in matches])
    events = [list(event) for _, event in itertools.groupby(by_right, key=_session_id)]
    charges = limits.charge(events)
    return [verdict for event in events for verdict in _settle(event, charges)]


def _session_id(verdict: Verdict) -> str:
    """The same event twice in a batch has two sessions."""
    return verdict.match.session.id


def _by_right(match: Match, now: datetime) -> Verdict:
    """The verdict as far as neither a window nor an earlier match decides it."""
    if match.standing is not Standing.OURS:
        return Verdict(match=match, reason=Reason.REPEATED)
    if isinstance(match.trigger, ComponentTrigger) and match.trigger.wrong:
        return Verdict(match=match, reason=match.trigger.wrong)
    if match.session.spot.quiet and match.trigger.id != WAKE_UP:
        return Verdict(match=match, reason=Reason.QUIET)
    if switched_off := _switched_off(match):
        return Verdict(match=match, reason=Reason.DISABLED, by=switched_off)
    if silent := _why_silent(match):
        return Verdict(match=match, reason=Reason.NOT_NOW, by=silent)
    if _is_stale(match, now):
        return Verdict(match=match, reason=Reason.STALE)
    if _is_exempt(match):
        return Verdict(match=match, reason=Reason.EXEMPT, by=_role(match))
    if not _role(match).covers(match.trigger.role) and not _is_trusted(match):
        return Verdict(match=match, reason=Reason.ROLE, by=match.trigger.role)
    return Verdict(match=match, reason=Reason.ALLOWED, by=match.by or _preset_of(match.trigger))


def _without_what_follows(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """A chain stops where a step may not: nobody is charged for those behind it."""
    told = list[Verdict]()
    for verdict in verdicts:
        told.append(_after(told[-1], verdict) if told else verdict)
    return told


def _after(before: Verdict, verdict: Verdict) -> Verdict:
    """Steps of a chain stand one behind the other; what is no longer ours is left as it is."""
    is_next = verdict.match.step > 0 and verdict.reason is not Reason.REPEATED
    if is_next and not before.allowed:
        return Verdict(match=verdict.match, reason=Reason.STOPPED)
    return verdict


def _preset_of(trigger: Trigger) -> str:
    """People know a rule that is ready made by the name of its preset."""
    preset = preset_of(trigger.rule) if isinstance(trigger, RuleTrigger) else ""
    return rule_sayings.the_preset(preset) if preset else ""


def _decided_by(trigger: Trigger) -> str:
    """As it is recorded of what came too late: `!quote`, `rule:3`, `rule 3 of the preset scams`."""
    preset = _preset_of(trigger)
    return f"{sayings.name_of(trigger)} of {preset}" if preset else trigger.id


def _role(match: Match) -> Role:
    return match.session.person.role if match.session.person else Role.USER


def _is_trusted(match: Match) -> bool:
    """A label that is called like a module gives what its moderators may; never the router's own.

    So `memories` lets people keep quotes who are no moderators (facts: special labels).
    """
    trigger, person = match.trigger, match.session.person
    return (
        person is not None
        and trigger.module in person.labels
        and trigger.role is Role.MODERATOR
        and not engine_of(trigger.destination).in_process
    )


def _switched_off(match: Match) -> str:
    """The name that is switched off here, or nothing."""
    session, trigger = match.session, match.trigger
    names = [trigger.module, trigger.id]
    if isinstance(trigger, CommandTrigger):
        names.append(trigger.typed)
    off = session.community.disabled | session.spot.disabled
    return next((name for name in names if name in off), "")


def _is_stale(match: Match, now: datetime) -> bool:
    """Subscriptions, raids and reminders never are."""
    event = match.session.event
    age_seconds = (now - (event.replayed_at or event.occurred_at)).total_seconds()
    if isinstance(match.trigger, CommandTrigger) or _is_about_typing(match.trigger):
        return event.type in _TYPED and age_seconds > STALE_SECONDS
    return match.trigger.turn is Turn.MODERATE and age_seconds > STALE_RULE_SECONDS


def _is_about_typing(trigger: Trigger) -> bool:
    return isinstance(trigger, EventTrigger) and trigger.event_type in {UNKNOWN, MISTYPED}


def _why_silent(match: Match) -> str:
    """`!hello answers on Twitch alone`, of a custom command that answers elsewhere."""
    trigger = match.trigger
    if not isinstance(trigger, CommandTrigger) or trigger.when is None:
        return ""
    silent = why_silent(trigger.when, moment_of(match.session))
    return f"{trigger.counted_as} {silent}" if silent else ""


def _is_exempt(match: Match) -> bool:
    is_moderating = isinstance(match.trigger, RuleTrigger) and match.trigger.turn is Turn.MODERATE
    return is_moderating and _role(match).covers(Role.MODERATOR)


def _settle(event: Iterable[Verdict], charges: Charges) -> Iterator[Verdict]:
    """The first that may consumes the event; what stands behind it is shadowed.

    The greeting also stands back behind a refusal that is said: one line gets one answer.
    """
    consumed_by = refused_by = ""
    before: Verdict | None = None
    for verdict in event:
        shadow = consumed_by or (refused_by if _is_greeting(verdict) else "")
        if shadow and verdict.reason in {Reason.ALLOWED, Reason.ROLE}:
            yield Verdict(match=verdict.match, reason=Reason.SHADOWED, by=shadow)
            continue
        if before is not None:
            verdict = _after(before, verdict)  # noqa: PLW2901 - a limit may have stopped its chain
        before = settled = _said_if_open(
            _charged(verdict, charges.get(execution_id(verdict.match)))
        )
        if settled.allowed and settled.match.trigger.consumes:
            consumed_by = _decided_by(settled.match.trigger)
        if settled.said and not settled.allowed:
            refused_by = _decided_by(settled.match.trigger)
        yield settled


def _said_if_open(verdict: Verdict) -> Verdict:
    """Every time, after a slash command: it disturbs nobody, and an answer is expected."""
    trigger = verdict.match.trigger
    if isinstance(trigger, ComponentTrigger):
        return _said_to_presser(verdict, trigger)
    is_asked = isinstance(trigger, CommandTrigger) or _is_about_typing(trigger)
    is_no = verdict.reason not in _NOT_SAID
    if is_asked and is_no and verdict.match.session.event.is_open:
        return replace(verdict, said=True)
    return verdict


def _said_to_presser(verdict: Verdict, trigger: ComponentTrigger) -> Verdict:
    """Alone, and each time; a second click at once was answered with the first."""
    if verdict.reason in _NOT_SAID:
        return verdict
    is_same_click = verdict.reason is Reason.DONE_BEFORE and trigger.is_double_click
    words = say_press_refusal(verdict.reason)
    instead = Chat(words, private=True) if words else None
    return replace(verdict, said=not is_same_click, instead=instead)


def _is_greeting(verdict: Verdict) -> bool:
    trigger = verdict.match.trigger
    return isinstance(trigger, EventTrigger) and trigger.event_type == FIRST_CONTACT


def _charged(verdict: Verdict, charge: Charge | None) -> Verdict:
    if verdict.reason is Reason.ROLE:
        return replace(verdict, said=charge is None or charge.allowed)
    if charge is None or charge.allowed:
        return verdict
    bound = bound_by(charge, verdict)
    return Verdict(
        match=verdict.match,
        reason=bound.reason,
        wait_seconds=charge.wait_seconds,
        by=in_usual_words(sayings.describe_limit(bound.limit)),
        # Who said something that a rule looks at has not asked for anything.
        said=charge.first
        and bound.set_by is not SetBy.OFFERS
        and not isinstance(verdict.match.trigger, RuleTrigger)
        and verdict.match.is_typed,
    )
