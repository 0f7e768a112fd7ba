"""Receipts: whose an event is, so that no two routers answer it (docs/delivery.md).

Only what something acts on takes one; the scripts stand in stores/receipts.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.domain.matches import Match, Standing
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.triggers import Turn
from waddlebot.stores.receipts import ReceiptStore


class Receipts:
    """Those of one invocation: `owner` names it, the lease is its remaining time and 2 s."""

    def __init__(self, store: ReceiptStore, owner: str, lease_seconds: float) -> None:
        self._store = store
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._earlier: dict[str, tuple[Reply, ...]] = {}

    def begin(self, matches: Sequence[Match]) -> list[Match]:
        """The matches with their standing; one round trip, and none if no match acts.

        Of equal events in one batch the first is ours to do, the others count as done.
        An event that was asked and comes told was deferred: if its answer was still left for the
        asker, it leaves with the same trip.
        While the streams server is away, asked events are run without a receipt.

        Raises:
            Unavailable: the streams server does not answer and a told event is among them.
        """
        first = first_sessions(matches)
        try:
            standings = self._take([match.session.event for match in matches], first)
        except Unavailable:
            if not all(match.session.event.is_asked for match in matches):
                raise
            standings = {}
        return [self._with_standing(match, first, standings) for match in matches]

    def earlier(self, event_id: str) -> tuple[Reply, ...]:
        """The replies kept for an asked event that `begin` found done."""
        return self._earlier.get(event_id, ())

    def _take(self, events: Iterable[Event], first: Mapping[str, str]) -> dict[str, Standing]:
        acted_on = {event.id: event for event in events if event.id in first}
        if not acted_on:
            return {}
        asked = list(acted_on.values())
        begun = self._store.begin(asked, self._owner, self._lease_seconds)
        self._earlier |= {one.id: how.kept for one, how in zip(asked, begun, strict=True)}
        return {one.id: how.standing for one, how in zip(asked, begun, strict=True)}

    def _with_standing(
        self, match: Match, first: Mapping[str, str], standings: Mapping[str, Standing]
    ) -> Match:
        event_id = match.session.event.id
        if event_id not in first:
            return match
        if first[event_id] != match.session.id:
            return replace(match, standing=Standing.DONE)
        standing = standings.get(event_id, Standing.OURS)
        return match if standing is match.standing else replace(match, standing=standing)


def first_sessions(matches: Iterable[Match]) -> dict[str, str]:
    """The events that something acts on, each with the first of its sessions.

    What only observes takes no receipt: its row in `messages` is one (docs/delivery.md, Counting).
    Nor does what waits for its person to be known: no lease of it is taken.
    """
    first: dict[str, str] = {}
    for match in matches:
        if acts(match) and match.standing is Standing.OURS:
            first.setdefault(match.session.event.id, match.session.id)
    return first


def acts(match: Match) -> bool:
    return match.trigger.turn is not Turn.OBSERVE
