"""`[[rules]]`, in the order in which they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, Naming, PartText
from waddlebot.decisions.parts.rules.deeds import add_rule, turn_off_rule
from waddlebot.decisions.text_table import MOST_NUMBER, TextTable
from waddlebot.domain import rule_sayings
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key
from waddlebot.domain.entities import EntityId
from waddlebot.domain.string_rules import USUAL_PRIORITY, MatchType, RuleAction, StringRule
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.string_rules import StringRules, rule_of
from waddlebot.stores.versions import Edit


def _place(key: Key, facts: Facts) -> str:
    return f"rules[{facts[key] + 1}]" if key in facts else "rules"


def _described(rule: StringRule) -> str:
    told = rule_sayings.describe_rule_fully(rule).partition(": ")[2]
    says = f", says “{rule.say}”" if rule.say else ""
    return f"rule {told}{says}"


RULE = FactKind(name="rule", place=_place, described=_described, whole=True)
"""(StringRule with the number 0,) -> its place among the rules of its priority"""


def _facts(row: CommunityRow) -> Facts:
    return _numbered(rule_of(one) for one in row["rules"] or ())


def _read(top: TextTable) -> Facts:
    return _numbered(map(_read_rule, top.rows("rules")))


def _numbered(rules: Iterator[StringRule]) -> Facts:
    """The same rule twice is one."""
    facts: dict[Key, Any] = {}
    for number, rule in enumerate(rules):
        facts.setdefault((RULE, replace(rule, id=0)), number)
    return facts


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
        priority=row.number("priority", most=10_000, usual=USUAL_PRIORITY),
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


def _declared(key: Key, naming: Naming) -> Key:
    kind, rule = key
    return (kind, replace(rule, command=naming.line(rule.command))) if rule.command else key


TEXT = PartText(deeds={RULE: _rule}, facts=_facts, read=_read, write=_write, declared=_declared)
