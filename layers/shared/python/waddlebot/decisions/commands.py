"""Which commands there are in a community, how they are called, and who may use them."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker, find_place
from waddlebot.decisions.declared import find_declared
from waddlebot.domain import sayings
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_words import NAME, USUAL_PREFIX
from waddlebot.domain.rights import may_need
from waddlebot.stores.command_rights import CommandRights
from waddlebot.stores.command_rows import Declared, DeclaredCommands
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.switches import Switches
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command, say_name
from waddlebot_sdk.roles import Role

MENDING = "commands"
"""The module that switches the others on again, and so is never off or called otherwise."""
MOST_NAMES = 100


def rename_command(edit: Edit, asker: Asker, *, command: str, name: str | None) -> str | None:
    """By which name it is called here now; None: by its own again, as where `name` is its own.

    A name is free where no command begins with it and no other one has it.
    """
    asker.check_everywhere(Role.ADMIN)
    edit.hold(asker.community)
    command = command.lower()
    names = CommunitySettings(edit).names_of_commands(asker.community)
    declared = find_declared(edit, asker, command, kept=command in names.values())
    wanted = None if name is None else name.lower()
    if declared is None or wanted == declared.id.removeprefix(USUAL_PREFIX):
        wanted = None
    if declared is not None and wanted is not None:
        _check_name(declared, wanted, names, DeclaredCommands(edit.connection))
    CommunitySettings(edit).rename_command(
        asker.community, declared.id if declared else command, wanted
    )
    return wanted


def _check_name(
    declared: Declared, name: str, names: dict[str, str], commands: DeclaredCommands
) -> None:
    _check_mending(declared)
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


def switch_command(
    edit: Edit, asker: Asker, *, name: str, enabled: bool, at: EntityId | None = None
) -> str:
    """A module or a command, in the whole community or `at` one place; its id."""
    where = "Say here for this channel alone: without it that"
    asker.check_at(at, Role.ADMIN, where if asker.entity else "That")
    at = None if at is None else find_place(edit, asker, at)
    edit.hold(asker.community)
    name = name.lower()
    is_off = Switches(edit).is_off(asker.community, name, at=at)
    declared = find_declared(edit, asker, name, kept=enabled and is_off)
    if declared is not None and not enabled:
        _check_mending(declared)
    switched = declared.id if declared else name
    if at is None:
        Switches(edit).set_enabled(asker.community, switched, enabled=enabled)
    else:
        Switches(edit).set_enabled_at(at, switched, enabled=enabled)
    return switched


def say_who_may_use(edit: Edit, asker: Asker, *, command: str, role: Role | None) -> Role | None:
    """For whom it is here; None: as its module declares it. Returns for whom it is now."""
    asker.check_everywhere(Role.ADMIN)
    edit.hold(asker.community)
    rights, command = CommandRights(edit), command.lower()
    is_kept = rights.find(asker.community, command) is not None
    declared = find_declared(edit, asker, command, kept=role is None and is_kept)
    if declared is None or role is None:
        rights.clear(asker.community, declared.id if declared else command)
        return declared.role if declared else None
    if declared.role is None:
        words = f"{declared.id} is a module: only commands have a role."
        raise Refusal(words, Because.WRONG, field="role")
    if not may_need(declared.role, role):
        words = f"{say_name(declared.id)} stays with {sayings.who_may(declared.role)}."
        raise Refusal(words, Because.MAY_NOT, code="STAYS_WITH_ADMINS")
    if not asker.everywhere.covers(role):
        words = f"Ask one of the {sayings.who_may(role)}: you could not use it yourself."
        raise Refusal(words, Because.MAY_NOT)
    rights.put(asker.community, declared.id, role)
    return role


def _check_mending(declared: Declared) -> None:
    if declared.module == MENDING:
        words = (
            f"{say_command('command')} always works, so that the others can be switched on again."
        )
        raise Refusal(words, code="ALWAYS_WORKS")
