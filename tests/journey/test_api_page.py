"""Whoever reads the API's page alone gets along: each of its examples is typed as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import uuid
from collections.abc import Mapping

import pytest

from tests.helpers.chatting import says, says_privately
from tests.helpers.house import House
from tests.helpers.inviting import settled
from tests.helpers.own_keys import asks_house, key_in, place_of
from tests.helpers.servers import ROOT

pytestmark = pytest.mark.xdist_group("invitations")

PAGE = (ROOT / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"^```console\n\$ (curl .*)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)
WHATEVER = "…"


def test_each_example_answers_as_it_says(house: House) -> None:
    chat = settled(house, "discord")
    chat.viewer = f"reader{uuid.uuid4().hex[:8]}"  # who is in no other test's community
    says(chat, "olga", "!community name The Walruses", "The Walruses")
    key = key_in(says_privately(chat, "!keys make laptop", "wbot_user_"))
    ana = asks_house(house, "GET", "/api/identity/me", key)[1]["data"]["accounts"][0]["user_id"]
    says(chat, "olga", f"!roles give <@{ana}> moderator", "is a moderator here now")
    place = {"AT": house.url, "KEY": key, "PLACE": place_of(chat)}
    assert len(EXAMPLES) == PAGE.count("```console") > 7

    wrong = [
        f"$ {command}\n{told}\n--- expected:\n{expected}"
        for command, expected in EXAMPLES
        if not pattern_of(expected).fullmatch(told := typed(command, place))
    ]
    assert not wrong, "\n".join(wrong)
    says_privately(chat, "!keys revoke all", "keys are revoked")


def typed(command: str, known: Mapping[str, str]) -> str:
    """What a shell that knows these variables prints."""
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        env={**os.environ, **known},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


def pattern_of(expected: str) -> re.Pattern[str]:
    return re.compile(re.escape(expected.strip()).replace(WHATEVER, ".*"), re.DOTALL)
