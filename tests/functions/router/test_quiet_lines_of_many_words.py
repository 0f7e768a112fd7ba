"""What a quiet line costs where a community has as many words of its own as it may have."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from functions.router.expand import expand
from functions.router.match import Triggers, find_matches
from functions.router.rule_sets import RuleSets
from tests.helpers.command_tables import TABLES
from tests.helpers.events_and_commands import a_community, a_session, an_event
from waddlebot.decisions.parts.aliases.deeds import MOST_ALIASES
from waddlebot.decisions.parts.custom.deeds import MOST_COMMANDS
from waddlebot.domain.aliases import ALIASES
from waddlebot.domain.custom_commands import CUSTOM, CustomCommand
from waddlebot.domain.sessions import Session

LINES = 500
ROUNDS = 15
TRIGGERS = Triggers(TABLES, RuleSets())
WORDS = {
    ALIASES: {f"alias{number}": f"!quote {number} && !quote $1" for number in range(MOST_ALIASES)},
    CUSTOM: {
        name: CustomCommand(name=name, text=f"$(user) says {name} $(count)")
        for name in map("custom{}".format, range(MOST_COMMANDS))
    },
}


@pytest.mark.parametrize(
    ("line", "most"),
    [
        ("and then {} of them came along to swim", 2),
        ("привет всем, нас тут уже {}", 3),
        ("🐧 waddle {} waddle", 3),
        ("and then {}\nof them came along", 3),
        ("> and then\n{} of them came along", 3),
        ("!nothing {} is called so here", 16),
    ],
    ids=["plain", "another script", "emoji", "two lines", "quoted", "like a command"],
)
def test_a_quiet_line_costs_what_it_costs_without_them(line: str, most: float) -> None:
    """The processor's time, each at its best of several turns that alternate."""
    many = sessions(line, WORDS)
    none = sessions(line, {})
    costs = [(cost(many), cost(none)) for _ in range(ROUNDS)]
    with_words, without = (min(column) for column in zip(*costs, strict=True))
    assert with_words / without < most, f"{with_words / LINES * 1e6:.1f} µs a line"


def sessions(line: str, own: dict[str, object]) -> Sequence[Session]:
    community = replace(a_community(), own=own)
    return [
        a_session(event=an_event(line.format(number)), community=community)
        for number in range(LINES)
    ]


def cost(those: Sequence[Session]) -> float:
    """Seconds."""
    began = time.thread_time()
    found = find_matches(expand(those, TABLES), TRIGGERS)
    took = time.thread_time() - began
    assert all(match.session.meant is None for match in found)
    return took
