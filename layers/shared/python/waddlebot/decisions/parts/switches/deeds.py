"""Modules and commands switched off and on."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker, find_place
from waddlebot.decisions.declared import check_mending, find_declared
from waddlebot.domain.entities import EntityId
from waddlebot.stores.switches import Switches
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role


def switch_command(
    edit: Edit, asker: Asker, *, name: str, enabled: bool, at: EntityId | None = None
) -> str:
    """A module or a command, in the whole community or `at` one place; its id."""
    where = "Say here for this channel alone: without it that"
    own = asker.check_at(at, Role.ADMIN, where if asker.entity else "That")
    at = None if at is None else find_place(edit, asker, at)
    edit.hold(asker.community)
    name = name.lower()
    is_off = Switches(edit).is_off(asker.community, name, at=at)
    declared = find_declared(edit, asker, name, own=own, kept=enabled and is_off)
    if declared is not None and not enabled:
        check_mending(declared)
    switched = declared.id if declared else name
    if at is None:
        Switches(edit).set_enabled(asker.community, switched, enabled=enabled)
    else:
        Switches(edit).set_enabled_at(at, switched, enabled=enabled)
    return switched
