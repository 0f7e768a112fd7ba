"""By which name a command is called."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.declared import check_mending, find_declared
from waddlebot.decisions.free_names import check_looks
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_names import fold_name
from waddlebot.domain.own_words import NAME, USUAL_PREFIX
from waddlebot.stores.aliases import Aliases
from waddlebot.stores.command_rows import Declared, DeclaredCommands
from waddlebot.stores.custom_commands import CustomCommands
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command, say_name
from waddlebot_sdk.roles import Role

MOST_NAMES = 100


def rename_command(edit: Edit, asker: Asker, *, command: str, name: str | None) -> str | None:
    """By which name it is called here now; None: by its own again, as where `name` is its own.

    A name is free where no command begins with it and no other one has it.
    """
    own = asker.check_everywhere(Role.ADMIN)
    edit.hold(asker.community)
    command = command.lower()
    names = CommunitySettings(edit).names_of_commands(asker.community)
    declared = find_declared(edit, asker, command, own=own, kept=command in names.values())
    wanted = None if name is None else fold_name(name)
    if declared is None or wanted == declared.id.removeprefix(USUAL_PREFIX):
        wanted = None
    if declared is not None and wanted is not None:
        _check_name(declared, wanted, names, DeclaredCommands(edit.connection))
        _check_hides_none(edit, asker, wanted)
        called = next((one for one, of in names.items() if of == declared.id), "")
        check_looks(edit, asker, wanted, but=called)
    CommunitySettings(edit).rename_command(
        asker.community, declared.id if declared else command, wanted
    )
    return wanted


def _check_name(
    declared: Declared, name: str, names: dict[str, str], commands: DeclaredCommands
) -> None:
    check_mending(declared)
    if not declared.may_be_renamed:
        words = f"{say_name(declared.typed)} keeps its name: only single words of ours have others."
        raise Refusal(words, code="KEEPS_ITS_NAME")
    if not NAME.fullmatch(name):
        words = "A name is one word of 2 to 25 letters and digits."
        raise Refusal(words, Because.WRONG, code="INVALID_NAME", field="name")
    if names.get(name, declared.id) != declared.id or commands.begins(f"{USUAL_PREFIX}{name}"):
        raise Refusal(f"There is a command '{name}' already.", code="NAME_TAKEN")
    if len(set(names.values()) - {declared.id}) >= MOST_NAMES:
        raise Refusal(f"{MOST_NAMES} commands have other names already.", code="TOO_MANY_NAMES")


def _check_hides_none(edit: Edit, asker: Asker, name: str) -> None:
    """An alias or a custom command of that name would run no more. Raises Refusal."""
    if name in CustomCommands(edit, asker.community).names():
        remove = say_command(f"custom delete {name}")
        words = f"There is a custom command '{name}' already. Delete it first: {remove}"
        raise Refusal(words, code="NAME_TAKEN")
    if name in Aliases(edit, asker.community).all():
        remove = say_command(f"alias remove {name}")
        words = f"There is an alias '{name}' already. Remove it first: {remove}"
        raise Refusal(words, code="NAME_TAKEN")
