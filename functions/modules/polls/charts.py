"""The chart on the overlay: the newest takes the place of the one before, at most once a second."""

from __future__ import annotations

from datetime import datetime, timedelta

from functions.modules.polls import texts
from functions.modules.polls.ballot import Poll
from functions.modules.polls.polling import Polls
from waddlebot_sdk import Call, General

APART = timedelta(seconds=1)
LOST = timedelta(seconds=30)
"""A chart that was planned and did not come by then is planned again."""
A_CALL = timedelta(seconds=5)
"""By its deadline a module knows what time it is, as far as a call may take."""
MOST_BARS = 6


def draw(poll: Poll, counts: tuple[int, ...], *, ends_at: datetime | None = None) -> General:
    """Its bars. With `ends_at` it counts down to that; what is over says so for a while."""
    details = {
        "poll_id": str(poll.number),
        "options": _bars(poll, counts),
        **({"ends_at": ends_at.isoformat()} if ends_at else {}),
    }
    question = texts.on_chart(poll, sum(counts))
    return General(content_type="poll", content=question, seconds=0, details=details)


def draw_open(poll: Poll, counts: tuple[int, ...]) -> General:
    return draw(poll, counts, ends_at=poll.ends_at if poll.is_timed else None)


def take_away(poll: Poll) -> General:
    details = {"poll_id": str(poll.number), "options": []}
    return General(content_type="poll", content=poll.question, seconds=0, details=details)


def draw_soon(call: Call, polls: Polls, held: Poll) -> list[General]:
    """After a vote: now where none was shown within a second, else a second after that one."""
    now = time_of(call)
    shown = held.shown_at
    if held.chart_at and held.chart_at > now - LOST:
        return []
    if shown and shown <= now < shown + APART:
        plan(polls, held, at=shown + APART)
        return []
    polls.note_chart(held, shown_at=now, chart_at=None)
    return [draw_open(held, polls.votes.count(held))]


def draw_now(call: Call, polls: Polls, held: Poll) -> General | None:
    """What was planned has come; None where it is over meanwhile."""
    if not held.is_open:
        return None
    polls.note_chart(held, shown_at=time_of(call), chart_at=None)
    return draw_open(held, polls.votes.count(held))


def plan(polls: Polls, held: Poll, *, at: datetime) -> None:
    polls.note_chart(held, shown_at=held.shown_at, chart_at=at)
    polls.places.plan_chart(held, at=at)


def time_of(call: Call) -> datetime:
    return max(call.occurred_at, call.deadline - A_CALL)


def _bars(poll: Poll, counts: tuple[int, ...]) -> list[dict[str, object]]:
    """As they stand in chat; where there are more than have room the last bar is all others."""
    shown = (0,) * len(counts) if poll.is_secret and poll.is_open else counts
    bars: list[dict[str, object]] = [
        {"label": f"{number} {label}", "votes": votes}
        for number, (label, votes) in enumerate(zip(poll.options, shown, strict=True), 1)
    ]
    if len(bars) <= MOST_BARS:
        return bars
    kept = sorted(sorted(range(len(bars)), key=lambda at: -shown[at])[: MOST_BARS - 1])
    others = sum(votes for at, votes in enumerate(shown) if at not in kept)
    rest = {"label": texts.other_options(len(bars) - len(kept)), "votes": others}
    return [*(bars[at] for at in kept), rest]
