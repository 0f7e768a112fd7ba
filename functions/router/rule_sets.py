"""Which rules a line hits, in time that is bounded whatever the patterns and the line.

One pass finds all plain texts of the rules: about 1 µs a line with 5 rules or with 1,000, where
asking rule by rule costs 1.5 µs each. A pattern is looked for by itself, and only where a text
stands in the line without which it cannot hit. Exact rules are found by dictionary.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.router.rule_needles import (
    Needle,
    Slice,
    compile_needles,
    compile_set,
    plan_needles,
)
from functions.router.whole_words import WholeWord
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.normal_form import PATTERNS, RAW, SPLIT, WORDS, readings
from waddlebot.domain.rule_patterns import (
    BYTES_PER_STEP,
    MOST_COST,
    bytes_of,
    cost_of,
    needles_of,
)
from waddlebot.domain.sessions import Community
from waddlebot.domain.string_rules import MatchType, StringRule

MOST_BYTES = 192 << 20
"""All compiled sets of one process together, each counted at the most it may grow to."""
BYTES_PER_RULE = 2 << 10
_READ_AT_ONCE = 100
"""So many patterns are a slice: 10 to 20 ms."""

log = logging.getLogger(__name__)


class RuleSets:
    """The compiled rules of the communities seen last; one version of each.

    A new version is made in slices, one a line, and the old one holds until it is ready: nobody
    waits for somebody else's thousand new rules.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[CommunityId, _Kept] = OrderedDict()
        self._bytes = 0

    def find(
        self, community: Community, text: str, entity: EntityId, *, at_once: bool = False
    ) -> list[StringRule]:
        """The community's rules that this text hits in this place, in the order of its rules.

        `at_once`: as they are saved, however long that takes.
        """
        kept = self._of(community, at_once=at_once)
        hits = kept.rules.find(text, entity)
        return hits if kept.version == community.version else _still_there(hits, community)

    def resting(self, community: Community) -> tuple[StringRule, ...]:
        """Those that cost more than rules may: they were saved before anybody counted."""
        return self._of(community).rules.resting

    def untold(self, community: Community) -> tuple[StringRule, ...]:
        """Those of them that nobody was told of, as far as a line was looked at."""
        kept = self._kept.get(community.id)
        return kept.rules.untold if kept else ()

    def _of(self, community: Community, *, at_once: bool = False) -> _Kept:
        kept = self._kept.get(community.id)
        if kept is None:
            kept = self._keep(community, _all_of(RuleSet.make(community.rules)))
        elif kept.version != community.version:
            kept = self._renewed(community, kept, at_once=at_once)
        self._kept.move_to_end(community.id)
        return kept

    def _renewed(self, community: Community, kept: _Kept, *, at_once: bool) -> _Kept:
        if kept.coming != community.version:
            kept.coming = community.version
            kept.making = RuleSet.make(community.rules, kept.rules)
        made = _all_of(kept.making) if at_once else next(kept.making)
        if made is None:
            return kept
        self._forget(community.id)
        return self._keep(community, made)

    def _keep(self, community: Community, rules: RuleSet) -> _Kept:
        kept = self._kept[community.id] = _Kept(community.version, rules)
        self._bytes += rules.most_bytes
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            self._forget(next(iter(self._kept)))
        return kept

    def _forget(self, community: CommunityId) -> None:
        self._bytes -= self._kept.pop(community).rules.most_bytes


Making = Iterator["RuleSet | None"]
"""None after each slice but the last, then the whole."""


@dataclass(slots=True)
class _Kept:
    """`coming` is the version that is being made."""

    version: str
    rules: RuleSet
    coming: str = ""
    making: Making = field(default_factory=lambda: iter(()))


def _all_of(making: Making) -> RuleSet:
    return next(made for made in making if made is not None)


def _still_there(hits: Sequence[StringRule], community: Community) -> list[StringRule]:
    """By an old version nobody is held to a rule that is gone, nor to an order of before."""
    hit = {rule.id: rule for rule in hits}
    return [rule for rule in community.rules if hit.get(rule.id) == rule]


