"""What an alias or a custom command stands for, as if it had been typed: read before the match.

Looked up in what the directory knows of the community, for lines that may be commands alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from functions.router.spoken import is_plainly_chat, is_spoken, is_talking_to_us
from functions.router.typed_lines import find_in_first, typed_below
from waddlebot.domain.alias_following import expand_alias
from waddlebot.domain.alias_places import TypedBehind
from waddlebot.domain.aliases import MODULE as ALIAS
from waddlebot.domain.aliases import aliases_of, run_line, split_head
from waddlebot.domain.command_table import CommandTable, Found
from waddlebot.domain.custom_commands import MODULE as CUSTOM
from waddlebot.domain.custom_commands import as_custom, custom_line, custom_of, find_usable
from waddlebot.domain.entities import platform_of
from waddlebot.domain.errors import Refusal
from waddlebot.domain.matches import Match
from waddlebot.domain.own_names import fold_name
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.sessions import Community, Expansion, Session
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.domain.typed import as_here, split_prefix, split_typed
from waddlebot.domain.unseen import without_unseen_edges
from waddlebot.platforms import find_abilities
from waddlebot.platforms.emoji_names import find_emoji
from waddlebot_sdk.module import ExecutionMode

Tables = Mapping[str, CommandTable]


def expand(sessions: Sequence[Session], tables: Tables) -> list[Session]:
    """The same; one whose line begins with an alias or a custom command knows what is meant. No
    round trip.
    """
    return [_expanded(one, tables) if _has_words(one.community) else one for one in sessions]


def _has_words(community: Community) -> bool:
    return bool(aliases_of(community) or custom_of(community))


def _expanded(session: Session, tables: Tables) -> Session:
    event = session.event
    if event.watched_only or not is_spoken(event) or is_plainly_chat(session):
        return session
    name, rest = _own_in(session, tables)
    if not name:
        return session
    is_custom = find_usable(name, session.community) is not None
    if _is_hidden(name, CUSTOM if is_custom else ALIAS, session, tables):
        return session
    if is_custom:
        return replace(session, meant=Expansion(lines=(custom_line(name, rest),)))
    lines = _lines_of_alias(name, rest, session, tables)
    return replace(session, meant=Expansion(by=f"alias {name}", lines=lines))


def _lines_of_alias(name: str, rest: str, session: Session, tables: Tables) -> tuple[str, ...]:
    """Where it cannot be run, the one command that says why."""
    given = TypedBehind(rest=rest, caller=_caller(session))
    try:
        lines = expand_alias(name, given, aliases_of(session.community))
    except Refusal:  # said by who tells what aliases say
        return (run_line(name, rest),)
    table = tables[session.commands_version]
    lines = tuple(_or_custom(line, session, tables) for line in lines)
    if not all(table.find(*split_prefix(line)) for line in lines):
        return (run_line(name, rest),)
    return lines


def _or_custom(line: str, session: Session, tables: Tables) -> str:
    head, rest = split_head(line)
    if not find_usable(head, session.community) or _is_hidden(head, CUSTOM, session, tables):
        return line
    return custom_line(head, rest)


def commands_meant(session: Session, table: CommandTable) -> list[Match]:
    """What an alias of its line stands for, in the order of the chain; most lines have none."""
    if session.meant is None:
        return []
    found = [table.find(*split_prefix(line)) for line in session.meant.lines]
    steps = [(_trigger(one, session.community), one.rest) for one in found if one]
    first, last = steps[0][0], len(steps) - 1
    return [
        Match(
            session=session,
            trigger=_in_chain(trigger, first, is_last=step == last) if last else trigger,
            text=text,
            by=session.meant.by,
            step=step,
        )
        for step, (trigger, text) in enumerate(steps)
    ]


def _trigger(found: Found, community: Community) -> CommandTrigger:
    return as_custom(as_here(found.trigger, community), found.rest, community)


def _in_chain(trigger: CommandTrigger, first: CommandTrigger, *, is_last: bool) -> CommandTrigger:
    """One after another, where the first one stands; none takes the line from the next."""
    return replace(
        trigger,
        turn=first.turn,
        priority=first.priority,
        execution_mode=ExecutionMode.SEQUENTIAL,
        consumes=is_last,
    )


def _own_in(session: Session, tables: Tables) -> tuple[str, str]:
    """What is called so, and what follows it as it was typed: on the first line, or below one that
    means no command. `("", "")` where nothing is.
    """
    line = without_unseen_edges(session.event.text)
    found = _own(_typed_first(session, line), session.community)
    if found:
        return found
    found = _own(typed_below(session, line), session.community)
    if found and not find_in_first(session, tables[session.commands_version], line):
        return found
    return "", ""


def _typed_first(session: Session, line: str) -> tuple[str, str] | None:
    talking = is_talking_to_us(session)
    typed = split_typed(line, session.community.words, any_prefix=talking)
    return (USUAL_PREFIX, line) if typed is None and talking else typed


def _own(typed: tuple[str, str] | None, community: Community) -> tuple[str, str] | None:
    if typed is None or typed[0] != USUAL_PREFIX:
        return None
    first, *rest = typed[1].split(maxsplit=1) or [""]
    name = fold_name(find_emoji(first))
    is_own = find_usable(name, community) is not None or name in aliases_of(community)
    return (name, "".join(rest)) if is_own else None


def _is_hidden(name: str, module: str, session: Session, tables: Tables) -> bool:
    """A command came later that is called so, or there are to be none of its kind here."""
    is_off = module in session.community.disabled | session.spot.disabled
    own = session.community.words.command_called(name)
    return bool(is_off or own) or tables[session.commands_version].is_taken(USUAL_PREFIX, name)


def _caller(session: Session) -> str:
    """As people name them there: by id, where their platform has a mark for that."""
    user = session.event.user
    if user is None:
        return ""
    named, mark = find_abilities(platform_of(session.event.entity)).person, f"<@{user.id}>"
    return mark if named and named.fullmatch(mark) else user.login or user.name
