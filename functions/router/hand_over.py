"""The outcome of an event is settled here, once, and what is to be sent leaves with it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.router.begin import acts
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Caller
from waddlebot.domain.matches import Standing
from waddlebot.domain.outcomes import Outcome, Outgoing, Reply
from waddlebot.stores.receipts import Finished, ReceiptStore

log = logging.getLogger(__name__)


class WaysBack:
    """Those of one invocation, by the owner token of its receipts."""

    def __init__(self, store: ReceiptStore, owner: str) -> None:
        self._store = store
        self._owner = owner

    def hand_over(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """The outcomes as they were settled; one round trip, and none if nothing acted.

        Told events: platform actions and replies go to the reply stream, actions first. Asked
        ones: replies stay in the outcome and in the receipt, unless somebody has deferred the
        event or a slow call is still open. An event that another router has taken over meanwhile
        comes back BUSY and empty; so does a told one whose call found a server of ours away: it
        waits, and that is no attempt. While the streams server is away, asked events are answered
        inline only.

        Raises:
            Unavailable: the streams server does not answer and a told event is among them.
        """
        settled = self._let_wait(outcomes)
        parcels = [
            Leaving.of(number, outcome)
            for number, outcome in enumerate(settled)
            if _is_ours(outcome)
        ]
        if parcels:
            for parcel, fate in zip(parcels, self._finish(parcels), strict=True):
                settled[parcel.number] = parcel.settled(fate)
        return settled

    def _let_wait(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        waiting = [one.session.event for one in outcomes if _waits(one)]
        if not waiting:
            return list(outcomes)
        log.warning("events wait for a server", extra={"events": len(waiting)})
        try:
            self._store.free(waiting, self._owner, counted=False)
        except Unavailable:
            log.warning("leases run out by themselves")
        return [_left(one) if _waits(one) else one for one in outcomes]

    def _finish(self, parcels: Sequence[Leaving]) -> list[bytes]:
        try:
            return self._store.finish([parcel.finished() for parcel in parcels], self._owner)
        except Unavailable:
            # What was passed on may have left by the stream already: shown here, it is seen twice.
            if not all(parcel.is_for_asker_alone for parcel in parcels):
                raise
            log.warning("streams server did not answer; answering inline only")
            return [b"kept"] * len(parcels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What leaves for the stream in any case, and what the asker may be waiting for."""

    number: int
    outcome: Outcome
    always: tuple[Outgoing, ...]
    replies: tuple[Reply, ...]

    @classmethod
    def of(cls, number: int, outcome: Outcome) -> Leaving:
        answers = tuple(reply for reply in outcome.replies if _answers_event(reply, outcome))
        elsewhere = tuple(reply for reply in outcome.replies if reply not in answers)
        return cls(
            number=number,
            outcome=outcome,
            always=(*outcome.platform_actions, *elsewhere),
            replies=answers,
        )

    @property
    def _is_waited_for(self) -> bool:
        event = self.outcome.session.event
        return event.is_asked or isinstance(event.way_back, Caller)

    @property
    def is_for_asker_alone(self) -> bool:
        return self.outcome.session.event.is_asked and not self.outcome.passed_on

    def finished(self) -> Finished:
        return Finished(
            event=self.outcome.session.event,
            always=self.always,
            replies=self.replies,
            is_waited_for=self._is_waited_for,
            last=not self.outcome.passed_on,
        )

    def settled(self, fate: bytes) -> Outcome:
        """`kept`: the replies are for the asker alone to show; else they are none of his."""
        if fate == b"lost":
            return _left(self.outcome)
        if self._is_waited_for:
            return replace(self.outcome, replies=self.replies if fate == b"kept" else ())
        return self.outcome


def _is_ours(outcome: Outcome) -> bool:
    """An event that nothing acted on has no receipt."""
    return outcome.standing is Standing.OURS and any(acts(one.match) for one in outcome.verdicts)


def _waits(outcome: Outcome) -> bool:
    """Nobody holds a request open for it, and none of its answers is under way."""
    is_told = not outcome.session.event.is_asked and not outcome.passed_on
    return is_told and _is_ours(outcome) and any(one.is_away for one in outcome.executions)


def _left(outcome: Outcome) -> Outcome:
    return Outcome(session=outcome.session, standing=Standing.BUSY)


def _answers_event(reply: Reply, outcome: Outcome) -> bool:
    """A line for the moderators' channel, say, is not part of the answer."""
    event = outcome.session.event
    return reply.way_back == event.way_back and reply.entity == event.entity
