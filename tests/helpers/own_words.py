"""All commands under names of a community."""

from __future__ import annotations

from dataclasses import asdict

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.router.command_table_reading import read_table
from functions.upkeep.command_table_rows import rows_of
from waddlebot.domain.command_table import CommandTable

MODULES = (*lambda_modules(), *builtin_modules())


def table() -> CommandTable:
    declared = declared_commands(lambda_modules(), builtin_modules())
    return read_table([asdict(row) for row in rows_of(declared)])


TABLE = table()
HEADS = {path.split()[0] for one in MODULES for it in one.commands for path in it.paths}
RENAMED = {
    f"own{number}": f"!{command.path}"
    for number, command in enumerate(
        command
        for module in MODULES
        for command in module.commands
        if not module.community and " " not in command.path
    )
}
