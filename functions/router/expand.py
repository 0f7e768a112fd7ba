"""What an alias stands for, as if it had been typed: read before anything is matched.

Looked up in what the directory knows of the community, for lines that may be commands alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from functions.router.spoken import is_plainly_chat, is_spoken, is_talking_to_us
from waddlebot.domain.alias_places import TypedBehind
from waddlebot.domain.aliases import MODULE, aliases_of, expand_alias, run_line
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.entities import platform_of
from waddlebot.domain.errors import Refusal
from waddlebot.domain.matches import Match
from waddlebot.domain.normal_form import without_unseen_edges
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.sessions import Expansion, Session
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.domain.typed import as_here, split_prefix, split_typed
from waddlebot.platforms import find_abilities
from waddlebot_sdk.module import ExecutionMode

Tables = Mapping[str, CommandTable]


def expand(sessions: Sequence[Session], tables: Tables) -> list[Session]:
    """The same; one whose line begins with an alias knows what is meant. No round trip."""
    return [_expanded(one, tables) if aliases_of(one.community) else one for one in sessions]


def _expanded(session: Session, tables: Tables) -> Session:
    aliases, event = aliases_of(session.community), session.event
    if event.watched_only or not is_spoken(event) or is_plainly_chat(session):
        return session
    first, rest = _split_line(session)
    name = first.lower()
    if name not in aliases or _is_hidden(name, session, tables):
        return session
    try:
        lines = expand_alias(name, TypedBehind(rest=rest, caller=_caller(session)), aliases)
    except Refusal:  # said by who tells what aliases say
        lines = (run_line(name, rest),)
    table = tables[session.commands_version]
    if not all(table.find(*split_prefix(line)) for line in lines):
        lines = (run_line(name, rest),)
    return replace(session, meant=Expansion(alias=name, lines=lines))


def commands_meant(session: Session, table: CommandTable) -> list[Match]:
    """What an alias of its line stands for, in the order of the chain; most lines have none."""
    if session.meant is None:
        return []
    found = [table.find(*split_prefix(line)) for line in session.meant.lines]
    steps = [(as_here(one.trigger, session.community), one.rest) for one in found if one]
    first, last = steps[0][0], len(steps) - 1
    return [
        Match(
            session=session,
            trigger=_in_chain(trigger, first, is_last=step == last) if last else trigger,
            text=text,
            by=f"alias {session.meant.alias}",
            step=step,
        )
        for step, (trigger, text) in enumerate(steps)
    ]


def _in_chain(trigger: CommandTrigger, first: CommandTrigger, *, is_last: bool) -> CommandTrigger:
    """One after another, where the first one stands; none takes the line from the next."""
    return replace(
        trigger,
        turn=first.turn,
        priority=first.priority,
        execution_mode=ExecutionMode.SEQUENTIAL,
        consumes=is_last,
    )


def _split_line(session: Session) -> tuple[str, str]:
    """The word that may be an alias, and what follows it as it was typed."""
    line, talking = without_unseen_edges(session.event.text), is_talking_to_us(session)
    typed = split_typed(line, session.community.words, any_prefix=talking)
    if typed is None and talking:
        typed = (USUAL_PREFIX, line)
    if typed is None or typed[0] != USUAL_PREFIX:
        return "", ""
    first, *rest = typed[1].split(maxsplit=1) or [""]
    return first, "".join(rest)


def _is_hidden(name: str, session: Session, tables: Tables) -> bool:
    """A command came later that is called so, or there are to be no aliases here."""
    is_off = MODULE in session.community.disabled | session.spot.disabled
    own = session.community.words.command_called(name)
    return bool(is_off or own) or tables[session.commands_version].begins(USUAL_PREFIX, name)


def _caller(session: Session) -> str:
    """As people name them there: by id, where their platform has a mark for that."""
    user = session.event.user
    if user is None:
        return ""
    named, mark = find_abilities(platform_of(session.event.entity)).person, f"<@{user.id}>"
    return mark if named and named.fullmatch(mark) else user.login or user.name
