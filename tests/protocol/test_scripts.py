"""The model's scripts and the real ones go side by side through the same steps."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import redis
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.helpers.events_and_commands import NOON, an_event
from tests.protocol import scripts
from tests.protocol.states import NO_FAULTS, Case, Receipt, State, in_order
from waddlebot.domain.events import Channel
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.receipts import Finished, ReceiptStore
from waddlebot.stores.streams import decode_outgoing

EXAMPLES = 1000 if "WADDLEBOT_CHAOS_EVENTS" in os.environ else 100
LEASE_SECONDS = 60.0
CASE = Case(is_asked=True, calls="qs", is_patient=False)
ASKED = an_event("!quote", id="twitch:side-by-side", asked_until=NOON)
TOLD = an_event("!quote", id=ASKED.id)

OWNERS = st.integers(1, 2)
FLAGS = st.booleans()
CALLS = st.sampled_from(["q", "s", "qs"])


class SideBySide(RuleBasedStateMachine):
    """Whatever is asked has the same answer, and the same stands on the server after it."""

    streams: redis.Redis

    def __init__(self) -> None:
        super().__init__()
        self.streams.flushdb()
        self.store = ReceiptStore(self.streams, Partitions())
        self.model = State(NO_FAULTS, ())

    @rule(owner=OWNERS, told=FLAGS, leased=FLAGS)
    def begin(self, owner: int, told: bool, leased: bool) -> None:  # noqa: FBT001 - drawn by name
        kept = self.model.receipt.kept
        [begun] = self.store.begin([TOLD if told else ASKED], str(owner), LEASE_SECONDS * leased)
        standing = self._model(lambda at: scripts.begin(CASE, at, owner, told=told, leased=leased))
        assert begun.standing == standing
        assert names(begun.kept) == (kept if standing == "done" and not told else "")

    @rule(owner=OWNERS, times=st.integers(2, 5))
    def begin_and_die(self, owner: int, times: int) -> None:
        for number in range(times):
            self.begin(owner=(owner + number) % 2 + 1, told=True, leased=False)

    @rule(owner=OWNERS, new_owner=OWNERS, leased=FLAGS)
    def pass_on(self, owner: int, new_owner: int, leased: bool) -> None:  # noqa: FBT001 - the same
        is_ours = self.store.pass_on(TOLD, str(owner), str(new_owner), LEASE_SECONDS * leased)
        answer = self._model(lambda at: scripts.pass_on(at, owner, new_owner, leased=leased))
        assert is_ours == (answer == "ours")

    @rule(owner=OWNERS, replies=CALLS, always=st.sampled_from(["", "n"]), asked=FLAGS, last=FLAGS)
    def finish(self, owner: int, replies: str, always: str, asked: bool, last: bool) -> None:  # noqa: FBT001 - the same
        finished = Finished(
            event=TOLD,
            always=list(map(a_reply, always)),
            replies=list(map(a_reply, replies)),
            is_waited_for=asked,
            last=last,
        )
        [fate] = self.store.finish([finished], str(owner))
        assert fate.decode() == self._model(
            lambda at: scripts.finish(
                CASE, at, owner, replies, asked=asked, last=last, always=always
            )
        )

    @rule(dead_owner=st.integers(0, 2))
    def defer(self, dead_owner: int) -> None:
        self.store.defer(ASKED, dead_owner=str(dead_owner or ""))
        self._model(lambda at: scripts.defer(CASE, at, dead_owner))

    @rule(dead_owner=OWNERS, counted=FLAGS)
    def free(self, dead_owner: int, counted: bool) -> None:  # noqa: FBT001 - the same
        self.store.free([TOLD], str(dead_owner), counted=counted)
        self._model(lambda at: scripts.free(at, dead_owner, counted=counted))

    @invariant()
    def the_same_has_left(self) -> None:
        assert sent(self.streams) == self.model.appended
        assert self.streams.xlen(Partition().events_stream()) == self.model.entries

    @invariant()
    def the_same_stands_in_the_receipt(self) -> None:
        """But for what only answers show: whether the lease holds, and what is kept."""
        found: Any = self.streams.hgetall(Partition().receipt(TOLD.id))
        left = [name.decode()[len("left:")] for name in found if name.startswith(b"left:")]
        mine = self.model.receipt
        assert mine._replace(is_leased=False, kept="", left=in_order(mine.left)) == Receipt(
            state=found.get(b"state", b"").decode(),
            owner=int(found.get(b"owner", 0)),
            attempts=int(found.get(b"attempts", 0)),
            is_deferred=b"deferred" in found,
            has_waves=b"waves" in found,
            left=in_order(*left),
        )

    def _model(self, script: Callable[[State], scripts.Answer]) -> str:
        self.model, answer = script(self.model)
        return answer


def test_the_model_and_the_server_say_the_same(streams: redis.Redis) -> None:
    class OnThisServer(SideBySide):
        pass

    OnThisServer.streams = streams
    run_state_machine_as_test(
        OnThisServer,
        settings=settings(max_examples=EXAMPLES, stateful_step_count=30, deadline=None),
    )


def test_a_second_run_adds_no_line_to_an_answer_that_left(streams: redis.Redis) -> None:
    store = ReceiptStore(streams, Partitions())
    one_line, two_lines = [a_reply("q", 0)], [a_reply("q", 0), a_reply("q", 1)]
    for owner, replies, last in (("first", one_line, False), ("second", two_lines, True)):
        store.begin([TOLD], owner, 0.0)
        finished = Finished(event=TOLD, always=[], replies=replies, is_waited_for=False, last=last)
        assert store.finish([finished], owner) == [b"sent"]

    assert sent(streams) == "q"


def a_reply(call: str, number: int = 0) -> Reply:
    return Reply(
        id=f"{call}{number}",
        session_id="sess_1",
        execution_id=call,
        entity=TOLD.entity,
        text=call,
        way_back=Channel(),
    )


def sent(streams: redis.Redis) -> str:
    found: Any = streams.xrange(Partition().replies_stream())
    return names(decode_outgoing(fields) for _, fields in found)


def names(outgoing: Iterable[object]) -> str:
    return in_order(*(one.execution_id for one in outgoing if isinstance(one, Reply)))
