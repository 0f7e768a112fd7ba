"""Which command or module is meant, and whether whoever asks may have to do with it."""

from __future__ import annotations

from typing import Literal, overload

from waddlebot.decisions.asking import Asker
from waddlebot.domain import sayings
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_words import USUAL_PREFIX, OwnWords
from waddlebot.stores.command_rights import CommandRights
from waddlebot.stores.command_rows import Declared, DeclaredCommands
from waddlebot.stores.own_words import words_of
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command, say_name
from waddlebot_sdk.roles import Role

MENDING = "commands"
"""The module that switches the others on again, and so is never off or called otherwise."""


@overload
def find_declared(
    edit: Edit, asker: Asker, name: str, *, own: Role, kept: Literal[False] = False
) -> Declared: ...


@overload
def find_declared(
    edit: Edit, asker: Asker, name: str, *, own: Role, kept: bool
) -> Declared | None: ...


def find_declared(
    edit: Edit, asker: Asker, name: str, *, own: Role, kept: bool = False
) -> Declared | None:
    """A command or a module, by its name in this community or as it is declared.

    `own` is what the asker is wherever what is decided holds.
    None where there is no such thing any more, and something of it is `kept` that is taken back.

    Raises:
        Refusal: there is none, or it is for others than the asker.
    """
    declared = find_meant(edit, words_of(edit.connection, asker.community), name)
    if declared is not None:
        check_may_use(edit, asker, declared, own)
    elif not kept:
        raise no_command(name)
    return declared


def find_meant(edit: Edit, words: OwnWords, name: str) -> Declared | None:
    """The command or module that is named so in a community of these words."""
    known = DeclaredCommands(edit.connection)
    found = next(filter(None, map(known.find, words.meant(name))), None)
    # By the new name of the command that a module is called after, the module is named too.
    if found and name[:1].isalnum() and found.id == f"{USUAL_PREFIX}{found.module}":
        return known.find(found.module)
    return found


def check_may_use(edit: Edit, asker: Asker, declared: Declared, own: Role) -> None:
    """Nobody decides about what is not for them. Raises Refusal."""
    if declared.role is None:
        return
    needed = CommandRights(edit).find(asker.community, declared.id) or declared.role
    if not own.covers(needed):
        words = f"{say_name(declared.typed)} is for {sayings.who_may(needed)} only."
        raise Refusal(words, Because.MAY_NOT)


def check_mending(declared: Declared) -> None:
    """Raises Refusal: it must stay as it is."""
    if declared.module == MENDING:
        words = (
            f"{say_command('command')} always works, so that the others can be switched on again."
        )
        raise Refusal(words, code="ALWAYS_WORKS")


def no_command(name: str) -> Refusal:
    words = f"There is no command '{name[:40]}'. See {say_command('help')}."
    return Refusal(words, Because.UNKNOWN, code="UNKNOWN_COMMAND", field="command")
