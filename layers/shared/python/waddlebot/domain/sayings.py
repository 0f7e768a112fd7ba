"""Every sentence that people read about a verdict or a failure: in chat, by `!why`, by explain.

Each says what, what to do and, where somebody may have to look it up, a reference.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from waddlebot.domain.entities import platform_of
from waddlebot.domain.executions import LEFT_OUT
from waddlebot.domain.limits import Limit
from waddlebot.domain.plain_reasons import PLAINLY, WAKE_UP
from waddlebot.domain.sessions import Helper, Session
from waddlebot.domain.triggers import (
    FIRST_CONTACT,
    MISTYPED,
    UNKNOWN,
    CommandTrigger,
    RuleTrigger,
    Trigger,
)
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot_sdk.own_words import say_command, say_name
from waddlebot_sdk.roles import Role

NOTHING_DONE = "nothing was done"
"""Recorded of a call whose answers were all for free: it was refused, or not understood."""
NO_ANSWER = "no answer"
"""Recorded of a command that ran, and of whose module nothing came back."""
HUSHED = (
    "I said nothing then: there had been many mistakes within a minute, and I answer only a few."
)
_LONGEST_AT_WORK = timedelta(minutes=3)
"""A slow call's minute, and another one where its event was delivered again."""
MOST_HELPERS = 2
"""Named in a refusal."""

_RULE = re.compile(r"rule:\d+")
_LISTENER = re.compile(r"([\w-]+):on:(\w+)")
_LISTENING = {
    FIRST_CONTACT: "My greeting",
    MISTYPED: "My hint at a near command",
    UNKNOWN: "My answer to what is no command",
}
"""What listens to something of ours is called by what it says."""

_PLURALS = {
    Role.USER: "everybody",
    Role.MODERATOR: "moderators",
    Role.ADMIN: "admins",
    Role.OWNER: "owners",
}


def reference(execution_id: str) -> str:
    """What a person can quote to find a failure again."""
    return execution_id[:4].upper()


def name_of(trigger: Trigger) -> str:
    """How a trigger is called where people read it: `!quote`, `rule 3`, `memories`."""
    if isinstance(trigger, CommandTrigger):
        return trigger.name
    if isinstance(trigger, RuleTrigger):
        return f"rule {trigger.rule.id}"
    return trigger.module


def who_may(role: Role) -> str:
    """`everybody`, `moderators`: a role and all above it."""
    return _PLURALS[role]


def a_while(seconds: float) -> str:
    """Rounded up, so that nobody comes back too early."""
    whole = max(1, math.ceil(seconds))
    return f"{whole} s" if whole < 120 else f"{math.ceil(whole / 60)} min"


def say_refusal(verdict: Verdict) -> str:
    """What the refused person is told, once a window."""
    trigger, session = verdict.match.trigger, verdict.match.session
    said = refusal(
        verdict.reason,
        what=name_of(trigger),
        needed=trigger.role,
        wait_seconds=verdict.wait_seconds,
        ask=who_can_help(session, trigger.role),
    )
    return session.community.words.reword(said)


def no_more_mistakes(wait_seconds: float, *, of_place: bool) -> str:
    """Said once, in place of what was wrong with one more try."""
    whose = "Many lines here" if of_place else "Many of your lines"
    return (
        f"{whose} went wrong within a minute: for {a_while(wait_seconds)} I say nothing of the "
        f"next ones. What is right is answered as ever; {say_command('help')} shows it, "
        f"{say_command('why')} explains your last line."
    )


def who_can_help(session: Session, needed: Role) -> str:
    """`Max or Olga`: of those who may, people of the same platform, the nearest in rank."""
    return whom_to_ask(session.community.helpers, platform_of(session.event.entity), needed)


def whom_to_ask(helpers: Iterable[Helper], platform: str, needed: Role) -> str:
    names = [
        helper.name
        for helper in helpers
        if helper.platform == platform and helper.role.covers(needed)
    ]
    return " or ".join(sorted(names[-MOST_HELPERS:])) or "one of them"


