"""Which commands there are here, and for whom: switched off and on, and given other rights."""

from __future__ import annotations

from functools import partial

from functions.router.destinations.builtin import BuiltinTools
from waddlebot.domain import sayings
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Refusal
from waddlebot.domain.own_words import NAME, USUAL_PREFIX
from waddlebot.domain.rights import may_need
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.stores.command_rights import CommandRights
from waddlebot.stores.communities import Communities
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, Module, NotUnderstood, Role, command

HERE = "here"
AS_DECLARED = "usual"
MOST_LISTED = 20
MOST_NAMES = 100
ALWAYS_WORKS = "!commands always works, so that the others can be switched on again."
_ROLES = {role.value: role for role in Role} | {f"{role.value}s": role for role in Role}
_ROLES["everybody"] = Role.USER


@command(
    "commands list",
    "List what is switched off here, and which commands are for others than usual.",
    also=("commands",),
    example="commands list",
    role=Role.MODERATOR,
)
def list_(_call: Call, tools: BuiltinTools) -> Answer:
    community, spot = tools.session.community, tools.session.spot
    changes = [
        *(f"{one} is called {name}" for name, one in sorted(community.words.names.items())),
        *(f"{name} is off" for name in sorted(community.disabled)),
        *(f"{name} is off in this channel" for name in sorted(spot.disabled)),
        *(
            f"{name} is for {sayings.who_may(role)}"
            for name, role in sorted(community.needed.items())
        ),
    ]
    if not changes:
        return Chat("All commands are as usual. Switch one off: !commands off !quote")
    left = len(changes) - MOST_LISTED
    return Chat(f"{'; '.join(changes[:MOST_LISTED])}{f'; and {left} more' if left > 0 else ''}.")


@command(
    "commands off <name>",
    "Switch a command or a module off, in the whole community or in this channel.",
    example="commands off !quote here",
    role=Role.ADMIN,
)
def off(call: Call, tools: BuiltinTools) -> Answer:
    return _switch(call, tools, enabled=False)


@command(
    "commands on <name>",
    "Switch a command or a module on again.",
    example="commands on !quote",
    role=Role.ADMIN,
)
def on(call: Call, tools: BuiltinTools) -> Answer:
    return _switch(call, tools, enabled=True)


@command(
    "commands rename <command> <name>",
    "Call a command by another word here; by its own word it is called again.",
    example="commands rename !quote zitat",
    role=Role.ADMIN,
)
def rename(call: Call, tools: BuiltinTools) -> Answer:
    tools.check_everywhere(Role.ADMIN, "That")
    trigger = _command(call.arguments["command"], call, tools)
    name = call.arguments["name"].lower().removeprefix(tools.session.community.words.prefix)
    if trigger.prefix != USUAL_PREFIX or " " in trigger.path or trigger.typed != trigger.id:
        raise Refusal(f"{trigger.name} keeps its name: only single words of ours have others.")
    if trigger.module == MODULE.name:
        raise Refusal(ALWAYS_WORKS)
    if name == trigger.path:
        return tools.change(call, partial(_own_name, tools, trigger))
    if not NAME.fullmatch(name):
        raise NotUnderstood("A name is one word of 2 to 25 letters and digits.")
    if tools.table.begins(USUAL_PREFIX, name) or tools.session.community.words.names.get(name):
        raise Refusal(f"There is a command '{name}' already.")
    return tools.change(call, partial(_rename, tools, trigger, name))


@command(
    "commands need <command> <role>",
    "Say who may use a command here: everybody, moderators, admins, owners, or usual.",
    example="commands need !addquote everybody",
    role=Role.ADMIN,
)
def need(call: Call, tools: BuiltinTools) -> Answer:
    tools.check_everywhere(Role.ADMIN, "That")
    trigger = _command(call.arguments["command"], call, tools)
    typed = call.arguments["role"].lower()
    if typed == AS_DECLARED:
        return tools.change(call, partial(_clear, tools, trigger))
    role = _ROLES.get(typed)
    if role is None:
        raise NotUnderstood("Say for whom: everybody, moderators, admins, owners, or usual.")
    _check_right(trigger, _declared(trigger, tools), role, call)
    return tools.change(call, partial(_need, tools, trigger, role))


