"""What is offered while somebody types the name of a timer."""

from __future__ import annotations

from collections.abc import Iterator

from functions.modules.timers.store import Timers
from waddlebot_sdk import Call, Choice


def timer_names(call: Call, timers: Timers) -> Iterator[Choice]:
    typed = call.text.strip().casefold()
    for timer in timers.list_all(call.community.id):
        if typed in timer.name:
            yield Choice(timer.name, f"{timer.name}: {timer.texts[0]}")
