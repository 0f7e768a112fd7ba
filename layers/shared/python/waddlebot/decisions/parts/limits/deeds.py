"""How often commands may be used, where a community says otherwise than their modules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from waddlebot.decisions.asking import Asker, find_place
from waddlebot.decisions.declared import find_declared
from waddlebot.domain import sayings
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.limits import NEVER_LIMITED, Limit
from waddlebot.stores.command_limits import CommandLimits
from waddlebot.stores.command_rows import Declared
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command, say_name
from waddlebot_sdk.roles import Role

TAKING_BACK = "limits"
"""The module that takes limits back, and so has none."""
MOST_LIMITS = 100
MOST_CALLS = 10_000
MOST_SECONDS = 24 * 60 * 60


def set_limit(edit: Edit, asker: Asker, limit: Limit) -> None:
    """In place of the one for the same command, people, role and place. 0 calls: no limit."""
    where = "Say here for this channel alone: without it that"
    own = asker.check_at(limit.entity, Role.MODERATOR, where if asker.entity else "That")
    limit = replace(limit, command=_find_command(edit, asker, limit.command, own))
    _check_amount(limit)
    if limit.entity is not None:
        limit = replace(limit, entity=find_place(edit, asker, limit.entity))
    edit.hold(asker.community)
    limits = CommandLimits(edit)
    others = [one for one in limits.list_all(asker.community) if _about(one) != _about(limit)]
    if len(others) >= MOST_LIMITS:
        clear = say_command(f"limits clear {say_command('quote')}")
        words = f"There are {MOST_LIMITS} limits already. Clear some: {clear}"
        raise Refusal(words, code="TOO_MANY_LIMITS")
    limits.put(asker.community, limit)


def clear_limits(edit: Edit, asker: Asker, *, command: str) -> Sequence[Limit]:
    """All of this command, or with an empty one of all together; those that were there.

    Whoever is somebody in one place alone clears those that hold there alone.
    """
    at = asker.only_at(Role.MODERATOR)
    own = asker.everywhere if at is None else asker.role
    edit.hold(asker.community)
    limits, command = CommandLimits(edit), command.lower()
    is_kept = any(one.command == command for one in limits.list_all(asker.community))
    declared = find_declared(edit, asker, command, own=own, kept=is_kept) if command else None
    limited = declared.id if declared else command
    cleared = limits.clear(asker.community, limited, at=at)
    if not cleared and any(one.command == limited for one in limits.list_all(asker.community)):
        asker.check_everywhere(Role.MODERATOR, "A limit that holds elsewhere too")
    if not cleared:
        words = f"No limit is set for {sayings.limited(command)}. See {say_command('limits')}."
        raise Refusal(words, Because.UNKNOWN, code="NO_LIMIT")
    return cleared


def drop_limit(edit: Edit, asker: Asker, limit: Limit) -> None:
    """The one for the same command, people, role and place."""
    asker.check_at(limit.entity, Role.MODERATOR)
    CommandLimits(edit).drop(asker.community, limit)


def _find_command(edit: Edit, asker: Asker, command: str, own: Role) -> str:
    """Its id; none for all of them together."""
    if not command:
        return ""
    declared: Declared = find_declared(edit, asker, command, own=own)
    if declared.module == TAKING_BACK:
        words = f"{say_name(declared.typed)} always works, so that limits can be taken back."
        raise Refusal(words, code="ALWAYS_WORKS")
    if declared.module == NEVER_LIMITED:
        words = (
            f"{say_name(declared.typed)} is never limited: everybody may see what is kept about "
            "them, and have it erased."
        )
        raise Refusal(words, code="NEVER_LIMITED")
    if declared.role is None:
        words = f"{declared.id} is a module: only commands have limits."
        raise Refusal(words, Because.WRONG, field="command")
    return declared.id


def _check_amount(limit: Limit) -> None:
    is_none = limit.calls == 0 and 0 <= limit.seconds <= MOST_SECONDS
    if not is_none and not (1 <= limit.calls <= MOST_CALLS and 1 <= limit.seconds <= MOST_SECONDS):
        words = f"A limit is at least 1 and at most {MOST_CALLS:,} in at most 24h."
        raise Refusal(words, Because.WRONG, field="calls")


def _about(limit: Limit) -> tuple[object, ...]:
    return limit.command, limit.entity, limit.role, limit.together
