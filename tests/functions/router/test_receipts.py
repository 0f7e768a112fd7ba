"""Receipts: one router answers an event, once, whatever is delivered how often."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec
import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.router.begin import Receipts
from functions.router.conclude import conclude
from functions.router.execute import Wave
from functions.router.hand_over import WaysBack
from functions.router.judge import Limits, judge
from tests.helpers.events_and_commands import NOON, SLACK, a_command, a_match, a_session, an_event
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Caller, Event, Interaction
from waddlebot.domain.executions import Execution, Notice, Status, execution_id
from waddlebot.domain.matches import Match, Standing
from waddlebot.domain.outcomes import Outcome, Reply
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.domain.triggers import Turn
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.receipts import MOST_ATTEMPTS, ReceiptStore
from waddlebot.stores.streams import decode_event, decode_outgoing
from waddlebot_sdk.responses import Chat

LEASE_SECONDS = 60.0
INTERACTION = Interaction(application="a", id="i", token="t", until=NOON + timedelta(minutes=15))


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One run of a router: it begins, and what it finished is handed over under its own name."""

    streams: redis.Redis
    owner: str
    lease_seconds: float = LEASE_SECONDS

    @property
    def store(self) -> ReceiptStore:
        return ReceiptStore(self.streams, Partitions())

    @property
    def receipts(self) -> Receipts:
        return Receipts(self.store, self.owner, self.lease_seconds)

    def begin(self, *events: Event) -> list[Standing]:
        return [match.standing for match in self.receipts.begin(list(map(matching, events)))]

    def finish(self, event: Event, *, passed_on: bool = False, **fields: object) -> Outcome:
        [settled] = WaysBack(self.store, self.owner).hand_over(
            [replace(answered(event, passed_on=passed_on), **fields)]
        )
        return settled


def matching(event: Event, turn: Turn = Turn.ACT) -> Match:
    session = replace(a_session(event=event), id=f"sess_{id(event)}")
    return a_match(a_command(turn=turn), session=session)


def answered(event: Event, *, passed_on: bool = False) -> Outcome:
    match = matching(event)
    verdict = Verdict(match=match, reason=Reason.ALLOWED)
    execution = Execution(
        id=execution_id(match),
        verdict=verdict,
        status=Status.SUCCESS,
        responses=(Chat("Waddle on!"),),
    )
    [outcome] = conclude(Wave(sessions=[match.session], verdicts=[verdict], executions=[execution]))
    return replace(outcome, passed_on=passed_on)


def sent(streams: redis.Redis) -> list[str]:
    return [
        one.text if isinstance(one, Reply) else one.kind.value
        for one in (
            decode_outgoing(fields) for _, fields in streams.xrange(Partition().replies_stream())
        )
    ]


def asked(event_id: str = "discord:1") -> Event:
    return an_event("quote", id=event_id, way_back=INTERACTION, asked_until=NOON)


def from_caller(event_id: str = "api:1") -> Event:
    return an_event("!quote", id=event_id, way_back=Caller(), asked_until=NOON)


def test_the_first_router_owns_an_event_and_the_second_comes_back_later(
    streams: redis.Redis,
) -> None:
    event = an_event("!quote")

    assert Invocation(streams=streams, owner="a").begin(event) == [Standing.OURS]
    assert Invocation(streams=streams, owner="b").begin(event) == [Standing.BUSY]


def test_an_expired_lease_is_taken_over_and_counted(streams: redis.Redis) -> None:
    event = an_event("!quote")
    dead = Invocation(streams=streams, owner="a", lease_seconds=0.001)
    dead.begin(event)
    time.sleep(0.01)

    assert Invocation(streams=streams, owner="b").begin(event) == [Standing.OURS]
    assert streams.hget(Partition().receipt(event.id), "attempts") == b"2"
    assert dead.finish(event).standing is Standing.BUSY
    assert sent(streams) == []


def test_a_told_events_replies_leave_exactly_once(streams: redis.Redis) -> None:
    event = an_event("!quote")
    router = Invocation(streams=streams, owner="a")
    router.begin(event)

    router.finish(event)
    assert router.finish(event).standing is Standing.BUSY
    assert Invocation(streams=streams, owner="b").begin(event) == [Standing.DONE]
    assert sent(streams) == ["Waddle on!"]


