"""What is offered while somebody types the number of a poll, or a choice."""

from __future__ import annotations

from collections.abc import Iterator

from functions.modules.polls import typed
from functions.modules.polls.polling import Polls
from waddlebot_sdk import Call, Choice


def open_polls(call: Call, polls: Polls) -> Iterator[Choice]:
    wanted = call.text.strip().removeprefix("#").casefold()
    for one in polls.list_open(call.community.id):
        shown = f"#{one.number} {one.question}"
        if wanted in shown.casefold():
            yield Choice(str(one.number), shown)


def choices(call: Call, polls: Polls) -> Iterator[Choice]:
    """Of the polls of this place, else of all; each names its poll where there are several."""
    number, wanted = typed.take_poll(call.text)
    community = call.community.id
    found = polls.list_open(community, here=call.entity.id) or polls.list_open(community)
    several = len(found) > 1
    for one in found:
        if number not in {None, one.number}:
            continue
        for index, label in enumerate(one.options, 1):
            value = f"#{one.number} {index}" if several else str(index)
            if wanted.casefold() in f"{value} {label}".casefold():
                yield Choice(value, f"{value} {label}")
