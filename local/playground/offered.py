"""What the page offers while somebody types: those for everybody and short ones first."""

from __future__ import annotations

from typing import Any

from functions.catalogue import builtin_modules, lambda_modules
from waddlebot.domain import sayings


def offered_commands() -> list[dict[str, Any]]:
    """Each `prefix`, `path`, `arguments` as they are shown, `summary` and `who` may."""
    commands = [
        (module, command)
        for module in (*builtin_modules(), *lambda_modules())
        for command in module.commands
    ]
    commands.sort(key=lambda one: (one[1].role.rank, len(one[1].path), one[1].path))
    return [
        {
            "prefix": module.prefix,
            "path": command.path,
            "arguments": " ".join(map(str, command.usage.arguments)),
            "summary": command.summary,
            "who": sayings.who_may(command.role),
        }
        for module, command in commands
    ]