def test_an_asked_events_replies_stay_with_the_asker(streams: redis.Redis) -> None:
    router = Invocation(streams=streams, owner="a")
    router.begin(asked())

    settled = router.finish(asked())

    assert [reply.text for reply in settled.replies] == ["Waddle on!"]
    assert sent(streams) == []
    again = Invocation(streams=streams, owner="b").receipts
    assert [match.standing for match in again.begin([matching(asked())])] == [Standing.DONE]
    assert again.earlier("discord:1") == settled.replies


def test_what_was_passed_on_follows_by_itself(streams: redis.Redis) -> None:
    router = Invocation(streams=streams, owner="a")
    router.begin(asked())

    quick = router.finish(asked(), passed_on=True)
    slow = router.finish(asked(), replies=(*quick_and_slow(asked()),))

    assert quick.replies == slow.replies == ()
    assert sent(streams) == ["Waddle on!", "And on!"]
    assert Invocation(streams=streams, owner="b").begin(asked()) == [Standing.DONE]


def quick_and_slow(event: Event) -> tuple[Reply, Reply]:
    """What another router would hand over, that does not know what left in the first wave."""
    [quick] = answered(event).replies
    return quick, msgspec.structs.replace(
        quick, id="another0", execution_id="another", text="And on!"
    )


def test_a_callers_replies_are_kept_for_a_repeated_call(streams: redis.Redis) -> None:
    router = Invocation(streams=streams, owner="a")
    router.begin(from_caller())
    settled = router.finish(from_caller())

    again = Invocation(streams=streams, owner="b").receipts
    again.begin([matching(from_caller())])
    assert again.earlier("api:1") == settled.replies
    assert sent(streams) == []


def test_actions_leave_first_and_notices_leave_even_if_somebody_waits(
    streams: redis.Redis,
) -> None:
    event = from_caller()
    router = Invocation(streams=streams, owner="a")
    router.begin(event)
    deletion = PlatformAction(
        id="x0", kind=ActionKind.DELETE_MESSAGE, entity=event.entity, message="m1"
    )
    outcome = with_notice(event)

    settled = router.finish(event, replies=outcome.replies, platform_actions=(deletion,))

    assert sent(streams) == ["delete_message", "Ana's line was removed."]
    assert [reply.text for reply in settled.replies] == ["Waddle on!"]


def with_notice(event: Event) -> Outcome:
    [execution] = answered(event).executions
    told = replace(execution, notices=(Notice(entity=SLACK, text="Ana's line was removed."),))
    [outcome] = conclude(
        Wave(
            sessions=[execution.verdict.match.session],
            verdicts=[execution.verdict],
            executions=[told],
        )
    )
    return outcome


def test_equal_events_of_a_batch_are_run_once(streams: redis.Redis) -> None:
    first, second = an_event("!quote", id="twitch:1"), an_event("!quote", id="twitch:1")

    standings = Invocation(streams=streams, owner="a").begin(first, second)

    assert standings == [Standing.OURS, Standing.DONE]


def test_what_only_observes_takes_no_receipt(streams: redis.Redis) -> None:
    receipts = Invocation(streams=streams, owner="a").receipts

    [match] = receipts.begin([matching(an_event("hello"), Turn.OBSERVE)])

    assert match.standing is Standing.OURS
    assert streams.dbsize() == 0


def test_an_event_is_passed_on_only_by_its_owner_and_only_once(streams: redis.Redis) -> None:
    mine, theirs = an_event("!quote"), an_event("!quote")
    router = Invocation(streams=streams, owner="a")
    router.begin(mine)
    Invocation(streams=streams, owner="b").begin(theirs)

    assert not router.store.pass_on(theirs, "a", "slow", 60)
    assert not router.store.pass_on(an_event("!quote"), "a", "slow", 60)
    assert router.store.pass_on(mine, "a", "slow", 60)
    assert not router.store.pass_on(mine, "a", "the same, delivered twice", 60)
    assert router.store.pass_on(mine, "a", "slow", 60), "its first answer may have got lost"
    assert router.finish(mine).standing is Standing.BUSY
    assert Invocation(streams=streams, owner="slow").finish(mine).standing is Standing.OURS


