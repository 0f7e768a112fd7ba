"""What was planned comes back: a poll ends, and its chart is shown again."""

from __future__ import annotations

from functions.modules.polls import charts, texts
from functions.modules.polls.people import this_place
from functions.modules.polls.polling import Polls
from waddlebot_sdk import Answer, Call, Chat, General


def due_now(call: Call, polls: Polls) -> Answer:
    """The first place to which it comes counts; each says what came of it once."""
    held = polls.hold(call.community.id, int(call.data["poll"]))
    if held is None:
        return None
    if call.data["news"] == "chart":
        return charts.draw_now(call, polls, held)
    if held.is_open and call.occurred_at < held.ends_at:
        return None  # planned by nobody: it goes on
    chart: list[General] = []
    if held.is_open:
        held = polls.close(held)
        chart.append(charts.draw(held, held.result, ends_at=charts.time_of(call)))
    if not polls.places.tell(held, this_place(call).entity, at=call.occurred_at):
        return chart or None
    return [Chat(texts.became(held), called=texts.called(held)), *chart]
