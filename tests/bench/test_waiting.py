"""A starved machine is waited for as long as anything comes, and somebody sees that it does."""

from __future__ import annotations

import itertools

import pytest

from bench import waiting
from bench.progress import EVERY_SECONDS, BenchProgress
from bench.waiting import wait_for


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "POLL_SECONDS", 0.0)
    monkeypatch.setattr(waiting, "COUNT_SECONDS", 0.0)


def test_what_grows_is_waited_for_however_slowly() -> None:
    counts = itertools.count()
    said: list[str] = []

    assert wait_for(500, lambda: next(counts), progress=BenchProgress(said.append)) == 500
    assert said == ["0 of 500 settled"]


def test_what_grows_no_more_is_given_up_with_what_there_is() -> None:
    counts = itertools.chain([1, 2, 3], itertools.repeat(3))

    found = wait_for(
        5, lambda: next(counts), progress=BenchProgress(lambda _words: None), stall_seconds=0.02
    )

    assert found == 3


def test_it_is_counted_too_where_a_cheaper_look_never_sees_the_end() -> None:
    found = wait_for(
        1, lambda: 1, progress=BenchProgress(lambda _words: None), may_be_done=lambda: False
    )

    assert found == 1


def test_progress_is_said_every_ten_seconds() -> None:
    said: list[str] = []
    now = 0.0
    progress = BenchProgress(said.append, clock=lambda: now)

    for now in (0.0, 1.0, EVERY_SECONDS, EVERY_SECONDS + 1, 3 * EVERY_SECONDS):
        progress.tell(f"at {now:.0f}")

    assert said == ["at 0", "at 10", "at 30"]
