"""Community functions that a community lets hear what happens in it.

Their commands answer everywhere, as the operator put them there; their listeners hear nothing of a
community whose owner did not install them.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin, Deciding, WithCommands
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.modules import install_module, remove_module
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, Role, command, say_command


@dataclass(frozen=True, kw_only=True)
class ModuleTools(Deciding, WithCommands):
    pass


@command(
    "module list [page]",
    "List the community functions that are installed here, and those that could be.",
    also=("module",),
    example="module list",
    role=Role.MODERATOR,
)
def list_(call: Call, tools: ModuleTools) -> Answer:
    there, installed = tools.table.community_functions(), tools.session.community.installed
    others = [name for name in there if name not in installed]
    if not installed and not others:
        return Chat("There are no community functions.")
    listed = [f"{name} is installed: it {_hears(there.get(name))}" for name in sorted(installed)]
    listed += [f"{name} is to be had" for name in others]
    how = f" Install one: {say_command(f'module install {others[0]}')}" if others else ""
    return Chat(f"{say_page(listed, call, again=say_command('module list'))}{how}")


@command(
    "module install <name>",
    "Let a community function hear what happens in this community.",
    example="module install greeter",
    role=Role.OWNER,
)
def install(call: Call, tools: ModuleTools) -> Answer:
    name = call.arguments["name"].lower()

    def decide(edit: Edit, asker: Asker) -> str:
        is_new = install_module(edit, asker, name=name)
        hears = _hears(tools.table.community_functions().get(name))
        if not is_new:
            return f"{name} is installed already: it {hears}."
        undo = say_command(f"module remove {name}")
        return f"{name} is installed: it {hears} in this community. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "module remove <name>",
    "Let a community function hear nothing of this community any more.",
    example="module remove greeter",
    role=Role.OWNER,
)
def remove(call: Call, tools: ModuleTools) -> Answer:
    name = call.arguments["name"].lower()

    def decide(edit: Edit, asker: Asker) -> str:
        remove_module(edit, asker, name=name)
        undo = say_command(f"module install {name}")
        return f"{name} hears nothing of this community any more. Undo: {undo}"

    return tools.decide(call, decide)


def _hears(events: tuple[str, ...] | None) -> str:
    if events is None:
        return "is not there any more"
    return f"hears {', '.join(events)}" if events else "hears nothing but its own commands"


MODULE = Builtin(
    tools=ModuleTools,
    name="module",
    summary="Says which community functions hear what happens here.",
    commands=(list_, install, remove),
)