def _declared(trigger: CommandTrigger, tools: BuiltinTools) -> Role:
    """For whom its module made it."""
    found = tools.table.find(trigger.prefix, trigger.path)
    return found.trigger.role if found else trigger.role


def _check_right(trigger: CommandTrigger, declared: Role, role: Role, call: Call) -> None:
    """Nobody gives away what admins decide, nor shuts themselves out."""
    if not may_need(declared, role):
        raise Refusal(f"{trigger.name} stays with {sayings.who_may(declared)}.")
    if call.user is None or not call.user.role.covers(role):
        raise Refusal(f"Ask one of the {sayings.who_may(role)}: you could not use it yourself.")


def _own_name(tools: BuiltinTools, trigger: CommandTrigger, edit: Edit) -> str:
    Communities(edit).rename_command(tools.session.community.id, trigger.id, None)
    return f"{trigger.path} is called by its own name."


def _rename(tools: BuiltinTools, trigger: CommandTrigger, name: str, edit: Edit) -> str:
    if len(tools.session.community.words.names) >= MOST_NAMES:
        raise Refusal(f"{MOST_NAMES} commands have other names already.")
    Communities(edit).rename_command(tools.session.community.id, trigger.id, name)
    return f"{trigger.path} is called {name} here now. Undo: !commands rename {name} {trigger.path}"


def _need(tools: BuiltinTools, trigger: CommandTrigger, role: Role, edit: Edit) -> str:
    CommandRights(edit).put(tools.session.community.id, trigger.id, role)
    undo = f"!commands need {_quoted(trigger.name)} {AS_DECLARED}"
    return f"{trigger.name} is for {sayings.who_may(role)} here now. Undo: {undo}"


def _clear(tools: BuiltinTools, trigger: CommandTrigger, edit: Edit) -> str:
    CommandRights(edit).clear(tools.session.community.id, trigger.id)
    return f"{trigger.name} is for {sayings.who_may(_declared(trigger, tools))}, as usual."


def _switch(call: Call, tools: BuiltinTools, *, enabled: bool) -> Answer:
    words = call.arguments["name"].split()
    here = len(words) > 1 and words[-1].lower() == HERE
    typed = " ".join(words[:-1] if here else words)
    place = tools.session.spot.entity if here else None
    if place is None:
        tools.check_everywhere(Role.ADMIN, f"Say {HERE} for this channel alone: without it that")
    name = _named(typed, call, tools)
    return tools.change(call, partial(_set_enabled, tools, name, place, enabled=enabled))


def _named(typed: str, call: Call, tools: BuiltinTools) -> str:
    """A module's name, or a command's id."""
    if typed.lower() in tools.table.modules():
        module = typed.lower()
    else:
        trigger = _command(typed, call, tools)
        module, typed = trigger.module, trigger.id
    if module == MODULE.name:
        raise Refusal(ALWAYS_WORKS)
    return typed.lower()


def _command(typed: str, call: Call, tools: BuiltinTools) -> CommandTrigger:
    trigger = tools.find_command(typed)
    if trigger is None:
        raise NotUnderstood(f"There is no command '{typed[:40]}'. See !help.")
    if call.user is None or not call.user.role.covers(trigger.role):
        raise Refusal(f"{trigger.name} is for {sayings.who_may(trigger.role)} only.")
    return trigger


def _set_enabled(
    tools: BuiltinTools, name: str, place: EntityId | None, edit: Edit, *, enabled: bool
) -> str:
    communities = Communities(edit)
    if place is None:
        communities.set_enabled(tools.session.community.id, name, enabled=enabled)
    else:
        communities.set_enabled_at(place, name, enabled=enabled)
    where = "in this channel" if place else "here"
    undo = f"!commands {'off' if enabled else 'on'} {name}{f' {HERE}' if place else ''}"
    return f"{name} is switched {'on' if enabled else 'off'} {where} now. Undo: {undo}"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


MODULE: Module[BuiltinTools] = Module(
    name="commands",
    summary="Says which commands there are here, and for whom.",
    commands=(list_, off, on, rename, need),
)
