"""Community functions that a community lets hear what happens in it, and do more than answer.

Their commands answer everywhere, as the operator put them there; of a community whose owner did not
install them they hear nothing, and announce, react and recommend nothing there.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.builtins.offering import names_installed, names_to_install
from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin, Deciding, WithCommands
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.installed.deeds import install_module, remove_module
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, May, Role, command, say_command


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
    listed = [
        f"{name} is installed: it {_hears(there.get(name))}{_may(installed[name])}"
        f"{_asks_for_more(tools.table.strangers_may(name) - installed[name], name)}"
        for name in sorted(installed)
    ]
    listed += [f"{name} is to be had" for name in others]
    how = f" Install one: {say_command(f'module install {others[0]}')}" if others else ""
    return Chat(f"{say_page(listed, call, again=say_command('module list'))}{how}")


@command(
    "module install <name>",
    "Let a community function hear what happens in this community, and do what it asks for.",
    example="module install greeter",
    role=Role.OWNER,
    completes={"name": names_to_install},
)
def install(call: Call, tools: ModuleTools) -> Answer:
    name = call.arguments["name"].lower()

    def decide(edit: Edit, asker: Asker) -> str:
        is_new = install_module(edit, asker, name=name)
        may = _may(tools.table.strangers_may(name))
        hears = f"{_hears(tools.table.community_functions().get(name))}{may}"
        if not is_new:
            return f"{name} is installed already: it {hears}."
        undo = say_command(f"module remove {name}")
        return f"{name} is installed: it {hears} in this community. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "module remove <name>",
    "Let a community function hear and do nothing in this community any more.",
    example="module remove greeter",
    role=Role.OWNER,
    completes={"name": names_installed},
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


def _may(may: frozenset[May]) -> str:
    return f" and may {_listed(may)}" if may else ""


def _asks_for_more(may: frozenset[May], name: str) -> str:
    """It has changed since: what was granted stays what the owner read."""
    how = say_command(f"module install {name}")
    return f" (it asks to {_listed(may)} as well: {how})" if may else ""


def _listed(may: frozenset[May]) -> str:
    return " and ".join(one.value.replace("_", " ") for one in sorted(may))


MODULE = Builtin(
    tools=ModuleTools,
    name="module",
    summary="Says which community functions hear what happens here.",
    commands=(list_, install, remove),
)
