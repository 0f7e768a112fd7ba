"""Which command or module is meant, and whether whoever asks may have to do with it."""

from __future__ import annotations

from typing import Literal, overload

from waddlebot.decisions.asking import Asker
from waddlebot.domain import sayings
from waddlebot.domain.errors import Because, Refusal
from waddlebot.stores.command_rights import CommandRights
from waddlebot.stores.command_rows import Declared, DeclaredCommands
from waddlebot.stores.versions import Edit


@overload
def find_declared(
    edit: Edit, asker: Asker, name: str, *, kept: Literal[False] = False
) -> Declared: ...


@overload
def find_declared(edit: Edit, asker: Asker, name: str, *, kept: bool) -> Declared | None: ...


def find_declared(edit: Edit, asker: Asker, name: str, *, kept: bool = False) -> Declared | None:
    """A command as it is typed with its usual prefix, or a module by its name.

    None where there is no such thing any more, and something of it is `kept` that is taken back.

    Raises:
        Refusal: there is none, or it is for others than the asker.
    """
    declared = DeclaredCommands(edit.connection).find(name)
    if declared is not None:
        check_may_use(edit, asker, declared)
    elif not kept:
        raise no_command(name)
    return declared


def check_may_use(edit: Edit, asker: Asker, declared: Declared) -> None:
    """Nobody decides about what is not for them. Raises Refusal."""
    if declared.role is None:
        return
    needed = CommandRights(edit).find(asker.community, declared.id) or declared.role
    if not asker.role.covers(needed):
        words = f"{declared.typed} is for {sayings.who_may(needed)} only."
        raise Refusal(words, Because.MAY_NOT)


def no_command(name: str) -> Refusal:
    words = f"There is no command '{name[:40]}'. See !help."
    return Refusal(words, Because.UNKNOWN, code="UNKNOWN_COMMAND", field="command")