class RuleSet:
    """The rules of one version. One that cannot be compiled hits nothing and is logged."""

    def __init__(self, rules: Sequence[StringRule], older: RuleSet | None = None) -> None:
        """Empty as yet: `make` fills it."""
        self._rules = tuple(rules)
        self._cost, resting = _weigh(self._rules)
        self.resting = tuple(self._rules[number] for number in sorted(resting))
        self.untold = tuple(rule for rule in self.resting if not rule.rest_told)
        self._wants = [_wanted_by(rule) for rule in self._rules]
        self._looked_for = [n for n in range(len(self._rules)) if n not in resting]
        self._always: list[int] = []
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._exact_folded: dict[str, list[int]] = defaultdict(list)
        self._by_needle: dict[Needle, list[int]] = defaultdict(list)
        self._tried: list[int] = []
        self.slices: list[Slice] = []
        self._words: dict[int, WholeWord] = {}
        self.patterns: dict[int, Pattern] = {}
        self._older_patterns = {one.key: one for one in older.patterns.values()} if older else {}

    @classmethod
    def of(cls, rules: Sequence[StringRule]) -> RuleSet:
        return _all_of(cls.make(rules))

    @classmethod
    def make(cls, rules: Sequence[StringRule], older: RuleSet | None = None) -> Making:
        made = cls(rules, older)
        read = 0
        for number in made._looked_for:
            read += made._put(number)
            if read == _READ_AT_ONCE:
                read = 0
                yield None
        made.slices, parts = plan_needles(made._by_needle, older.slices if older else ())
        for number, part in enumerate(parts):
            if number:
                yield None
            made.slices += compile_needles(part)
        yield made

    @property
    def most_bytes(self) -> int:
        """The rules themselves, and what their automata may grow to while lines pass."""
        return self._cost * BYTES_PER_STEP + len(self._rules) * BYTES_PER_RULE

    def find(self, text: str, entity: EntityId) -> list[StringRule]:
        hits = set(self._always)
        for reading, sees in readings(text).items():
            self._add_hits(reading, sees, hits)
        return self._in_order(hits, entity) if hits else []

    def _in_order(self, hits: Iterable[int], entity: EntityId) -> list[StringRule]:
        return [
            self._rules[number]
            for number in sorted(hits)
            if not self._rules[number].entities or entity in self._rules[number].entities
        ]

    def _put(self, number: int) -> int:
        """1 where a pattern had to be read, which takes a tenth of a millisecond."""
        rule = self._rules[number]
        match rule.match_type:
            case MatchType.ANYTHING:
                self._always.append(number)
            case MatchType.EXACT:
                if rule.case_sensitive:
                    self._exact[rule.pattern.strip()].append(number)
                else:
                    self._exact_folded[rule.pattern.strip().casefold()].append(number)
            case MatchType.REGEX:
                return self._put_pattern(number, rule)
            case _:
                needle = Needle(rule.pattern.strip(), not rule.case_sensitive)
                self._by_needle[needle].append(number)
        return 0

    def _put_pattern(self, number: int, rule: StringRule) -> int:
        key = (rule.pattern, rule.case_sensitive)
        known = self._older_patterns.get(key)
        pattern = self.patterns[number] = known or Pattern(rule)
        for needle in pattern.needles:
            self._by_needle[needle].append(number)
        if not pattern.needles:
            self._tried.append(number)
        return 0 if known else 1

    def _add_hits(self, text: str, sees: int, hits: set[int]) -> None:
        if sees & WORDS:
            if same := self._exact_folded.get(text.casefold().strip()):
                hits.update(same)
            if self._exact:
                hits.update(self._exact.get(text.strip(), ()))
        encoded = text.encode("utf-8", "replace")
        maybe: Sequence[int] = self._tried
        for one in self.slices:
            if found := one.compiled.Match(encoded):
                maybe = [*maybe, *self._numbers(one, found)]
        if maybe:
            self._try(dict.fromkeys(maybe), text, sees, hits)

    def _try(self, maybe: Iterable[int], text: str, sees: int, hits: set[int]) -> None:
        folded, encoded = text.casefold(), text.encode("utf-8", "replace")
        for number in maybe:
            if number in hits or not sees & self._wants[number]:
                continue
            if self._really_hits(number, text, folded, encoded):
                hits.add(number)

    def _numbers(self, one: Slice, found: Sequence[int]) -> Iterator[int]:
        """Of the rules that look for what was found in a slice, which may be an older version's."""
        for place in found:
            if place < len(one.needles):
                yield from self._by_needle.get(one.needles[place], ())

    def _really_hits(self, number: int, text: str, folded: str, encoded: bytes) -> bool:
        """What was found is plain text: of a word as of a pattern more is asked."""
        rule = self._rules[number]
        if rule.match_type is MatchType.CONTAINS:
            return True
        if rule.match_type is MatchType.REGEX:
            return self.patterns[number].hits(encoded)
        if number not in self._words:
            word = WholeWord(rule.pattern.strip(), case_sensitive=rule.case_sensitive)
            self._words[number] = word
        return self._words[number].stands_in(text, folded)


class Pattern:
    """A regular expression, compiled when it is first looked for."""

    def __init__(self, rule: StringRule) -> None:
        self.key = (rule.pattern, rule.case_sensitive)
        self.needles = [Needle(text) for text in sorted(needles_of(rule.pattern))]
        self._rule = rule
        self._compiled: Any = None
        self._is_compiled = False

    def hits(self, encoded: bytes) -> bool:
        if not self._is_compiled:
            self._is_compiled = True
            flags = "" if self._rule.case_sensitive else "(?i)"
            expression = bytes_of(flags + self._rule.pattern)
            self._compiled = compile_set([expression], cost_of(self._rule))
            if self._compiled is None:
                log.warning("string rule could not be compiled", extra={"rule": self._rule.id})
        return self._compiled is not None and 0 in (self._compiled.Match(encoded) or ())


def _wanted_by(rule: StringRule) -> int:
    if rule.match_type is not MatchType.REGEX:
        return WORDS | SPLIT if " " in rule.pattern.strip() else WORDS
    return RAW if rule.raw else PATTERNS


def _weigh(rules: Sequence[StringRule]) -> tuple[int, set[int]]:
    """What those cost together that are looked for, and which rest: what is too dear, it alone."""
    total, resting = 0, set()
    for number, rule in enumerate(rules):
        cost = cost_of(rule)
        if total + cost > MOST_COST:
            resting.add(number)
        else:
            total += cost
    return total, resting
