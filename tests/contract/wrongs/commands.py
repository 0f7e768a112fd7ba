"""What cannot be of commands: their names, switches, rights and limits, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.wrong import NO_COMMAND, NOT_HERE, OTHERS_PLACE, Wrong, span
from waddlebot_sdk.roles import Role


def _command(say: str, command: str, name: str) -> Wrong:
    return Wrong(
        say=say,
        chat=f'!commands rename "{command}" {name}',
        api=("PATCH", "/commands", {"command": command, "name": name}),
        text={"commands": {command: {"called": name}}},
    )


def _off(say: str, command: str) -> Wrong:
    return Wrong(
        say=say,
        chat=f"!commands off {command}",
        api=("PATCH", "/commands", {"command": command, "enabled": False}),
        text={"commands": {command: {"off": True}}},
    )


def _right(say: str, command: str, role: Role, asker: Role = Role.OWNER) -> Wrong:
    return Wrong(
        say=say,
        chat=f'!commands need "{command}" {role}',
        api=("PATCH", "/commands", {"command": command, "role": role}),
        text={"commands": {command: {"role": role}}} if asker is Role.OWNER else None,
        role=asker,
    )


def _limit(say: str, command: str, calls: int, seconds: int, **more: Any) -> Wrong:
    row = {"command": command, "calls": calls, "seconds": seconds, **more}
    typed = f'!limits set "{command}" {calls} in {span(seconds)}'
    return Wrong(
        say=say,
        chat=None if more else typed,
        api=("PUT", "/limits", row),
        text={"limits": [row]},
    )


def _installed(say: str, name: str) -> Wrong:
    return Wrong(say=say, chat=f"!module install {name}", text={"installed": [name]})


NO_FUNCTION = "There is no community function '{}'. See !module list."
OF_THE_HOUSE = "{} is part of the house and works everywhere. Off: !command off {}"
TAKEN = "There is a command '{}' already."
ONE_WORD = "A name is one word of 2 to 25 letters and digits."
KEEPS = "{} keeps its name: only single words of ours have others."
MENDS = "!command always works, so that the others can be switched on again."
STAYS = "{} stays with {}."
UNUSABLE = "Ask one of the owners: you could not use it yourself."
TAKES_BACK = "{} always works, so that limits can be taken back."
AMOUNT = "A limit is at least 1 and at most 10,000 in at most 24h."
NEVER_LIMITED = (
    "{} is never limited: everybody may see what is kept about them, and have it erased."
)


WRONGS: Mapping[str, tuple[Wrong, ...]] = {
    "rename_command": (
        _command(TAKEN.format("rules"), "!quote", "rules"),
        _command(TAKEN.format("help"), "!quote", "help"),
        _command(TAKEN.format("ours"), "!note", "ours"),
        _command(ONE_WORD, "!quote", "x"),
        _command(ONE_WORD, "!quote", "a-b"),
        _command(KEEPS.format("#roll"), "#roll", "dice"),
        _command(KEEPS.format("!roles give"), "!roles give", "promote"),
        _command(KEEPS.format("!score"), "!score", "punkte"),
        _command(MENDS, "!commands off", "disable"),
        _command(NO_COMMAND.format("!nothing"), "!nothing", "something"),
        Wrong(  # one of two commands of one name would be lost
            say=TAKEN.format("zitat"),
            text={"commands": {"!note": {"called": "zitat"}, "!stats": {"called": "zitat"}}},
        ),
    ),
    "switch_command": (
        _off(MENDS, "!command"),
        _off(MENDS, "!commands off"),
        _off(MENDS, "!commands on"),
        _off(MENDS, "commands"),
        _off(NO_COMMAND.format("!nothing"), "!nothing"),
        _off(NO_COMMAND.format("nothing"), "nothing"),
        Wrong(
            say=MENDS,
            chat="!commands off !command here",
            text={"commands": {"!command": {"off_in": ["discord:channel:9/1"]}}},
        ),
        Wrong(say=NOT_HERE, text={"commands": {"!quote": {"off_in": [OTHERS_PLACE]}}}),
    ),
    "say_who_may_use": (
        _right(STAYS.format("!roles give", "admins"), "!roles give", Role.USER),
        _right(STAYS.format("!command off", "admins"), "!commands off", Role.MODERATOR),
        _right(STAYS.format("!community name", "owners"), "!community name", Role.ADMIN),
        _right(STAYS.format("!settings set", "admins"), "!settings set", Role.USER),
        _right(NO_COMMAND.format("!nothing"), "!nothing", Role.ADMIN),
        _right(UNUSABLE, "!quote", Role.OWNER, Role.ADMIN),
        _right("quiet is a module: only commands have a role.", "quiet", Role.ADMIN),
    ),
    "set_limit": (
        _limit(TAKES_BACK.format("!limits set"), "!limits set", 1, 60),
        _limit(TAKES_BACK.format("!limits clear"), "!limits clear", 1, 60),
        _limit(NEVER_LIMITED.format("!privacy"), "!privacy", 1, 60),
        _limit(NEVER_LIMITED.format("!privacy erase"), "!privacy erase", 1, 60),
        _limit(NO_COMMAND.format("!nothing"), "!nothing", 1, 60),
        _limit(AMOUNT, "!quote", 3, 86_401),
        _limit(AMOUNT, "!quote", 3, 366 * 86_400),
        _limit(AMOUNT, "!quote", 10_001, 60),
        _limit(AMOUNT, "!quote", 3, 0),
        _limit("quiet is a module: only commands have limits.", "quiet", 1, 60),
        _limit(NOT_HERE, "!quote", 3, 60, place=OTHERS_PLACE),
    ),
    "clear_limits": (
        *(
            Wrong(
                say=say,
                chat=f'!limits clear "{command}"',
                api=None if command == "all" else ("DELETE", f"/limits?command={command}", None),
            )
            for command, say in (
                ("!note", "No limit is set for !note. See !limits."),
                ("!help", "No limit is set for !help. See !limits."),
                ("!roles give", "No limit is set for !roles give. See !limits."),
                ("all", "No limit is set for all commands. See !limits."),
                ("!nothing", NO_COMMAND.format("!nothing")),
                ("nothing", NO_COMMAND.format("nothing")),
            )
        ),
    ),
    "install_module": (
        *(_installed(NO_FUNCTION.format(name), name) for name in ("nothing", "#", "x", "!note")),
        *(_installed(OF_THE_HOUSE.format(name, name), name) for name in ("quiet", "rules")),
        _installed("There is no community function 'rol'. Did you mean roll?", "rol"),
    ),
    "remove_module": tuple(
        Wrong(
            say=f"'{name}' is not installed here. See !module list.", chat=f"!module remove {name}"
        )
        for name in ("roll", "nothing", "quiet", "x", "!note", "canary")
    ),
}
