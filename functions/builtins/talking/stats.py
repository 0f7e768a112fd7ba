"""A community's last day in one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from functions.builtins.tools import Builtin, WithClock, WithStores
from waddlebot.stores.records import Records
from waddlebot_sdk import Answer, Call, Chat, command

SPAN = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class StatsTools(WithStores, WithClock):
    pass


@command(
    "stats",
    "Show what happened in the last 24 hours.",
    example="stats",
    cooldown_seconds=5,
)
def stats(_call: Call, tools: StatsTools) -> Answer:
    counts = Records(tools.postgres).counts(tools.session.community.id, tools.now - SPAN)
    messages = _counted(counts["messages"], "message", "messages")
    people = _counted(counts["people"], "person", "people")
    calls = _counted(counts["calls"], "command", "commands")
    refused, failed = counts["refused"], counts["failed"]
    return Chat(
        f"In the last 24 hours: {messages} by {people}; "
        f"{calls} ran, {refused} refused, {failed} failed."
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


MODULE = Builtin(
    tools=StatsTools,
    name="stats",
    summary="Counts messages, people and commands.",
    commands=(stats,),
)
