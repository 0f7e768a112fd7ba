"""What built-ins offer for an argument while somebody types it."""

from __future__ import annotations

from collections.abc import Sequence

from functions.builtins.tools import InSession, WithCommands
from waddlebot.domain.aliases import aliases_of
from waddlebot.domain.typed import usable_here
from waddlebot_sdk import Call


def command_names(_call: Call, tools: WithCommands) -> Sequence[str]:
    """Of those that this person may use here, as they are called here; the likeliest first."""
    known = [one for those in tools.table.modules().values() for one in those]
    usable = usable_here(known, tools.session)
    usable.sort(key=lambda one: (one.role.rank, len(one.path), one.path))
    return [one.name.removeprefix(tools.session.community.words.prefix) for one in usable]


def alias_names(_call: Call, tools: InSession) -> Sequence[str]:
    return sorted(aliases_of(tools.session.community))