def refusal(
    reason: Reason,
    *,
    what: str,
    needed: Role = Role.USER,
    wait_seconds: float = 0.0,
    ask: str = "one of them",
) -> str:
    match reason:
        case Reason.ROLE:
            return f"{what} is for {who_may(needed)} only. Ask {ask}, or see {say_command('why')}."
        case Reason.COOLDOWN:
            return f"{what} needs a rest. Try again in {a_while(wait_seconds)}."
        case Reason.LIMIT:
            return f"That was a lot of {what}. Try again in {a_while(wait_seconds)}."
        case Reason.DISABLED:
            return f"{what} is switched off here. An admin of the community can switch it on."
        case Reason.QUIET:
            return f"I am quiet here. A moderator can wake me with {WAKE_UP}."
        case _:
            return f"{what} did not run: {PLAINLY[reason]}."


def explain(
    reason: Reason,
    *,
    what: str,
    person: str = "Somebody",
    role: Role | None = None,
    needed: Role = Role.USER,
    wait_seconds: float = 0.0,
    by: str = "",
) -> str:
    """One verdict, told to somebody who wants to know why: `person` has `role` here."""
    match reason:
        case Reason.ALLOWED:
            return f"{what} ran{f' because of {by}' if by else ''}."
        case Reason.ROLE:
            return f"{what} is for {who_may(needed)}; {person} is {a_role(role)} here."
        case Reason.COOLDOWN | Reason.LIMIT:
            window = "rested" if reason is Reason.COOLDOWN else "was used too often"
            which = f" ({by})" if by else ""
            wait = a_while(wait_seconds)
            return f"{what} {window}{which}: {wait} had to pass before the next use."
        case Reason.DISABLED:
            return f"{what} is switched off here{f' ({by})' if by else ''}."
        case Reason.SHADOWED if by:
            first = f"{by[0].lower()}{by[1:]}"
            return f"{what} did not run: {first} came first and dealt with the line."
        case Reason.NOT_NOW if by:
            return f"Nothing was said: {by}."
        case _:
            return f"{what} did not run: {PLAINLY[reason]}."


def explain_row(row: Mapping[str, Any], *, person: str) -> str:
    """One recorded verdict (a row of `command_executions`), and whether anybody was told."""
    told = _explain_row(row, person=person)
    return f"{told} {HUSHED}" if row.get("hushed") else told


def _explain_row(row: Mapping[str, Any], *, person: str) -> str:
    what = say_name(named_by(str(row["command"])))
    if row["status"] == "failed" and row.get("error_message") == IN_DOUBT:
        return unsure_then(what, "something broke in the middle", row["execution_id"])
    if row["status"] == "failed" and row.get("error_message") == LEFT_OUT:
        return f"{what} did not run: {PLAINLY[Reason.STOPPED]}."
    if row["status"] == "failed":
        return failed_then(what, row["execution_id"])
    is_for_nothing = row["status"] == "success" and row.get("error_message") == NOTHING_DONE
    if is_for_nothing and row.get("hushed"):
        return f"{what} did nothing: it could not be read so, or could not be done."
    if is_for_nothing:
        return f"{what} did nothing: the answer to {person} said what was wrong, or what to type."
    if row["status"] == "success" and row.get("error_message") == NO_ANSWER:
        return answered_nothing(what)
    if row["status"] == "pending" and _is_overdue(row):
        return unsure_then(what, "nothing was heard of it since it began", row["execution_id"])
    if row["status"] == "pending":
        return f"{what} is still at work; its answer follows by itself."
    if row["reason"] not in set(Reason):  # a newer release decided it
        return f"{what} did not run."
    return explain(
        Reason(row["reason"]),
        what=what,
        person=person,
        role=_role_of(row["role"]),
        needed=_role_of(row["needed_role"]) or Role.USER,
        wait_seconds=row["wait_seconds"],
        by=say_name(named_by(row["decided_by"])),
    )


def _is_overdue(row: Mapping[str, Any]) -> bool:
    """Longer at work than any call may be: what came of it was never written."""
    at = row.get("occurred_at")
    began = datetime.fromisoformat(at) if isinstance(at, str) else at
    return began is not None and datetime.now(UTC) - began > _LONGEST_AT_WORK


