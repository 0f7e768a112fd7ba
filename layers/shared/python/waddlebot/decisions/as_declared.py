"""Facts of a text by the declared names of commands, which it may call as their community does."""

from __future__ import annotations

from functools import cache
from typing import Any

from waddlebot.decisions.declared import find_meant
from waddlebot.decisions.part_text import Naming
from waddlebot.decisions.parts import texts_of_parts
from waddlebot.decisions.parts.settings.text import SETTING
from waddlebot.decisions.parts.words.text import CALLED
from waddlebot.decisions.text_table import wrong
from waddlebot.domain.command_table import PREFIXES
from waddlebot.domain.community_facts import Facts, Key
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_words import USUAL_PREFIX, OwnWords
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.versions import Edit


def words_in_text(facts: Facts, wanted: Facts) -> OwnWords:
    """The words of `wanted`, and the names of before where it says no others."""
    prefix = wanted.get((SETTING, "prefix"), USUAL_PREFIX)
    named = {called: command for command, called in _names(facts)}
    # `[commands.zitat]` with `called = "zitat"` does not say whose name that is.
    said = [(command, called) for command, called in _names(wanted) if not command.endswith(called)]
    return OwnWords(prefix=prefix, names=named | {called: command for command, called in said})


def _names(facts: Facts) -> list[tuple[str, str]]:
    return [(key[1], name) for key, name in facts.items() if key[0] is CALLED]


def as_declared(edit: Edit, wanted: Facts, *, own: OwnWords) -> Facts:
    """What nothing is called by stays as it is: whose deed it is says so.

    Raises:
        Refusal: a command is named in two ways, and nobody knows which is meant.
    """

    known = DeclaredCommands(edit.connection)

    @cache
    def declared_as(name: str) -> str:
        """What is written out is a declared name, also where another command is called so here."""
        if not name or (name[0] in PREFIXES and known.find(name)):
            return name
        found = find_meant(edit, own, name)
        return found.typed if found else name

    naming = Naming(command=declared_as, line=own.declared_line)
    how = {kind: part for part in texts_of_parts().values() for kind in part.deeds}
    declared: dict[Key, Any] = {}
    first: dict[Key, Key] = {}
    for key, value in wanted.items():
        named = how[key[0]].declared(key, naming)
        if named in declared and key[0].whole:
            place, same = (one[0].place(one, wanted) for one in (key, first[named]))
            raise wrong(place, f"'{same}' is the same: leave one out")
        if named in declared:
            words = f"'{key[1]}' is '{named[1]}', of which the text says the same, or otherwise."
            raise Refusal(words, Because.WRONG, code="INVALID_TEXT", field=str(key[1]))
        declared[named] = how[key[0]].declared_value(value, naming)
        first[named] = key
    return declared
