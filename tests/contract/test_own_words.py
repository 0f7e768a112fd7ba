"""No sentence spells a command out: it says which is meant, and each community reads its own words.

`say_command("rules undo")` is how (docs/decisions/0044). What this finds was forgotten.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.contract.imports import ROOT
from tests.helpers.own_words import HEADS, MODULES, RENAMED, TABLE
from tests.helpers.trees import nodes_of
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.own_words import OwnWords
from waddlebot.domain.sessions import Community
from waddlebot.domain.typed import find_typed
from waddlebot_sdk import Module
from waddlebot_sdk.own_words import MARK

SAYING = ("functions", "layers/shared/python", "sdk/python", "gateway_bot")
NO_SENTENCES = {
    "sdk/python/waddlebot_sdk/cli.py": "a terminal is no community",
}
HOW = "write it as say_command('…') of waddlebot_sdk (docs/decisions/0044)"

_SPELLED = re.compile(r"(?<![\w!])!(\w+)")
_SAYS = ("say_command",)


IDS = {f"{one.prefix}{path}" for one in MODULES for it in one.commands for path in it.paths}
HERE = Community(
    id=CommunityId(1), name="Penguins", version="1", words=OwnWords(prefix="?", names=RENAMED)
)


def files() -> list[Path]:
    return [file for folder in SAYING for file in sorted((ROOT / folder).rglob("*.py"))]


def texts_of(file: Path) -> Iterator[str]:
    """What stands between quotes and is no docstring, nor the declaration of a command."""
    nodes = nodes_of(file)
    left_out = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Expr) or (isinstance(node, ast.keyword) and node.arg == "example")
    }
    for node in nodes:
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in left_out and node.value not in IDS:
            yield node.value


def said_commands(file: Path) -> Iterator[tuple[str, bool]]:
    """What `say_command` is given, as far as it stands there, and whether that is all of it."""
    for node in nodes_of(file):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if not is_call or node.func.id not in _SAYS:
            continue
        said = node.args[0]
        if isinstance(said, ast.Constant):
            yield str(said.value), True
        elif isinstance(said, ast.JoinedStr) and isinstance(said.values[0], ast.Constant):
            yield str(said.values[0].value), False


def test_no_sentence_spells_a_command_out() -> None:
    spelled = [
        f"{path}: “{text.strip()[:60]}”"
        for file in files()
        if (path := file.relative_to(ROOT).as_posix()) not in NO_SENTENCES
        for text in texts_of(file)
        if HEADS & set(_SPELLED.findall(text))
    ]

    assert spelled == [], HOW


def test_no_module_puts_a_prefix_before_a_word() -> None:
    """The prefix is half of it: the word may have another name."""
    asked = [
        file.relative_to(ROOT).as_posix()
        for folder in ("functions/modules", "functions/builtins")
        for file in sorted((ROOT / folder).rglob("*.py"))
        for node in nodes_of(file)
        if isinstance(node, ast.Attribute) and node.attr == "prefix"
        if isinstance(node.value, ast.Name) and node.value.id == "call"
    ]

    assert asked == [], HOW


def test_what_a_sentence_says_to_type_is_a_command() -> None:
    """In one test: told apart, every worker that collects them would read all files."""
    said = sorted({one for file in files() for one in said_commands(file)})
    wrong = [why for text, is_whole in said if (why := why_no_command(text, is_whole=is_whole))]

    assert len(said) > 50
    assert wrong == []


def why_no_command(said: str, *, is_whole: bool) -> str:
    """Nothing where it is one."""
    found = TABLE.find("!", said)
    if found is None:
        return f"'{said}' is no command of ours"
    if is_whole and found.rest:
        usage = next(
            command.usage
            for module in MODULES
            for command in module.commands
            if found.trigger.path in command.paths
        )
        if usage.bind(found.rest) is None:
            return f"'{said}' does not fit '{usage}'"
    return ""


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_usage_is_told_in_the_communitys_own_words(module: Module[Any]) -> None:
    prefix = "#" if module.community else HERE.words.prefix
    for command in module.commands:
        told = HERE.words.reword(command.usage_text(prefix))

        assert_told_as_here(told)
        if not module.community:
            assert told.startswith("Usage: ?"), told


def assert_told_as_here(text: str) -> None:
    """What it names is typed so in this community, and nothing is named as elsewhere."""
    assert MARK not in text, repr(text)
    assert not HEADS & set(_SPELLED.findall(text)), text
    for named in re.findall(r"\?(\w+(?: \w+)*)", text):
        assert find_typed("!", named, HERE, TABLE), f"'?{named}' is not understood: {text}"


def test_a_new_name_is_told_of_every_command_that_has_one() -> None:
    """And what stands below such a command is told by it too."""
    plain = replace(HERE, words=OwnWords(prefix="?"))
    for name, command in RENAMED.items():
        assert HERE.words.shown(f"{command} 3") == f"?{name} 3"
        assert plain.words.shown(command) == f"?{command[1:]}"
