"""Community functions that a community lets hear what happens in it.

Their commands answer everywhere, as the operator put them there; their listeners hear nothing of a
community whose owner did not install them.
"""

from __future__ import annotations

import difflib
from functools import partial

from functions.router.destinations.builtin import BuiltinTools
from waddlebot.domain.errors import Refusal
from waddlebot.stores.installed_modules import InstalledModules
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, Module, NotUnderstood, Role, command

MOST_INSTALLED = 50
MOST_LISTED = 20


@command(
    "module list",
    "List the community functions that are installed here, and those that could be.",
    also=("module",),
    example="module list",
    role=Role.MODERATOR,
)
def list_(_call: Call, tools: BuiltinTools) -> Answer:
    there, installed = tools.table.community_functions(), tools.session.community.installed
    others = [name for name in there if name not in installed]
    parts = []
    if installed:
        here = [f"{name} ({_hears(there.get(name))})" for name in sorted(installed)]
        parts.append(f"Installed here: {_some(here)}.")
    if others:
        parts.append(f"To be had: {_some(others)}. Install one: !module install {others[0]}")
    return Chat(" ".join(parts) or "There are no community functions.")


@command(
    "module install <name>",
    "Let a community function hear what happens in this community.",
    example="module install greeter",
    role=Role.OWNER,
)
def install(call: Call, tools: BuiltinTools) -> Answer:
    tools.check_everywhere(Role.OWNER, "That")
    return tools.change(call, partial(_install, tools, _named(call, tools)))


@command(
    "module remove <name>",
    "Let a community function hear nothing of this community any more.",
    example="module remove greeter",
    role=Role.OWNER,
)
def remove(call: Call, tools: BuiltinTools) -> Answer:
    tools.check_everywhere(Role.OWNER, "That")
    name = call.arguments["name"].lower()
    return tools.change(call, partial(_remove, tools, name))


def _named(call: Call, tools: BuiltinTools) -> str:
    name, there = call.arguments["name"].lower(), tools.table.community_functions()
    if name in there:
        return name
    if name in tools.table.modules():
        raise Refusal(
            f"{name} is part of the house and works everywhere. Off: !commands off {name}"
        )
    near = difflib.get_close_matches(name, there, n=1)
    hint = f"Did you mean {near[0]}?" if near else "See !module list."
    raise NotUnderstood(f"There is no community function '{name[:40]}'. {hint}")


def _install(tools: BuiltinTools, name: str, edit: Edit) -> str:
    community = tools.session.community
    if len(community.installed) >= MOST_INSTALLED:
        raise Refusal(f"{MOST_INSTALLED} are installed already. See !module list.")
    hears = _hears(tools.table.community_functions()[name])
    if not InstalledModules(edit).install(community.id, name):
        return f"{name} is installed already: it {hears}."
    return f"{name} is installed: it {hears} in this community. Undo: !module remove {name}"


def _remove(tools: BuiltinTools, name: str, edit: Edit) -> str:
    if not InstalledModules(edit).remove(tools.session.community.id, name):
        raise Refusal(f"'{name[:40]}' is not installed here. See !module list.")
    return f"{name} hears nothing of this community any more. Undo: !module install {name}"


def _hears(events: tuple[str, ...] | None) -> str:
    if events is None:
        return "is not there any more"
    return f"hears {', '.join(events)}" if events else "hears nothing but its own commands"


def _some(names: list[str]) -> str:
    left = len(names) - MOST_LISTED
    return f"{', '.join(names[:MOST_LISTED])}{f' and {left} more' if left > 0 else ''}"


MODULE: Module[BuiltinTools] = Module(
    name="module",
    summary="Says which community functions hear what happens here.",
    commands=(list_, install, remove),
)
