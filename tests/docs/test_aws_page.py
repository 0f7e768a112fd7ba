"""What docs/aws.md has people type is there to be typed."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise

import pytest

from infra.aws_page import read_blocks
from tests.helpers.servers import ROOT
from waddlebot_sdk.cli import all_verbs

PAGE = (ROOT / "docs" / "aws.md").read_text()
BLOCKS = read_blocks(PAGE)
TARGETS = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_every_block_of_the_page_has_a_name_and_what_can_be_rehearsed_says_so() -> None:
    assert len(BLOCKS) == PAGE.count("```console")
    assert list(BLOCKS)[:3] == ["quota", "bootstrap", "deploy"]
    assert {name for name, one in BLOCKS.items() if one.rehearsed} == {
        *("bootstrap", "deploy", "key", "first-answer", "secrets", "deploy-again"),
        *("upgrade", "restore-rows", "destroy"),
    }
    assert all(one.commands for one in BLOCKS.values())


@pytest.mark.parametrize("name", BLOCKS)
def test_every_command_of_the_page_is_there(name: str) -> None:
    for command in BLOCKS[name].commands:
        words = shlex.split(command.replace("|", " | ").replace("$(", "$( "))
        for word, after in pairwise(words):
            if word == "make":
                assert after in TARGETS, command
            if word.endswith("bin/waddlebot"):
                assert after in all_verbs(), command
