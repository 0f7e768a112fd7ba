"""Commands and listeners as the router looks them up."""

from __future__ import annotations

from tests.helpers.events_and_commands import COMMANDS_VERSION, a_command, a_listener
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.triggers import (
    FIRST_CONTACT,
    MISTYPED,
    UNKNOWN,
    Destination,
)
from waddlebot_sdk.roles import Role

BUILTIN = Destination(engine="builtin", location="help")
COMMANDS = [
    a_command("quote"),
    a_command("addquote", role=Role.MODERATOR),
    a_command("memories add quote", canonical="addquote", role=Role.MODERATOR),
    a_command("help", module="help", destination="builtin"),
    a_command("waddlebot off", module="quiet", role=Role.MODERATOR),
    a_command("limits", module="limits", canonical="limits list"),
    a_command("limits set", module="limits", usage="limits set <command>"),
    a_command("roll", module="roll", prefix="#"),
    a_command("both"),
    a_command("both", module="stranger", prefix="#"),
]
LISTENERS = [
    a_listener("raid"),
    a_listener("due"),
    a_listener("due", module="calendar"),
    a_listener(FIRST_CONTACT, module="hello", priority=500),
    *(a_listener(one, module="help", destination=BUILTIN) for one in (UNKNOWN, MISTYPED)),
]
TABLES = {COMMANDS_VERSION: CommandTable(COMMANDS, LISTENERS)}
