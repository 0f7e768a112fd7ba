"""The first rule decides, so their order is a community's decision like any other."""

from __future__ import annotations

import tomllib
from typing import Any

import tomli_w

from functions.router.directory import Directory
from functions.router.match import Triggers, find_matches
from functions.router.rule_sets import RuleSets
from tests.helpers.communities_api import ask
from tests.helpers.community_texts import bring, fresh_key, read
from tests.helpers.events_and_commands import an_event
from tests.helpers.tenants import Tenants
from waddlebot.domain.entities import EntityId
from waddlebot.domain.triggers import RuleTrigger

PLACE = EntityId("twitch:channel:1")
SOUP: dict[str, Any] = {"match": "contains", "pattern": "duck soup", "action": "warn"}
DUCK: dict[str, Any] = {"match": "contains", "pattern": "duck", "action": "block"}
GOOSE: dict[str, Any] = {**SOUP, "pattern": "duck so"}
SWAN: dict[str, Any] = {**SOUP, "pattern": "duck s"}


def text_of(tenants: Tenants, *rules: dict[str, Any]) -> str:
    return tomli_w.dumps({**tomllib.loads(read(tenants)), "rules": list(rules)})


def undo(tenants: Tenants) -> list[str]:
    told = ask("POST", f"/{tenants.ours}/text/undo", {}, key=fresh_key(tenants))
    changes: list[str] = told.data["changes"]
    return changes


def deciding(tenants: Tenants, rule_sets: RuleSets | None = None) -> str:
    """The rule that a line about duck soup meets first."""
    directory = Directory(tenants.database, tenants.versions)
    sessions = directory.open([an_event("nice duck soup", entity=PLACE)])
    triggers = Triggers(directory.tables, rule_sets or RuleSets())
    rules = [one.trigger for one in find_matches(sessions, triggers)]
    [decides] = [one.rule.pattern for one in rules if isinstance(one, RuleTrigger)]
    return decides


def test_two_rules_that_swap_are_told_and_done_and_taken_back_with_their_numbers(
    tenants: Tenants,
) -> None:
    before, swapped = text_of(tenants, SOUP, DUCK), text_of(tenants, DUCK, SOUP)
    bring(tenants, before)
    numbers = {rule: number for number, rule in numbered(tenants)}
    assert deciding(tenants) == "duck soup"

    told = ["~ order of rules: first contains “duck”, block; then contains “duck soup”, warn"]
    assert bring(tenants, swapped, dry_run=True).data["changes"] == told
    assert deciding(tenants) == "duck soup"
    assert bring(tenants, swapped).data["changes"] == told
    assert deciding(tenants) == "duck"
    assert tomllib.loads(read(tenants))["rules"] == [DUCK, SOUP]
    assert bring(tenants, swapped, dry_run=True).data["changes"] == []

    assert undo(tenants) == [
        "~ order of rules: first contains “duck soup”, warn; then contains “duck”, block"
    ]
    assert deciding(tenants) == "duck soup"
    assert {rule: number for number, rule in numbered(tenants)} == numbers


def test_a_rule_of_which_one_word_changed_stays_first_and_undone_it_is_first_again(
    tenants: Tenants,
) -> None:
    bring(tenants, text_of(tenants, SOUP, DUCK))
    changes = bring(tenants, text_of(tenants, GOOSE, DUCK)).data["changes"]
    assert "+ rule contains “duck so”, warn" in changes
    assert deciding(tenants) == "duck so"

    undo(tenants)
    assert deciding(tenants) == "duck soup"
    assert tomllib.loads(read(tenants))["rules"] == [SOUP, DUCK]


def test_a_rule_that_comes_last_moves_none_and_one_of_another_priority_stands_anywhere(
    tenants: Tenants,
) -> None:
    bring(tenants, text_of(tenants, DUCK))
    urgent = {**SWAN, "priority": 7}
    for rules in ((DUCK, SOUP), (DUCK, SOUP, urgent), (urgent, DUCK, SOUP)):
        changes = bring(tenants, text_of(tenants, *rules)).data["changes"]
        assert not any("order" in words for words in changes)
    assert deciding(tenants) == "duck s"


def test_the_road_that_makes_new_sets_in_slices_decides_by_the_new_order_at_once(
    tenants: Tenants,
) -> None:
    many = [{**SOUP, "match": "regex", "pattern": f"swan{n}x"} for n in range(250)]
    bring(tenants, text_of(tenants, SOUP, DUCK))
    rule_sets = RuleSets()
    assert deciding(tenants, rule_sets) == "duck soup"
    bring(tenants, text_of(tenants, DUCK, SOUP, *many))
    assert deciding(tenants, rule_sets) == "duck"


def numbered(tenants: Tenants) -> list[tuple[int, str]]:
    rows = tenants.database.write(
        "SELECT id, string FROM string_rules WHERE community_id = %s AND is_active",
        (tenants.ours,),
    )
    return [(row["id"], row["string"]) for row in rows]
