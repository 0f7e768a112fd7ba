"""Which line of what was typed may be a command: the first, else the one below it."""

from __future__ import annotations

from functions.router.spoken import is_talking_to_us
from waddlebot.domain.command_table import CommandTable, Found
from waddlebot.domain.sessions import Session
from waddlebot.domain.typed import find_typed, split_typed

OUR_NAME = "waddlebot"
_CODE = "```"


def find_in_first(session: Session, table: CommandTable, line: str) -> Found | None:
    """In chat a prefix is needed; where somebody talks to the bot it may be left off.

    There a command goes by its name of before as well: pickers of platforms offer that one.
    """
    community, talking = session.community, is_talking_to_us(session)
    typed = split_typed(line, community.words, any_prefix=talking)
    if typed:
        return find_typed(*typed, community, table, of_before=talking)
    return _find_bare(session, table, line) if talking else None


def find_below(session: Session, table: CommandTable, line: str) -> Found | None:
    """On the second line. There a prefix is needed, and the command must be one."""
    typed = typed_below(session, line)
    return find_typed(*typed, session.community, table) if typed else None


def typed_below(session: Session, line: str) -> tuple[str, str] | None:
    """The prefix and what follows, behind words that are quoted, say. In a block of code nothing is
    meant.
    """
    first, _, rest = line.partition("\n")
    if not rest or first.startswith(_CODE):
        return None
    return split_typed(rest.lstrip(), session.community.words, any_prefix=True)


def _find_bare(session: Session, table: CommandTable, line: str) -> Found | None:
    """Without a prefix, and also without our name: `/waddlebot off` is `!waddlebot off`."""
    for prefix, words in (("!", line), ("#", line), ("!", f"{OUR_NAME} {line}")):
        found = find_typed(prefix, words, session.community, table, of_before=True)
        if found:
            return found
    return None
