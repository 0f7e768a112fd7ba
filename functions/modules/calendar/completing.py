"""What is offered while somebody types the number of an event: those with the words in them."""

from __future__ import annotations

from collections.abc import Iterator

from functions.modules.calendar.gathering import GatheringStatus
from functions.modules.calendar.gatherings import Gatherings
from waddlebot_sdk import Call, Choice

_MOST_READ = 100


def upcoming(call: Call, gatherings: Gatherings) -> Iterator[Choice]:
    yield from _with_status(call, gatherings, GatheringStatus.APPROVED)


def pending(call: Call, gatherings: Gatherings) -> Iterator[Choice]:
    yield from _with_status(call, gatherings, GatheringStatus.PENDING)


def _with_status(call: Call, gatherings: Gatherings, status: GatheringStatus) -> Iterator[Choice]:
    typed = call.text.strip().removeprefix("#").casefold()
    found = gatherings.coming_up(
        call.community.id, now=call.occurred_at, status=status, limit=_MOST_READ
    )
    for one in found:
        shown = f"#{one.number} {one.title}"
        if typed in shown.casefold():
            yield Choice(str(one.number), shown)
