"""Who may use a command."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.declared import find_declared
from waddlebot.domain import sayings
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.rights import may_need
from waddlebot.stores.command_rights import CommandRights
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_name
from waddlebot_sdk.roles import Role


def say_who_may_use(edit: Edit, asker: Asker, *, command: str, role: Role | None) -> Role | None:
    """For whom it is here; None: as its module declares it. Returns for whom it is now."""
    own = asker.check_everywhere(Role.ADMIN)
    edit.hold(asker.community)
    rights, command = CommandRights(edit), command.lower()
    is_kept = rights.find(asker.community, command) is not None
    declared = find_declared(edit, asker, command, own=own, kept=role is None and is_kept)
    if declared is None or role is None:
        rights.clear(asker.community, declared.id if declared else command)
        return declared.role if declared else None
    if declared.role is None:
        words = f"{declared.id} is a module: only commands have a role."
        raise Refusal(words, Because.WRONG, field="role")
    if not may_need(declared.role, role):
        words = f"{say_name(declared.id)} stays with {sayings.who_may(declared.role)}."
        raise Refusal(words, Because.MAY_NOT, code="STAYS_WITH_ADMINS")
    if not own.covers(role):
        words = f"Ask one of the {sayings.who_may(role)}: you could not use it yourself."
        raise Refusal(words, Because.MAY_NOT)
    rights.put(asker.community, declared.id, role)
    return role
