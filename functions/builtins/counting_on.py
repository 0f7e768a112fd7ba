"""What is said where something counts again with what was left lately."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def say_counted_on(left: Mapping[str, int], counters: Iterable[str], name: str) -> str:
    """` It counts on from 7.`, of those `counters` that were `left`, by what they had come to; the
    one called `name` is its own.
    """
    on = {counter: left[counter] for counter in counters if left.get(counter)}
    return "".join(
        f" {'It' if counter == name else counter} counts on from {counted}."
        for counter, counted in on.items()
    )
