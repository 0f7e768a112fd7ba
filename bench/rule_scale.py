"""What looking for a community's rules costs a line, as their number grows; no servers needed."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence

from bench.chat_log import Line, quiet_lines
from bench.rules import PATTERNS, made_rules
from functions.router.rule_sets import RuleSet
from waddlebot.domain.entities import EntityId
from waddlebot.domain.string_rules import StringRule

BATCH = 100
WARM_UP = 2
"""Batches in which the automaton grows."""
SECONDS_TO_MICRO = 1e6
PLACE = EntityId("twitch:channel:910")

Scale = dict[tuple[str, int], list[float]]
"""Microseconds a line, one sample a batch, by kind of pattern and number of rules."""


def measure_scale(counts: Sequence[int], batches: int) -> Scale:
    """CPU of this thread, of lines that no rule hits.

    All take turns, so that what disturbs the machine meets them all.
    """
    samples = {
        (name, count): _samples(made_rules(build(count)))
        for name, build in PATTERNS.items()
        for count in counts
    }
    rounds = [{key: next(one) for key, one in samples.items()} for _ in range(WARM_UP + batches)]
    return {key: [one[key] for one in rounds[WARM_UP:]] for key in samples}


def unhit_lines(rules: Sequence[StringRule], place: EntityId) -> Iterator[Line]:
    """New lines of the log; the rules are tried on them beforehand, apart."""
    apart = RuleSet.of(rules)
    return (line for line in quiet_lines() if not apart.find(line.text, place))


def _samples(rules: Sequence[StringRule]) -> Iterator[float]:
    find, lines = RuleSet.of(rules).find, unhit_lines(rules, PLACE)
    while True:
        texts = [line.text for line in itertools.islice(lines, BATCH)]
        before = time.thread_time()
        for text in texts:
            find(text, PLACE)
        yield (time.thread_time() - before) / BATCH * SECONDS_TO_MICRO
