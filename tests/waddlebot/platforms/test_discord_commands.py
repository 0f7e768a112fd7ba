"""What is registered at Discord is what can be typed in chat, within Discord's limits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.upkeep.command_table_rows import rows_of
from tests.helpers.events_and_commands import a_command
from waddlebot.domain.command_table import CommandTable
from waddlebot.platforms.discord.registering import (
    MOST_CHARACTERS,
    SUB_COMMAND,
    SUB_COMMAND_GROUP,
    Offered,
    is_all_registered,
    slash_commands,
)
from waddlebot.platforms.discord.slash_commands import read_typed

ROWS = [
    row
    for row in rows_of(declared_commands(lambda_modules(), builtin_modules()))
    if row.trigger_type == "command"
]
COMMANDS = slash_commands(
    Offered(module=row.module, path=row.command, usage=row.usage, summary=row.description)
    for row in ROWS
)
NAME = re.compile(r"[-_a-z0-9]{1,32}")
STRING = 3


def ways(command: dict[str, Any]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Every way to call it: the words and the innermost part, which has the arguments."""
    below = [one for one in command["options"] if one["type"] != STRING]
    if not below:
        yield [command["name"]], command
    for one in below:
        for words, innermost in ways(one):
            yield [command["name"], *words], innermost


def parts(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield command
    for option in command.get("options", ()):
        yield from parts(option)


def called(words: list[str], *values: str) -> dict[str, Any]:
    """An interaction's `data`, as Discord sends it."""
    options: list[dict[str, Any]] = [
        {"name": f"option{number}", "type": STRING, "value": value}
        for number, value in enumerate(values)
    ]
    for depth, word in enumerate(reversed(words[1:])):
        kind = SUB_COMMAND if depth == 0 else SUB_COMMAND_GROUP
        options = [{"name": word, "type": kind, "options": options}]
    return {"name": words[0], "type": 1, "options": options}


def test_each_module_is_one_command_and_ours_takes_anything() -> None:
    names = [command["name"] for command in COMMANDS]

    assert names[0] == "waddlebot"
    assert names == list(dict.fromkeys(names))
    assert {"help", "limits", "memories", "roll", "rules", "stats", "why"} <= set(names)
    assert "quote" not in names
    words = [" ".join(path) for command in COMMANDS for path, _ in ways(command)]
    assert {"memories quote", "memories add quote", "rules add", "limits list"} <= set(words)


def test_discord_takes_them() -> None:
    assert len(COMMANDS) <= 100
    for command in COMMANDS:
        assert len(json.dumps(command)) < 8_000
        for part in parts(command):
            assert NAME.fullmatch(part["name"]), part
            assert 1 <= len(part["description"]) <= MOST_CHARACTERS
            options = part.get("options", ())
            assert len(options) <= 25
            required = [bool(option.get("required")) for option in options]
            assert required == sorted(required, reverse=True)
            assert len({option["name"] for option in options}) == len(options)


def test_whatever_can_be_picked_is_found_as_if_it_had_been_typed() -> None:
    table = CommandTable(
        [
            a_command(row.command, module=row.module, prefix=row.prefix, canonical=row.canonical)
            for row in ROWS
        ],
        [],
    )
    for command in COMMANDS[1:]:
        for words, _ in ways(command):
            line = read_typed(called(words, "one", "two")).line
            found = table.find("!", line) or table.find("#", line)
            assert found, line
            assert (found.trigger.path, found.rest) == (" ".join(words), "one two")


def test_an_argument_of_several_words_stays_one() -> None:
    typed = read_typed(called(["memories", "add", "note"], "My note", 'says "hi" twice'))

    assert typed.line == 'memories add note "My note" says "hi" twice'
    assert read_typed(called(["x"], 'a "b" c', "d")).line == 'x “a "b" c” d'


def test_a_list_is_written_only_where_it_differs() -> None:
    told = [
        {**command, "id": str(number), "version": "1", "nsfw": False}
        for number, command in enumerate(COMMANDS)
    ]

    assert is_all_registered(COMMANDS, told[::-1])
    assert not is_all_registered(COMMANDS, told[1:])
    assert not is_all_registered(COMMANDS[1:], told)
    changed = [{**told[1], "description": "Something else"}, *told[:1], *told[2:]]
    assert not is_all_registered(COMMANDS, changed)
    bare = json.loads(json.dumps(told).replace(', "required": false', ""))
    assert is_all_registered(COMMANDS, bare)


def test_a_strangers_words_neither_double_ours_nor_push_them_out() -> None:
    """Discord takes the list whole or not at all."""
    ours = [
        Offered(module="rules", path="rules list", usage="rules list", summary="Ours."),
        Offered(module="zoo", path="zoo", usage="zoo", summary="Ours."),
    ]
    theirs = [
        Offered(module=name, path=name, usage=name, summary="A stranger's.", stranger=True)
        for name in ("rules_", *(f"a{number}" for number in range(120)))
    ]
    double = Offered(
        module="x", path="rules", usage="rules", summary="A stranger's.", stranger=True
    )

    registered = slash_commands([double, *theirs, *ours])

    names = [one["name"] for one in registered]
    assert names[:3] == ["waddlebot", "rules", "zoo"]
    assert len(names) == len(set(names)) == 100
    assert registered[1]["description"] == "Rules: list"
