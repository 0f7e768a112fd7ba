"""The rules of one community and the calls of another, in one partition and one process."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import Any

import msgspec

from functions.router import stream_handler
from tests.helpers.aws_context import AwsContext
from tests.helpers.drawn_words import DISCORDS_MOST, WORDS, a_word
from tests.helpers.events_and_commands import a_speaker, an_event
from tests.helpers.router_doors import Doors
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event
from waddlebot.domain.rule_patterns import MOST_COST, MOST_RULES, counted
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Versions, editing

SAMPLES, HOSTILE_LINES = 300, 6
"""One in fifty: the dearest hundredth of the calls beside them are theirs."""
THEIRS = EntityId("discord:channel:66/1")
OURS = EntityId("twitch:channel:1001")


def worst_rules() -> list[tuple[MatchType, str]]:
    """As dear as a thousand may be together, and all of them begin in each line."""
    rules = [(MatchType.REGEX, f"ab[ab]{{4}}{word}|zz") for word in WORDS[:600]]
    rules += [(MatchType.WORD, "a" * length) for length in range(1, 200)]
    rules += [(MatchType.CONTAINS, a_word(20, "ab")) for _ in range(MOST_RULES - len(rules))]
    assert 0.8 * MOST_COST < sum(counted(*rule) for rule in rules) <= MOST_COST
    return rules


def save(edit: Any, community: Any, rules: list[tuple[MatchType, str]]) -> None:
    store = StringRules(edit)
    for kind, pattern in rules:
        store.add(
            community, match_type=kind, pattern=pattern, action=RuleAction.WARN, by="discord:66"
        )
    store.check_room(community)


def a_quote(number: int) -> Event:
    """Of somebody new each time: no window is in the way."""
    person = a_speaker(f"Ana{number}")
    return an_event("!quote", entity=OURS, user=person, occurred_at=datetime.now(UTC))


def a_hostile_line(number: int) -> Event:
    text = "zz " + "a" * 500 + " " + a_word(DISCORDS_MOST - 504, "ab")
    person = a_speaker(f"Mallory{number}")
    return an_event(text, entity=THEIRS, user=person, occurred_at=datetime.now(UTC))


def seconds(*events: Event) -> float:
    payload = {"v": 1, "events": msgspec.to_builtins(events), "owner": f"{random.random()}"}  # noqa: S311 - a name
    began = time.perf_counter()
    results = stream_handler.handler(payload, AwsContext())["results"]
    took = time.perf_counter() - began
    assert [one["standing"] for one in results] == ["ours"] * len(events)
    return took


def ninety_ninth(samples: list[float]) -> float:
    return sorted(samples)[len(samples) * 99 // 100 - 1]


def test_a_thousand_worst_rules_move_no_other_community(
    doors: Doors,  # noqa: ARG001 - open
    database: Postgres,
    versions: Versions,
) -> None:
    with editing(database, versions) as edit:
        theirs = Places(edit).join([THEIRS], "Hostile Pond")
        Places(edit).join([OURS], "Quiet Pond")
        save(edit, theirs, worst_rules())
    for number in range(20):
        seconds(a_quote(-number))

    usual, beside = [], []
    every = SAMPLES // HOSTILE_LINES
    for number in range(SAMPLES):  # in turns, so that the machine's own moods meet both
        usual.append(seconds(a_quote(number)))
        hostile = [a_hostile_line(number)] if number % every == 0 else []
        beside.append(seconds(*hostile, a_quote(SAMPLES + number)))

    assert ninety_ninth(beside) < 2 * ninety_ninth(usual)
