"""Rules are changed in a transaction, and each change has a way back."""

from __future__ import annotations

import pytest

from tests.helpers.events_and_commands import TWITCH
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Versions, editing

MAX, OLGA = "twitch:max", "twitch:olga"


class Rulebook:
    """A community whose rules are changed one transaction at a time, as chat does it."""

    def __init__(self, database: Postgres, versions: Versions) -> None:
        self._editing = lambda: editing(database, versions)
        with self._editing() as edit:
            self._community = Places(edit).open(TWITCH)

    def add(self, pattern: str, by: str = MAX, *, priority: int = 100) -> StringRule:
        with self._editing() as edit:
            return StringRules(edit).add(
                self._community,
                match_type=MatchType.CONTAINS,
                pattern=pattern,
                action=RuleAction.BLOCK,
                by=by,
                priority=priority,
                entities=frozenset({TWITCH}),
                say="No.",
            )

    def turn_off(self, rule: int, by: str = MAX, *, community: int | None = None) -> bool:
        with self._editing() as edit:
            return StringRules(edit).turn_off(CommunityId(community or self._community), rule, by)

    def undo(self, by: str = MAX) -> str | None:
        with self._editing() as edit:
            return StringRules(edit).undo_last(self._community, by)

    def patterns(self) -> list[str]:
        with self._editing() as edit:
            return [rule.pattern for rule in StringRules(edit).list_active(self._community)]


@pytest.fixture
def rulebook(database: Postgres, versions: Versions) -> Rulebook:
    return Rulebook(database, versions)


def test_rules_come_in_the_order_in_which_they_are_looked_at(rulebook: Rulebook) -> None:
    late = rulebook.add("late", priority=200)
    rulebook.add("first", priority=1)

    assert rulebook.patterns() == ["first", "late"]
    assert late.entities == {TWITCH}
    assert late.say == "No."


def test_only_a_rule_at_work_in_this_community_can_be_turned_off(rulebook: Rulebook) -> None:
    rule = rulebook.add("casino")

    assert not rulebook.turn_off(rule.id, community=999)
    assert rulebook.turn_off(rule.id)
    assert not rulebook.turn_off(rule.id)
    assert rulebook.patterns() == []


def test_undo_goes_back_change_by_change(rulebook: Rulebook) -> None:
    first = rulebook.add("first")
    rulebook.add("second")
    rulebook.turn_off(first.id)

    told = [rulebook.undo(), rulebook.undo(), rulebook.undo(), rulebook.undo()]

    assert told[0] == f"rule {first.id} (block “first”) is on again"
    assert told[1] is not None
    assert told[1].endswith("(block “second”) is gone again")
    assert told[2] == f"rule {first.id} (block “first”) is gone again"
    assert told[3] is None
    assert rulebook.patterns() == []


def test_a_moderator_takes_back_their_own_change_first(rulebook: Rulebook) -> None:
    rulebook.add("of max", by=MAX)
    rulebook.add("of olga", by=OLGA)

    assert "of max" in (rulebook.undo(MAX) or "")
    assert "of olga" in (rulebook.undo(MAX) or "")


def test_a_place_that_is_not_known_cannot_be_changed(
    database: Postgres, versions: Versions
) -> None:
    with pytest.raises(Rejected), editing(database, versions) as edit:
        Places(edit).set_quiet(TWITCH, True)


def test_hello_is_said_by_exactly_one(database: Postgres, versions: Versions) -> None:
    said = []
    for _ in range(2):
        with editing(database, versions) as edit:
            Places(edit).open(TWITCH)
            said.append(Places(edit).greet(TWITCH))

    assert said == [True, False]


def test_a_server_is_greeted_once(database: Postgres, versions: Versions) -> None:
    places = [EntityId("discord:channel:8/80"), EntityId("discord:channel:8/81")]
    with editing(database, versions) as edit:
        Places(edit).join(places, "Penguins")
        said = [Places(edit).greet(place) for place in places]

    assert said == [True, False]
