"""Sliding windows against a model in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waddlebot.domain.errors import Unavailable
from waddlebot.stores.windows import (
    Candidate,
    Charge,
    Window,
    charge,
    charge_events,
    refund_calls,
)

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
WINDOWS = (
    Window(key="minute", limit=3, seconds=60),
    Window(key="cooldown", limit=1, seconds=10),
    Window(key="other", limit=2, seconds=30),
)


@dataclass(slots=True)
class Model:
    """Members by window with the time at which they came."""

    members: dict[str, dict[str, datetime]] = field(default_factory=dict)
    refunded: Counter[str] = field(default_factory=Counter)

    def refund(self, call: Candidate) -> None:
        if any(self.refunded[window.key] >= window.limit for window in call.windows):
            return
        for window in call.windows:
            # The server forgets what is over when it next looks; taking it out counts until then.
            if self.members.get(window.key, {}).pop(call.member, None):
                self.refunded[window.key] += 1

    def charge_event(self, event: Sequence[Candidate], now: datetime) -> list[bool | None]:
        """Whether each passed; None behind one that consumed the event."""
        passed: list[bool | None] = []
        for number, candidate in enumerate(event):
            if any(p and c.consumes for p, c in zip(passed, event[:number], strict=True)):
                passed.append(None)
            else:
                passed.append(self._charge(candidate, now))
        return passed

    def _charge(self, candidate: Candidate, now: datetime) -> bool:
        inside = {window: self._forget(window, now) for window in candidate.windows}
        if any(candidate.member in members for members in inside.values()):
            return True
        if any(len(members) >= window.limit for window, members in inside.items()):
            return False
        for window in candidate.windows:
            self.members.setdefault(window.key, {})[candidate.member] = now
        return True

    def _forget(self, window: Window, now: datetime) -> dict[str, datetime]:
        came = self.members.get(window.key, {})
        length = timedelta(seconds=window.seconds)
        self.members[window.key] = {one: at for one, at in came.items() if now - at < length}
        return self.members[window.key]


CANDIDATES = st.builds(
    Candidate,
    member=st.sampled_from([f"call-{number}" for number in range(12)]),
    windows=st.sets(st.sampled_from(WINDOWS)).map(lambda chosen: tuple(sorted(chosen, key=str))),
    consumes=st.booleans(),
)
BATCHES = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=45),  # seconds since the last batch
        st.lists(st.lists(CANDIDATES, min_size=1, max_size=3), min_size=1, max_size=4),
        st.lists(CANDIDATES, max_size=2),  # calls that fail then, charged or not
    ),
    max_size=6,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=BATCHES)
def test_windows_do_what_the_model_does(
    limits: redis.Redis,
    batches: Sequence[tuple[int, list[list[Candidate]], list[Candidate]]],
) -> None:
    limits.flushdb()
    model, now = Model(), NOON
    for seconds, events, failed in batches:
        now += timedelta(seconds=seconds)
        expected = [model.charge_event(event, now) for event in events]
        charged = charge_events(limits, events, now=now)
        assert [[one.allowed if one else None for one in event] for event in charged] == expected
        if failed:
            refund_calls(limits, failed)
            for call in failed:
                model.refund(call)


def test_what_failed_is_given_back_as_often_as_the_window_is_long(limits: redis.Redis) -> None:
    window = Window(key="key", limit=2, seconds=60)

    def fails(member: str) -> bool:
        call = Candidate(member=member, windows=(window,), consumes=False)
        [[charged]] = charge_events(limits, [[call]])
        refund_calls(limits, [call])
        return charged is not None and charged.allowed

    assert [fails(f"call-{number}") for number in range(6)] == [True] * 4 + [False] * 2
    assert 0 < limits.pttl("key:refunded") <= 60_000


def test_a_refusal_names_the_longest_wait_and_is_first_once(limits: redis.Redis) -> None:
    short, long = WINDOWS[1], Window(key="long", limit=1, seconds=100)

    def call(member: str, now: datetime) -> Charge | None:
        candidate = Candidate(member=member, windows=(short, long), consumes=False)
        return charge_events(limits, [[candidate]], now=now)[0][0]

    call("a", NOON)
    refused = call("b", NOON + timedelta(seconds=4))
    again = call("c", NOON + timedelta(seconds=5))

    assert refused is not None
    assert (refused.refused_by, refused.wait_seconds, refused.first) == (long, 96, True)
    assert again is not None
    assert not again.first


def test_a_wait_is_long_enough_after_a_limit_was_lowered(limits: redis.Redis) -> None:
    for second in range(4):
        charge(limits, "key", 4, 60, f"call-{second}", now=NOON + timedelta(seconds=second))

    refused = charge(limits, "key", 2, 60, "late", now=NOON + timedelta(seconds=10))
    then = NOON + timedelta(seconds=10 + refused.wait_seconds)

    assert not refused.allowed
    assert charge(limits, "key", 2, 60, "late", now=then).allowed


def test_a_charge_tells_what_remains(limits: redis.Redis) -> None:
    told = [charge(limits, "key", 2, 60, member) for member in ("a", "b", "c")]

    assert [(one.allowed, one.remaining) for one in told] == [(True, 1), (True, 0), (False, 0)]


def test_keys_do_not_outlive_their_window(limits: redis.Redis) -> None:
    charge(limits, "key", 1, 60, "a")
    charge(limits, "key", 1, 60, "b")

    assert 0 < limits.pttl("key") <= 60_000
    assert 0 < limits.pttl("key:said") <= 60_000


def test_a_server_that_is_away_is_named(nowhere: redis.Redis) -> None:
    with pytest.raises(Unavailable, match="limits server"):
        charge(nowhere, "key", 1, 60, "a")
