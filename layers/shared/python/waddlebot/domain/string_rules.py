"""A string rule: what text it hits and what is done then (spec, "String Matching System")."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from waddlebot.domain.entities import EntityId

USUAL_PRIORITY = 100
MOST_PRIORITY = 10_000
EVERYTHING = "*"
"""The pattern of a rule for every line."""


class MatchType(StrEnum):
    EXACT = "exact"
    CONTAINS = "contains"
    WORD = "word"
    REGEX = "regex"
    ANYTHING = "*"


class RuleAction(StrEnum):
    WARN = "warn"
    BLOCK = "block"
    COMMAND = "command"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class StringRule:
    """`entities` empty means every place of the community; lower `priority` is looked at first,
    of the same the one that was there first, unless a text puts them otherwise.

    `say` is the rule's own text for the person; `command` is what a `command` rule runs,
    `webhook` the address that a `webhook` rule asks what is to be done.
    `timeout_seconds` is for how long a `block` rule keeps the person from writing.
    `cost` is what was counted when it was saved, None where nobody counted; `rest_told` is whether
    its people know that it rests, because it costs too much. A `raw` pattern sees what was typed
    alone. None of the three makes it another rule.
    """

    id: int
    match_type: MatchType
    pattern: str
    action: RuleAction
    case_sensitive: bool = False
    priority: int = USUAL_PRIORITY
    entities: frozenset[EntityId] = frozenset()
    say: str = ""
    command: str = ""
    webhook: str = ""
    timeout_seconds: int = 0
    cost: int | None = field(default=None, compare=False)
    raw: bool = field(default=False, compare=False)
    rest_told: bool = field(default=False, compare=False)
