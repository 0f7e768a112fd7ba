"""Whether a name that a community makes may be taken for another one that is there."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker
from waddlebot.domain.errors import Refusal
from waddlebot.domain.own_names import find_alike, in_latin
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.stores.aliases import Aliases
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.custom_commands import CustomCommands
from waddlebot.stores.own_words import words_of
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command


def check_looks(edit: Edit, asker: Asker, name: str, *, but: str = "") -> None:
    """That no command, alias or custom command looks like it; `but` is called otherwise by it.

    Raises Refusal.
    """
    latin = in_latin(name)
    if latin != name and DeclaredCommands(edit.connection).begins(f"{USUAL_PREFIX}{latin}"):
        raise _looks_like(name, latin)
    there = {
        *words_of(edit.connection, asker.community).names,
        *Aliases(edit, asker.community).all(),
        *CustomCommands(edit, asker.community).names(),
    }
    alike = find_alike(name, there - {but})
    if alike is not None:
        raise _looks_like(name, alike)


def _looks_like(name: str, other: str) -> Refusal:
    words = f"'{name}' looks like {say_command(other)}, which is there: choose another name."
    return Refusal(words, code="LOOKS_ALIKE", field="name")