def test_a_deferred_answer_leaves_by_the_stream(streams: redis.Redis) -> None:
    router = Invocation(streams=streams, owner="a")
    router.begin(asked())
    router.store.defer(asked())

    assert router.finish(asked()).replies == ()
    assert sent(streams) == ["Waddle on!"]
    assert events_of(streams) == [replace_asked(asked())]


def test_an_answer_left_for_the_asker_leaves_with_the_deferral_once(streams: redis.Redis) -> None:
    router = Invocation(streams=streams, owner="a")
    router.begin(asked())
    router.finish(asked())

    router.store.defer(asked())
    router.store.defer(asked())
    reader = Invocation(streams=streams, owner="b")

    assert reader.begin(replace_asked(asked())) == [Standing.DONE]
    assert sent(streams) == ["Waddle on!"]


def test_a_deferral_gives_up_the_lease_of_the_dead_alone(streams: redis.Redis) -> None:
    Invocation(streams=streams, owner="dead").begin(asked("discord:1"))
    Invocation(streams=streams, owner="alive").begin(asked("discord:2"))
    store = Invocation(streams=streams, owner="ingress").store

    store.defer(asked("discord:1"), dead_owner="dead")
    store.defer(asked("discord:2"), dead_owner="dead")

    reader = Invocation(streams=streams, owner="reader")
    standings = reader.begin(*map(replace_asked, (asked("discord:1"), asked("discord:2"))))
    assert standings == [Standing.OURS, Standing.BUSY]


def test_what_died_in_sight_of_the_reader_is_free_at_once(streams: redis.Redis) -> None:
    event = an_event("!quote")
    dead = Invocation(streams=streams, owner="dead")
    dead.begin(event)

    dead.store.free([event, an_event("unknown")], "dead")

    assert Invocation(streams=streams, owner="b").begin(event) == [Standing.OURS]
    assert not streams.exists(Partition().receipt("unknown"))


def test_five_leases_without_an_end_are_enough(streams: redis.Redis) -> None:
    event = an_event("!quote")
    for number in range(MOST_ATTEMPTS):
        dead = Invocation(streams=streams, owner=f"dead {number}")
        assert dead.begin(event) == [Standing.OURS]
        dead.store.free([event], dead.owner)

    assert Invocation(streams=streams, owner="b").begin(event) == [Standing.SPENT]


def test_what_could_not_be_done_for_want_of_a_server_is_not_counted(streams: redis.Redis) -> None:
    event = an_event("!quote")
    for number in range(2 * MOST_ATTEMPTS):
        router = Invocation(streams=streams, owner=f"router {number}")
        assert router.begin(event) == [Standing.OURS]
        router.store.free([event], router.owner, counted=False)

    assert Invocation(streams=streams, owner="b").begin(event) == [Standing.OURS]


def test_a_batch_over_several_partitions_keeps_its_order(streams: redis.Redis) -> None:
    store = ReceiptStore(streams, Partitions(4))
    events = [an_event("!quote", entity=EntityId(f"twitch:channel:{n}")) for n in range(12)]
    busy = events[::3]
    store.begin(busy, "somebody", 60)

    standings = [begun.standing for begun in store.begin(events, "a", 60)]

    assert standings == [Standing.BUSY if one in busy else Standing.OURS for one in events]
    assert len({Partitions(4).of(one.entity) for one in events}) > 1


def replace_asked(event: Event) -> Event:
    return msgspec.structs.replace(event, asked_until=None)


def events_of(streams: redis.Redis) -> list[Event]:
    return [decode_event(fields) for _, fields in streams.xrange(Partition().events_stream())]


def test_without_the_streams_server_asked_events_run_and_told_ones_wait(
    nowhere: redis.Redis,
) -> None:
    router = Invocation(streams=nowhere, owner="a")

    assert router.begin(asked()) == [Standing.OURS]
    assert [reply.text for reply in router.finish(asked()).replies] == ["Waddle on!"]
    with pytest.raises(Unavailable):
        router.begin(an_event("!quote"))
    with pytest.raises(Unavailable):
        router.finish(an_event("!quote"))


