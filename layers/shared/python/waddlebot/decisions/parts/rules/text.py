"""`[[rules]]`, in the order in which they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, Naming, PartText
from waddlebot.decisions.parts.rules.deeds import add_rule, put_rules_in_order, turn_off_rule
from waddlebot.decisions.text_table import MOST_NUMBER, TextTable
from waddlebot.domain import rule_sayings
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, at
from waddlebot.domain.entities import EntityId
from waddlebot.domain.string_rules import (
    MOST_PRIORITY,
    USUAL_PRIORITY,
    MatchType,
    RuleAction,
    StringRule,
)
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.string_rules import StringRules, rule_of
from waddlebot.stores.versions import Edit

MOST_TOLD = 4
"""Of rules that stand otherwise."""


def _place(key: Key, facts: Facts) -> str:
    return f"rules[{facts[key] + 1}]" if key in facts else "rules"


def _described(rule: StringRule) -> str:
    told = rule_sayings.describe_rule_fully(rule).partition(": ")[2]
    says = f", says “{rule.say}”" if rule.say else ""
    return f"rule {told}{says}"


RULE = FactKind(name="rule", place=_place, described=_described, whole=True)
"""(StringRule with the number 0,) -> its place among the rules of its priority"""


def _in_turn(rules: Sequence[StringRule]) -> str:
    named = [f"{rule_sayings.looks_for(rule)}, {rule.action.value}" for rule in rules[:MOST_TOLD]]
    more = [f"{len(rules) - MOST_TOLD} more"] if len(rules) > MOST_TOLD else []
    return f"order of rules: first {'; then '.join([*named, *more])}"


ORDER = FactKind(name="order", place=at("rules"), described=_in_turn, whole=True)
"""(those from the first that stands otherwise to the last,) -> all rules as they are to stand"""


def _facts(row: CommunityRow) -> Facts:
    """The same rule twice is one: earlier releases took it."""
    facts: dict[Key, Any] = {}
    for number, one in enumerate(row["rules"] or ()):
        facts.setdefault((RULE, replace(rule_of(one), id=0)), number)
    return facts


def _read(top: TextTable) -> Facts:
    facts: dict[Key, Any] = {}
    for number, row in enumerate(top.rows("rules")):
        key = (RULE, _read_rule(row))
        if key in facts:
            raise row.wrong_itself(f"'rules[{facts[key] + 1}]' is the same rule: leave one out")
        facts[key] = number
    return facts


def _arranged(before: Facts, after: Facts) -> Sequence[Difference]:
    """What comes is put behind what stays: whatever else is wanted of their order is a deed."""
    was, wanted = _ordered(before), _ordered(after)
    stays = [rule for rule in was if (RULE, rule) in after]
    comes = [rule for rule in wanted if (RULE, rule) not in before]
    by_itself = sorted([*stays, *comes], key=lambda rule: rule.priority)
    if by_itself == wanted:
        return ()
    other = [place for place, rule in enumerate(wanted) if rule != by_itself[place]]
    told = slice(other[0], other[-1] + 1)
    return (Difference(key=(ORDER, wanted[told]), before=by_itself, after=wanted),)


def _ordered(facts: Facts) -> list[StringRule]:
    rules = {key[1]: place for key, place in facts.items() if key[0] is RULE}
    return sorted(rules, key=lambda rule: (rule.priority, rules[rule]))


def _read_rule(row: TextTable) -> StringRule:
    rule = StringRule(
        id=0,
        match_type=row.one_of("match", MatchType),
        pattern=row.text("pattern"),
        action=row.one_of("action", RuleAction),
        say=row.text("say", usual=""),
        command=row.text("command", usual=""),
        webhook=row.text("webhook", usual=""),
        timeout_seconds=row.seconds("timeout_seconds", most=MOST_NUMBER, usual=0),
        priority=row.number("priority", most=MOST_PRIORITY, usual=USUAL_PRIORITY),
        case_sensitive=row.flag("case_sensitive"),
        entities=frozenset(map(EntityId, row.texts("places"))),
    )
    row.check_end()
    return rule


def _write(facts: ByKind) -> dict[str, Any]:
    return {"rules": list(_rows(facts[RULE]))}


def _rows(facts: Mapping[Key, Any]) -> Iterator[dict[str, Any]]:
    for (rule,), _ in sorted(facts.items(), key=lambda one: (one[0][0].priority, one[1])):
        row = {
            "match": rule.match_type.value,
            "pattern": rule.pattern,
            "action": rule.action.value,
            "say": rule.say,
            "command": rule.command,
            "webhook": rule.webhook,
            "timeout_seconds": rule.timeout_seconds,
            "priority": None if rule.priority == USUAL_PRIORITY else rule.priority,
            "case_sensitive": rule.case_sensitive,
            "places": sorted(rule.entities),
        }
        always = ("match", "pattern", "action", "priority")
        yield {key: one for key, one in row.items() if one or (key in always and one is not None)}


def _rule(edit: Edit, asker: Asker, one: Difference) -> None:
    _, rule = one.key
    if one.after is not None:
        add_rule(edit, asker, rule)
        return
    for active in StringRules(edit).list_active(asker.community):
        if replace(active, id=0) == rule:
            turn_off_rule(edit, asker, number=active.id)


def _order(edit: Edit, asker: Asker, one: Difference) -> None:
    put_rules_in_order(edit, asker, one.after)


def _declared(key: Key, naming: Naming) -> Key:
    kind, rule = key
    return (kind, replace(rule, command=naming.line(rule.command))) if rule.command else key


TEXT = PartText(
    deeds={RULE: _rule, ORDER: _order},
    facts=_facts,
    read=_read,
    write=_write,
    declared=_declared,
    arranged=_arranged,
)
