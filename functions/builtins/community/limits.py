"""Limits for moderators: how often a command may be used; every answer is one sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from functions.builtins.naming import shown_places
from functions.builtins.offering import command_names
from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin, Deciding, WithCommands
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.limits.deeds import clear_limits, set_limit
from waddlebot.domain import sayings
from waddlebot.domain.limits import Limit
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.grammar import split_words, take_words
from waddlebot_sdk.own_words import say_name
from waddlebot_sdk.times import take_length

ALL = "all"
EXAMPLE = say_command(f"limits set {say_command('quote')} 3 in 1m")
_ONCE = re.compile(r"^once\b", re.IGNORECASE)
_AS_TOLD = re.compile(r"\ba (second|minute|hour|day)\b", re.IGNORECASE)
HOW = "Say it like '3 in 1m', '1 in 30s together' or 'none moderators'."
_ROLES = {name: role for role in Role for name in (role.value, f"{role.value}s")}


@dataclass(frozen=True, kw_only=True)
class LimitTools(Deciding, WithCommands):
    pass


@command(
    "limits list [page]",
    "List the limits that are set here.",
    also=("limits",),
    example="limits list",
    role=Role.MODERATOR,
)
def list_(call: Call, tools: LimitTools) -> Answer:
    limits = tools.session.community.limits
    if not limits:
        return Chat(f"No limits are set. Set one: {EXAMPLE}")
    ordered = sorted(limits, key=lambda limit: (limit.command, limit.role.rank, limit.together))
    return Chat(say_page(_described(ordered, tools), call, again=say_command("limits list")))


@command(
    "limits set <command> <limit>",
    "Limit how often a command, or all of them, may be used: by each person, or by all together.",
    example="limits set !quote 3 in 1m together",
    role=Role.MODERATOR,
    completes={"command": command_names},
)
def set_(call: Call, tools: LimitTools) -> Answer:
    limit = read_limit(_named(call, tools), call.arguments["limit"], tools)

    def decide(edit: Edit, asker: Asker) -> str:
        set_limit(edit, asker, limit)
        undo = say_command(f"limits clear {_quoted(limit.command)}")
        return f"Set: {sayings.describe_limit(limit)}. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "limits clear <command>",
    "Take back all limits of a command, or those of all together.",
    example="limits clear !quote",
    role=Role.MODERATOR,
    completes={"command": command_names},
)
def clear(call: Call, tools: LimitTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        cleared = clear_limits(edit, asker, command=_named(call, tools))
        return f"Cleared: {'; '.join(_described(cleared, tools))}."

    return tools.decide(call, decide)


def _described(limits: Sequence[Limit], tools: LimitTools) -> list[str]:
    here = tools.session.spot.entity
    names = shown_places((one.entity for one in limits if one.entity != here), tools)
    return [
        sayings.describe_limit(one, where=names.place(one.entity))
        if one.entity not in {None, here}
        else sayings.describe_limit(one)
        for one in limits
    ]


def read_limit(name: str, text: str, tools: LimitTools) -> Limit:
    """`3 in 1m together here moderators` or `none moderators`. Raises NotUnderstood."""
    calls, seconds, rest = _read_amount(text.lower())
    role = Role.USER
    for word in rest:
        role = _ROLES.get(word, role)
        if word not in {"together", "here", "for", *_ROLES}:
            raise NotUnderstood(f"I cannot read '{word[:30]}' there. {HOW}")
    return Limit(
        command=name,
        calls=calls,
        seconds=seconds,
        together="together" in rest,
        role=role,
        entity=tools.session.spot.entity if "here" in rest else None,
    )


def _read_amount(text: str) -> tuple[int, int, Sequence[str]]:
    """Calls, seconds, and the words behind them; also as limits are told: `once in 30 s`."""
    text = _AS_TOLD.sub(r"in 1 \1", _ONCE.sub("1", text))
    words, rest = take_words(text, 2)
    if words[:1] == ("none",):
        return 0, 0, split_words(text)[1:]
    if words[1:] != ("in",) or not rest or not re.fullmatch(r"[0-9]{1,6}", words[0]):
        raise NotUnderstood(f"I cannot read that limit. {HOW}")
    words_behind = split_words(rest)
    end = _end_of_time(words_behind)
    length = take_length(" ".join(words_behind[:end]))
    if length is None:
        raise NotUnderstood(f"'{words_behind[0][:30]}' is no time. {HOW}")
    # No calls at all are no limit, which is said otherwise.
    return int(words[0]) or -1, length.seconds, (*split_words(length.rest), *words_behind[end:])


def _end_of_time(words: Sequence[str]) -> int:
    """Where the words for whom and where begin, `for` before a role included."""
    for number, word in enumerate(words):
        if word in {"together", "here", *_ROLES}:
            return number - 1 if number and words[number - 1] == "for" else number
    return len(words)


def _named(call: Call, tools: LimitTools) -> str:
    """The id of a command, or nothing for all of them."""
    typed = call.arguments["command"]
    if typed.lower() == ALL:
        return ""
    found = tools.find_command(typed)
    return found.id if found else typed


def _quoted(name: str) -> str:
    said = say_name(name)
    return f'"{said}"' if " " in name else said or ALL


MODULE = Builtin(
    tools=LimitTools,
    name="limits",
    summary="How often commands may be used.",
    commands=(list_, set_, clear),
)
