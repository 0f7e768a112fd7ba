"""A community's last day in one line."""

from __future__ import annotations

from datetime import timedelta

from functions.router.destinations.builtin import BuiltinTools
from waddlebot.stores.records import Records
from waddlebot_sdk import Answer, Call, Chat, Module, command

SPAN = timedelta(hours=24)


@command(
    "stats",
    "Show what happened in the last 24 hours.",
    example="stats",
    cooldown_seconds=5,
)
def stats(_call: Call, tools: BuiltinTools) -> Answer:
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


MODULE: Module[BuiltinTools] = Module(
    name="stats",
    summary="Counts messages, people and commands.",
    commands=(stats,),
)
