"""Which commands there are here, and for whom: switched off and on, and given other rights."""

from __future__ import annotations

from dataclasses import dataclass

from functions.builtins.offering import FOR_WHOM, command_names, names_to_switch
from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin, Deciding, WithCommands
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.rights.deeds import say_who_may_use
from waddlebot.decisions.parts.switches.deeds import switch_command
from waddlebot.decisions.parts.words.deeds import rename_command
from waddlebot.domain import sayings
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.own_words import say_name

HERE = "here"
AS_DECLARED = "usual"
_ROLES = {role.value: role for role in Role} | {f"{role.value}s": role for role in Role}
_ROLES["everybody"] = Role.USER


@dataclass(frozen=True, kw_only=True)
class CommandTools(Deciding, WithCommands):
    pass


@command(
    "command list [page]",
    "List what is switched off here, and which commands are for others than usual.",
    also=("command", "commands list"),
    example="command list",
    role=Role.MODERATOR,
)
def list_(call: Call, tools: CommandTools) -> Answer:
    community, spot = tools.session.community, tools.session.spot
    changes = [
        *(f"{one[1:]} is called {name}" for name, one in sorted(community.words.names.items())),
        *(f"{say_name(name)} is off" for name in sorted(community.disabled)),
        *(f"{say_name(name)} is off in this channel" for name in sorted(spot.disabled)),
        *(
            f"{say_name(name)} is for {sayings.who_may(role)}"
            for name, role in sorted(community.needed.items())
        ),
    ]
    if not changes:
        how = say_command(f"command off {say_command('quote')}")
        return Chat(f"All commands are as usual. Switch one off: {how}")
    return Chat(say_page(changes, call, again=say_command("command list")))


@command(
    "command off <name>",
    "Switch a command or a module off, in the whole community or in this channel.",
    also=("commands off",),
    example="command off !quote here",
    role=Role.ADMIN,
    completes={"name": names_to_switch},
)
def off(call: Call, tools: CommandTools) -> Answer:
    return _switch(call, tools, enabled=False)


@command(
    "command on <name>",
    "Switch a command or a module on again.",
    also=("commands on",),
    example="command on !quote",
    role=Role.ADMIN,
    completes={"name": names_to_switch},
)
def on(call: Call, tools: CommandTools) -> Answer:
    return _switch(call, tools, enabled=True)


@command(
    "command rename <command> <name>",
    "Call a command by another word here; by its own word it is called again.",
    also=("commands rename",),
    example="command rename !quote zitat",
    role=Role.ADMIN,
    completes={"command": command_names},
)
def rename(call: Call, tools: CommandTools) -> Answer:
    command = tools.name_of(call.arguments["command"])
    name = call.arguments["name"].removeprefix(tools.session.community.words.prefix)

    def decide(edit: Edit, asker: Asker) -> str:
        called = rename_command(edit, asker, command=command, name=name)
        own = command[1:]
        if called is None:
            return f"{own} is called by its own name."
        undo = say_command(f"command rename {called} {own}")
        return f"{own} is called {called} here now. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "command need <command> <role>",
    "Say who may use a command here: everybody, moderators, admins, owners, or usual.",
    also=("commands need",),
    example="command need !addquote everybody",
    role=Role.ADMIN,
    completes={"command": command_names, "role": (*FOR_WHOM, AS_DECLARED)},
)
def need(call: Call, tools: CommandTools) -> Answer:
    command, typed = tools.name_of(call.arguments["command"]), call.arguments["role"].lower()
    role = None if typed == AS_DECLARED else _ROLES.get(typed)
    if role is None and typed != AS_DECLARED:
        raise NotUnderstood("Say for whom: everybody, moderators, admins, owners, or usual.")

    def decide(edit: Edit, asker: Asker) -> str:
        now = say_who_may_use(edit, asker, command=command, role=role)
        whom = sayings.who_may(now or Role.USER)
        if role is None:
            return f"{say_name(command)} is for {whom}, as usual."
        undo = say_command(f"command need {_quoted(command)} {AS_DECLARED}")
        return f"{say_name(command)} is for {whom} here now. Undo: {undo}"

    return tools.decide(call, decide)


def _switch(call: Call, tools: CommandTools, *, enabled: bool) -> Answer:
    words = call.arguments["name"].split()
    here = len(words) > 1 and words[-1].lower() == HERE
    name = " ".join(words[:-1] if here else words)
    place = tools.session.spot.entity if here else None

    def decide(edit: Edit, asker: Asker) -> str:
        switched = switch_command(edit, asker, name=name, enabled=enabled, at=place)
        where = "in this channel" if place else "here"
        state, other = ("on", "off") if enabled else ("off", "on")
        said = say_name(switched)
        undo = say_command(f"command {other} {said}{f' {HERE}' if place else ''}")
        return f"{said} is switched {state} {where} now. Undo: {undo}"

    return tools.decide(call, decide)


def _quoted(name: str) -> str:
    said = say_name(name)
    return f'"{said}"' if " " in name else said


MODULE = Builtin(
    tools=CommandTools,
    name="commands",
    summary="Says which commands there are here, and for whom.",
    commands=(list_, off, on, rename, need),
)