def named_by(recorded: str) -> str:
    """The ids of triggers are recorded; people read names. What is none stays as it is."""
    listener = _LISTENER.fullmatch(recorded)
    if listener:
        return _LISTENING.get(listener[2], listener[1])
    return recorded.replace("rule:", "rule ", 1) if _RULE.fullmatch(recorded) else recorded


def _role_of(recorded: str | None) -> Role | None:
    return Role(recorded) if recorded in set(Role) else None


def a_role(role: Role | None) -> str:
    if role is None:
        return "nobody I know"
    return f"an {role.value}" if role in {Role.ADMIN, Role.OWNER} else f"a {role.value}"


def limited(command: str) -> str:
    """What a limit is about; without a command, all of them together."""
    return say_command(command) if command else "all commands"


def describe_limit(limit: Limit, *, where: str = "this place") -> str:
    """`!quote: 3 in 1 min, everybody together, for moderators, in this place only`"""
    parts = [how_often(limit)]
    if limit.together:
        parts.append("everybody together")
    if limit.role is not Role.USER:
        parts.append(f"for {who_may(limit.role)}")
    if limit.entity is not None:
        parts.append(f"in {where} only")
    return f"{limited(limit.command)}: {', '.join(parts)}"


def how_often(limit: Limit) -> str:
    """`once in 30 s`, `3 in 1 min`, `no limit`"""
    if not limit.calls:
        return "no limit"
    calls = "once" if limit.calls == 1 else f"{limit.calls:,}"
    return f"{calls} in {describe_span(limit.seconds)}"


def describe_span(seconds: int) -> str:
    for length, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds % length == 0:
            return f"{seconds // length} {name}"
    return f"{seconds} s"


def took_too_long(what: str, execution_id: str) -> str:
    return f"{what} took too long; try again in a minute. (ref {reference(execution_id)})"


def does_not_answer(what: str, execution_id: str) -> str:
    return f"{what} does not answer; try again in a minute. (ref {reference(execution_id)})"


def service_fails(what: str, how: str) -> str:
    """Of somebody else's server, which a module has asked."""
    return f"{what[:1].upper()}{what[1:]} {how}. Please try again in a moment."


def went_wrong(what: str, execution_id: str) -> str:
    return (
        f"{what} went wrong; that is not your fault. Try again, and if it stays so tell a "
        f"moderator. (ref {reference(execution_id)})"
    )


def resting(what: str) -> str:
    return f"{what} has not answered several times in a row and is left alone for a minute."


def answered_nothing(what: str) -> str:
    return f"{what} ran, and had nothing to say."


def failed_then(what: str, execution_id: str) -> str:
    """Told afterwards: `!why` and explain."""
    return f"{what} ran, but it failed. (ref {reference(execution_id)})"


def unsure_then(what: str, why: str, execution_id: str) -> str:
    return (
        f"I do not know whether {what} went through: {why}. Look whether it happened before you "
        f"try again. (ref {reference(execution_id)})"
    )


NOT_SET_UP = "{} is not set up yet: whoever runs this bot has to set something for it first."
CUT = "… (cut here: too long for chat)"


def left_out(count: int) -> str:
    return f"… and {count} more, too much for chat."


DONE = "Done."
"""Where a place is kept for an answer, and a command has nothing to say."""


def unsaid(why: str, *, said: bool) -> str:
    """`why` says what is closed and what opens it."""
    so_far = "Until then I answer elsewhere." if said else "Until then I say nothing there."
    return f"{why} {so_far} You read this once a day."


IN_FORCE_LATER = "It is saved and in force within five minutes."
"""The change is kept, but who remembers the old state could not be told."""

ANSWER_LOST = "Your answer got lost on its way, and it was for you alone: please ask again."
"""What is kept of a secret that may have been told or not."""

UNSURE = (
    "I do not know whether that went through: something broke in the middle. Look whether it "
    "happened before you try again."
)
"""Of a call that reached out and must not be made twice."""
IN_DOUBT = "in doubt"
"""So it is recorded."""
