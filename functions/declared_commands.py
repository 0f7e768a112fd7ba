"""What modules declare, as the input of `upkeep/sync_commands_handler.py`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from waddlebot_sdk.module import Command, Module

DECLARED_COMMANDS = "functions/upkeep/declared_commands.json"
"""Where a deployment finds them beside the code: a changed command is a changed function."""


def declared_commands(
    lambda_modules: Iterable[Module[Any]], builtin_modules: Iterable[Module[Any]]
) -> dict[str, Any]:
    """`{"modules": [{"name", "prefix", "community", "builtin", …, "commands": [{"path", …}]}]}`.

    Plain JSON and the same for the same declarations, so that infra can tell whether it changed.
    """
    return {
        "modules": [
            *(_module(module, builtin=False) for module in lambda_modules),
            *(_module(module, builtin=True) for module in builtin_modules),
        ]
    }


def _module(module: Module[Any], *, builtin: bool) -> dict[str, Any]:
    return {
        "name": module.name,
        "prefix": module.prefix,
        "community": module.community,
        "builtin": builtin,
        "timeout_seconds": module.timeout_seconds,
        "may": sorted(module.may),
        "priority": module.priority,
        "execution_mode": module.execution_mode.value,
        "summary": module.summary,
        "listens": list(dict.fromkeys(listener.heard_as for listener in module.listens)),
        "commands": [_command(command) for command in module.commands],
    }


def _command(command: Command[Any]) -> dict[str, Any]:
    return {
        "path": command.path,
        "also": list(command.also),
        "usage": str(command.usage),
        "summary": command.summary,
        "example": command.example,
        "role": command.role.value,
        "per_minute": command.per_minute,
        "cooldown_seconds": command.cooldown_seconds,
        "private": command.private,
        "secret": command.secret,
        "completes": [] if command.secret else sorted(command.completes),
    }
