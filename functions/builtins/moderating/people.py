"""Keeps people from writing, and lets them again: what moderators ask of the platform.

Everybody reads what came of it, when it is done; where the platform refuses, whoever asked is told
why and nobody else hears of it (docs/decisions/0054).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from functions.builtins.how_long import take_how_long
from functions.builtins.naming import read_person
from functions.builtins.tools import Builtin, WithClock
from waddlebot.decisions.asking import channel_of
from waddlebot.domain.errors import Refusal
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms import find_abilities
from waddlebot.platforms.abilities import Abilities
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.grammar import take_words
from waddlebot_sdk.shown import show_time

MOST_TIMEOUT_SECONDS = 14 * 24 * 60 * 60
"""Twitch's most; Discord's is longer."""
MOST_REASON_CHARACTERS = 300


@command(
    "timeout <person> <how-long> [reason]",
    "Keep a person from writing for a while: 10m, half an hour, until 20:00.",
    example="timeout @ana 10m no adverts",
    role=Role.MODERATOR,
)
def timeout(call: Call, tools: WithClock) -> Answer:
    _, typed = take_words(call.text, 1)
    found = take_how_long(typed, now=tools.now, zone=tools.session.community.time_zone)
    if found is None or not 1 <= found.seconds <= MOST_TIMEOUT_SECONDS:
        raise NotUnderstood("Say how long: 30s, 10m, half an hour or until 20:00, at most 14d.")
    abilities = _abilities(call)
    _check(abilities.times_out, "keep anybody from writing", abilities)
    length = f"{found.said}, until " if found.said.startswith("for ") else "until "
    then = f"may not write {length}{show_time(found.until)}."
    return _ask(ActionKind.TIMEOUT, then, call, tools, seconds=found.seconds, reason=found.rest)


@command(
    "untimeout <person>",
    "Let a person write again.",
    example="untimeout @ana",
    role=Role.MODERATOR,
)
def untimeout(call: Call, tools: WithClock) -> Answer:
    abilities = _abilities(call)
    _check(abilities.times_out, "keep anybody from writing", abilities)
    return _ask(ActionKind.END_TIMEOUT, "may write again.", call, tools)


@command(
    "ban <person> [reason]",
    "Send a person away for good.",
    example="ban @ana adverts again",
    role=Role.MODERATOR,
)
def ban(call: Call, tools: WithClock) -> Answer:
    abilities = _abilities(call)
    _check(abilities.bans, "ban anybody", abilities)
    reason = call.arguments.get("reason", "")
    return _ask(ActionKind.BAN, "is banned.", call, tools, reason=reason)


@command("unban <person>", "Let a person come back.", example="unban @ana", role=Role.MODERATOR)
def unban(call: Call, tools: WithClock) -> Answer:
    abilities = _abilities(call)
    _check(abilities.bans, "ban anybody", abilities)
    return _ask(ActionKind.UNBAN, "may come back.", call, tools)


@command(
    "kick <person> [reason]",
    "Send a person away; they may come back.",
    example="kick @ana",
    role=Role.MODERATOR,
)
def kick(call: Call, tools: WithClock) -> Answer:
    abilities = _abilities(call)
    if not abilities.kicks and abilities.times_out:
        others = f"{say_command('timeout')}, or {say_command('ban')}"
        raise Refusal(f"{abilities.name} knows no kick. There is {others}.")
    _check(abilities.kicks, "kick anybody", abilities)
    then, reason = "was sent away, and may come back.", call.arguments.get("reason", "")
    return _ask(ActionKind.KICK, then, call, tools, reason=reason)


def _abilities(call: Call) -> Abilities:
    return find_abilities(call.entity.platform)


def _check(may: bool, deed: str, abilities: Abilities) -> None:  # noqa: FBT001 - the question itself
    if not may:
        raise Refusal(f"I cannot {deed} on {abilities.name}: please do it by hand.")


def _ask(
    kind: ActionKind,
    then: str,
    call: Call,
    tools: WithClock,
    *,
    seconds: int = 0,
    reason: str = "",
) -> Answer:
    user = read_person(call)
    asked_by, by = (call.user.id, call.user.name) if call.user else ("", "")
    if user in {asked_by, f"@{by.lower()}"}:
        raise Refusal("That is you.")
    action = PlatformAction(
        id=f"{call.execution_id}a",
        kind=kind,
        entity=channel_of(tools.session),
        user=user,
        seconds=seconds,
        session_id=call.session_id,
        execution_id=call.execution_id,
        reason=f"{by}: {reason[:MOST_REASON_CHARACTERS]}" if reason else f"asked for by {by}",
        asked_by=asked_by,
        asked_by_name=by,
        then=f"{call.arguments['person']} {then}",
    )
    # Actions are the router's own; the public contract knows responses alone.
    return cast(Answer, [*_first_words(call, tools), action])


def _first_words(call: Call, tools: WithClock) -> Sequence[Chat]:
    """Who waits for an answer alone has one at once: what came of it is said in the place."""
    event = tools.session.event
    if not (event.is_asked or event.is_open):
        return ()
    asked = f"I have asked {_abilities(call).name} for it: what comes of it is said in the channel."
    return (Chat(asked, private=True),)


MODULE = Builtin(
    tools=WithClock,
    name="people",
    summary="Keeps people from writing, and lets them again.",
    commands=(timeout, untimeout, ban, unban, kick),
)
