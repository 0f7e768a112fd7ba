"""What a community made itself, where something else that it decides runs it."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker
from waddlebot.domain import sayings
from waddlebot.domain.aliases import AliasKind, described, read_alias, run_line, split_head
from waddlebot.domain.custom_commands import custom_line
from waddlebot.domain.errors import Because, Refusal
from waddlebot.stores.aliases import Aliases
from waddlebot.stores.custom_commands import CustomCommands
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role


def find_made(edit: Edit, asker: Asker, line: str, own: Role) -> str | None:
    """The command that says what a custom command or an alias of this line says; None of neither.

    Raises Refusal: it is for others, or it stands for commands, which are named themselves.
    """
    head, rest = split_head(line)
    command = CustomCommands(edit, asker.community).all().get(head)
    if command is not None:
        if not own.covers(command.role):
            words = f"{say_command(head)} is for {sayings.who_may(command.role)} only."
            raise Refusal(words, Because.MAY_NOT, field="command")
        return custom_line(head, rest)
    text = Aliases(edit, asker.community).all().get(head)
    if text is None:
        return None
    alias = read_alias(head, text)
    if alias.kind is AliasKind.COMMAND:
        words = f"{say_command(head)} stands for {described(alias)}: name one command itself."
        raise Refusal(words, Because.WRONG, code="ALIAS_OF_COMMANDS", field="command")
    return run_line(head, rest)
