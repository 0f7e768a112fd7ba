"""The pages that people look up commands and rules in say what the code says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from functions.catalogue import builtin_modules, house_modules
from local.commands_page import PAGE, text
from tests.helpers.servers import ROOT
from waddlebot.domain.sayings import who_may
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot_sdk import Module

OURS = [*builtin_modules(), *house_modules()]
RULES = ROOT / "docs" / "rules.md"


def test_the_page_of_commands_is_what_the_modules_declare() -> None:
    assert PAGE.read_text() == text(), "make commands writes it anew"


@pytest.mark.parametrize("module", OURS, ids=lambda module: module.name)
def test_the_page_names_every_command_with_who_may(module: Module[Any]) -> None:
    lines = PAGE.read_text().splitlines()
    for command in module.commands:
        [row] = [line for line in lines if line.startswith(f"| `!{command.usage}` |")]
        assert f"| {who_may(command.role)} |" in row


def test_the_page_of_rules_names_every_kind_and_every_action() -> None:
    rows = re.findall(r"^\| `([^`]+)`", RULES.read_text(), re.MULTILINE)
    kinds = {kind.value for kind in MatchType} - {MatchType.ANYTHING.value}
    actions = {action.value for action in RuleAction}
    assert {row.split()[0] for row in rows} >= kinds | actions
