"""`make commands`: docs/commands.md, from what the modules declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from functions.catalogue import builtin_modules, house_modules, lambda_modules
from local.settings import ROOT
from waddlebot.domain import sayings
from waddlebot_sdk import Module
from waddlebot_sdk.module import Command

PAGE = ROOT / "docs" / "commands.md"
COMES_ALONG = frozenset({"roll"})
"""The community functions that the repository brings; what else lies there is its owner's."""
MANY = 20
"""A minute: hardly anybody reaches it."""

_HEAD = """\
# Every command, and who may

Made by `make commands` from what the modules declare, and held to it by a test: change \
the module, not this page.

`<needed>`, `[optional]`; the last argument takes the rest of the line.
Who may is who may unless a community says otherwise (`!commands need`, `!roles`, \
`!labels`: [communities.md](communities.md)).
Roles are inherited downward: owner, admin, moderator, everybody.
A community may have another prefix than `!`, and other names.
On Discord and Slack each is there as `/waddlebot …` too, without the `!`.
In a chat, `!help` lists what *you* may use *there*, and `!help quote` explains one.
What rules look for and do stands in [rules.md](rules.md).
"""


def main(_argv: list[str]) -> int:
    PAGE.write_text(text())
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return 0


def text() -> str:
    return "\n".join((_HEAD, *(_section(module) for module in _modules())))


def _modules() -> Iterator[Module[Any]]:
    """What has commands: the bot's own by name, then those of the repository's functions."""
    theirs = [one for one in lambda_modules() if one.name in COMES_ALONG]
    ours = sorted((*builtin_modules(), *house_modules()), key=lambda module: module.name)
    return (module for module in (*ours, *theirs) if module.commands)


def _section(module: Module[Any]) -> str:
    rows = "\n".join(_row(module, command) for command in module.commands)
    head = "| type | what it does | who may | also typed | |\n| --- | --- | --- | --- | --- |"
    return f"## {module.name}\n\n{module.summary}\n\n{head}\n{rows}\n"


def _row(module: Module[Any], command: Command[Any]) -> str:
    cells = (
        f"`{module.prefix}{command.usage}`",
        command.summary,
        sayings.who_may(command.role),
        ", ".join(f"`{module.prefix}{path}`" for path in command.also),
        ", ".join(_manners(command)),
    )
    return f"| {' | '.join(_cell(one) for one in cells)} |"


def _manners(command: Command[Any]) -> Iterator[str]:
    if command.private:
        yield "answered to you alone"
    if command.secret:
        yield "what follows is not recorded"
    if command.per_minute < MANY:
        yield f"{command.per_minute} a minute"
    if command.cooldown_seconds:
        yield f"once in {sayings.describe_span(command.cooldown_seconds)}"


def _cell(words: str) -> str:
    return words.replace("|", r"\|")
