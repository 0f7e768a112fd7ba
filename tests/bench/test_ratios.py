"""What paired ratios say of a goal, and that it does not change its mind on a busy machine."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from bench.intervals import FEWEST, Interval, RatioVerdict, interval_of, verdict_of
from bench.ratios import FEWEST_TAKEN, Pair, Turn, take_turns
from bench.samples import Goal

AT_MOST_ONE = Goal(words="at most", value=1)
AT_LEAST_HALF = Goal(words="at least", value=0.5)


def test_a_goal_is_met_where_the_whole_interval_is_within() -> None:
    assert verdict_of([0.8, 0.9, 0.7, 0.85, 0.95], AT_MOST_ONE) is RatioVerdict.MET
    assert verdict_of([0.6, 0.55, 0.7, 0.65, 0.8], AT_LEAST_HALF) is RatioVerdict.MET


def test_a_goal_is_missed_where_even_the_better_end_is_well_behind() -> None:
    assert verdict_of([1.2, 1.3, 1.1, 1.4, 1.5], AT_MOST_ONE) is RatioVerdict.MISSED
    assert verdict_of([0.3, 0.2, 0.4, 0.35, 0.25], AT_LEAST_HALF) is RatioVerdict.MISSED


def test_what_lies_on_both_sides_or_hardly_behind_is_undecided() -> None:
    assert verdict_of([0.8, 0.9, 1.2, 1.3, 0.7], AT_MOST_ONE) is RatioVerdict.UNDECIDED
    assert verdict_of([1.02, 1.03, 1.02, 1.04, 1.2], AT_MOST_ONE) is RatioVerdict.UNDECIDED
    assert verdict_of([0.49, 0.48, 0.49, 0.47, 0.4], AT_LEAST_HALF) is RatioVerdict.UNDECIDED


def test_so_few_pairs_say_nothing() -> None:
    assert verdict_of([0.1] * (FEWEST - 1), AT_MOST_ONE) is RatioVerdict.UNDECIDED
    assert interval_of([]) is None


def test_the_interval_leaves_out_what_disturbed_a_few_pairs() -> None:
    calm = [number / 100 for number in range(90, 103)]

    assert interval_of(calm) == Interval(0.93, 0.99)
    assert interval_of([*calm[:-2], 7.0, 50.0]) == Interval(0.93, 0.99)


@pytest.mark.parametrize("seed", range(20))
def test_what_was_met_is_not_missed_in_another_run_on_a_busy_machine(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    truth = chance.uniform(0.85, 1.15)

    def run() -> RatioVerdict:
        # Each of a pair takes up to three times as long, one in five ten times.
        slow = [chance.choice((1, 1, 1, 1, 10)) * chance.uniform(1, 3) for _ in range(2 * 15)]
        ratios = [truth * one / other for one, other in zip(slow[::2], slow[1::2], strict=True)]
        return verdict_of(ratios, AT_MOST_ONE)

    verdicts = {run() for _ in range(20)}
    assert not {RatioVerdict.MET, RatioVerdict.MISSED} <= verdicts


def test_rounds_are_taken_in_turn_and_fewer_ones_are_spread() -> None:
    order: list[str] = []

    def turns(key: str) -> Iterator[Turn]:
        while True:
            order.append(key)
            yield {key: Pair(1.0, 2.0)}

    found = take_turns([(turns("often"), 6), (turns("rare"), 2)])

    assert {key: len(pairs) for key, pairs in found.items()} == {"often": 6, "rare": 2}
    assert order == ["often", "often", "often", "rare", "often", "often", "often", "rare"]


def test_a_part_that_takes_too_long_ends_with_the_fewest_pairs_that_tell_anything() -> None:
    def turns(key: str) -> Iterator[Turn]:
        while True:
            yield {key: Pair(1.0, 2.0)}

    found = take_turns([(turns("often"), 60), (turns("rare"), 9)], seconds=0.0)

    assert {key: len(pairs) for key, pairs in found.items()} == {
        "often": FEWEST_TAKEN,
        "rare": FEWEST_TAKEN,
    }
