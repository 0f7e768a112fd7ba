"""What a community made itself that people type: its custom commands and its aliases."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from functions.builtins.tools import WithCommands
from waddlebot.domain.alias_following import targets_of
from waddlebot.domain.aliases import MODULE as ALIAS
from waddlebot.domain.aliases import RUN as RUN_ALIAS
from waddlebot.domain.aliases import Alias, aliases_of, described, read_alias, split_head
from waddlebot.domain.custom_commands import RUN as RUN_CUSTOM
from waddlebot.domain.custom_readers import usable_custom
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.domain.typed import split_prefix, usable_here

MADE_HERE = "here"
ABOUT = "What this community says itself"
MOST_SHOWN = 80


def made_here(tools: WithCommands) -> list[CommandTrigger]:
    """By name, those that do something for this person in this place."""
    custom = {one.name: one.text for one in usable_custom(tools.session)}
    made = [
        *(_trigger(RUN_CUSTOM, name, text, tools) for name, text in custom.items()),
        *(_trigger(RUN_ALIAS, one.name, described(one), tools) for one in _aliases(tools, custom)),
    ]
    own = tools.session.community.words
    return sorted(
        (
            one
            for one in made
            if not own.command_called(one.path) and not tools.table.is_taken(USUAL_PREFIX, one.path)
        ),
        key=lambda one: one.path,
    )


def _aliases(tools: WithCommands, custom: Collection[str]) -> Iterator[Alias]:
    """Those whose every step is for this person."""
    session = tools.session
    if ALIAS in session.community.disabled | session.spot.disabled:
        return
    known = aliases_of(session.community)
    for name, text in known.items():
        if all(_is_usable(step, tools, custom) for step in targets_of(name, known)):
            yield read_alias(name, text)


def _is_usable(step: str, tools: WithCommands, custom: Collection[str]) -> bool:
    if split_head(step)[0] in custom:
        return True
    found = tools.table.find(*split_prefix(step))
    return found is not None and bool(usable_here([found.trigger], tools.session))


def _trigger(run: str, name: str, says: str, tools: WithCommands) -> CommandTrigger:
    """As a list of commands has it: called as it is typed here."""
    found = tools.table.find(USUAL_PREFIX, run)
    assert found is not None  # noqa: S101 - a command of the house
    return replace(
        found.trigger,
        path=name,
        usage=name,
        shown=tools.session.community.words.shown(f"{USUAL_PREFIX}{name}"),
        summary=says if len(says) <= MOST_SHOWN else f"{says[:MOST_SHOWN]}…",
        about_module=ABOUT,
    )
