"""A community's last day in one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.builtins.tools import Builtin, WithClock, WithStores
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.stores.records import Records
from waddlebot.stores.shown_names import names_of_places
from waddlebot_sdk import Answer, Call, Chat, command

SPAN = timedelta(hours=24)
MOST_NAMED = 3


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
    records, since = Records(tools.postgres), tools.now - SPAN
    counts = records.counts(tools.session.community.id, since)
    messages = _counted(counts["messages"], "message", "messages")
    people = _counted(counts["people"], "person", "people")
    calls = _counted(counts["calls"], "command", "commands")
    refused, failed = counts["refused"], counts["failed"]
    return Chat(
        f"In the last 24 hours: {messages} by {people}; "
        f"{calls} ran, {refused} refused, {failed} failed.{_most(records, since, tools)}"
    )


def _most(records: Records, since: datetime, tools: StatsTools) -> str:
    busiest = records.busiest(tools.session.community.id, since, most=MOST_NAMED)
    if not busiest.people:
        return ""
    places = names_of_places(tools.postgres, busiest.places)
    where = dict.fromkeys(map(ShownNames(places=places).place, busiest.places))
    return f" Most was said by {', '.join(busiest.people)}, in {', '.join(where)}."


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


MODULE = Builtin(
    tools=StatsTools,
    name="stats",
    summary="Counts messages, people and commands.",
    commands=(stats,),
)