@pytest.mark.parametrize("passed_on", [False, True])
def test_an_answer_is_not_lost_because_its_receipt_is(
    streams: redis.Redis, *, passed_on: bool
) -> None:
    """A server that took over without having heard of it, or one that came back meanwhile."""
    router, event = Invocation(streams=streams, owner="a"), an_event("!quote")
    router.begin(event)
    streams.flushdb()

    router.finish(event, passed_on=passed_on)

    assert sent(streams) == ["Waddle on!"]
    again = Invocation(streams=streams, owner="b").begin(event)
    assert again == [Standing.OURS if passed_on else Standing.DONE]


def test_an_asked_event_begun_without_the_streams_server_is_answered_when_it_is_back(
    nowhere: redis.Redis, streams: redis.Redis
) -> None:
    assert Invocation(streams=nowhere, owner="a").begin(asked()) == [Standing.OURS]

    settled = Invocation(streams=streams, owner="a").finish(asked())

    assert [reply.text for reply in settled.replies] == ["Waddle on!"]
    assert Invocation(streams=streams, owner="b").begin(asked()) == [Standing.DONE]


def test_without_a_receipt_whoever_has_taken_the_event_since_answers_it(
    nowhere: redis.Redis, streams: redis.Redis
) -> None:
    """It was deferred, came by the stream and is under way there."""
    Invocation(streams=nowhere, owner="a").begin(asked())
    ReceiptStore(streams, Partitions()).defer(asked())
    [told] = events_of(streams)
    Invocation(streams=streams, owner="b").begin(told)

    assert Invocation(streams=streams, owner="a").finish(asked()).standing is Standing.BUSY
    assert sent(streams) == []


def test_a_wave_whose_fate_is_unknown_is_not_shown_to_the_asker(nowhere: redis.Redis) -> None:
    """It may have left by the stream already."""
    with pytest.raises(Unavailable):
        Invocation(streams=nowhere, owner="a").finish(asked(), passed_on=True)


def test_a_repeated_event_is_neither_run_nor_charged(
    streams: redis.Redis, limits: redis.Redis
) -> None:
    event = an_event("!quote", occurred_at=NOON)
    Invocation(streams=streams, owner="a").begin(event)
    begun = Invocation(streams=streams, owner="b").receipts.begin([matching(event)])

    [verdict] = judge(begun, Limits(limits), clock=lambda: NOON)

    assert verdict.reason is Reason.REPEATED
    assert limits.dbsize() == 0


@dataclass(slots=True)
class Model:
    """The protocol in plain Python: who owns an event, and how often it was answered.

    Who finishes without a receipt has no lease.
    """

    owner: str | None = None
    is_leased: bool = False
    is_done: bool = False
    answers: int = 0

    def begin(self, owner: str) -> Standing:
        if self.is_done:
            return Standing.DONE
        if self.owner == owner or not self.is_leased:
            self.owner, self.is_leased = owner, True
            return Standing.OURS
        return Standing.BUSY

    def finish(self, owner: str, *, passed_on: bool) -> bool:
        if self.is_done or self.owner not in {None, owner}:
            return False
        self.owner = owner
        self.is_done = not passed_on
        self.answers = 1  # a reply that left in an earlier wave does not leave again
        return True


STEPS = st.lists(
    st.tuples(st.sampled_from(["begin", "finish", "pass on"]), st.sampled_from(["a", "b", "c"])),
    max_size=8,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_receipts_do_what_the_model_does(
    streams: redis.Redis, steps: Sequence[tuple[str, str]]
) -> None:
    streams.flushdb()
    event, model = an_event("!quote", id="twitch:model"), Model()
    for step, owner in steps:
        invocation = Invocation(streams=streams, owner=owner)
        if step == "begin":
            assert invocation.begin(event) == [model.begin(owner)]
        else:
            passed_on = step == "pass on"
            finished = invocation.finish(event, passed_on=passed_on).standing is Standing.OURS
            assert finished == model.finish(owner, passed_on=passed_on)
        assert len(sent(streams)) == model.answers
