"""Why did my last line do that? Told in words, from the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from functions.builtins.tools import Builtin, WithStores
from waddlebot.domain import sayings
from waddlebot.domain.aliases import MOST_STEPS
from waddlebot.domain.custom_commands import as_typed
from waddlebot.domain.executions import id_of_step
from waddlebot.domain.refused_wishes import tell_refused
from waddlebot.stores.records import Records
from waddlebot_sdk import Answer, Call, Chat, command

LOOKED_AT = 20
MOST_TOLD = 3


@command(
    "why",
    "Explain what became of your last command here.",
    example="why",
    private=True,
)
def why(call: Call, tools: WithStores) -> Answer:
    if call.user is None:
        return None
    rows = Records(tools.postgres).last_for(
        tools.session.community.id, call.user.id, tools.session.spot.entity, limit=LOOKED_AT
    )
    last = _last_line(rows)
    if not last:
        return Chat("I have nothing on record about you in this channel.")
    return Chat(" ".join(_told(row, call.user.name) for row in last[:MOST_TOLD]))


def _told(row: Mapping[str, Any], person: str) -> str:
    named = {**row, "command": as_typed(row["command"], row["arguments"])}
    return f"{sayings.explain_row(named, person=person)}{tell_refused(row['refused'] or ())}"


def _last_line(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What was decided about the newest line that did not itself ask why."""
    others = [row for row in rows if row["module"] != MODULE.name]
    last = [row for row in others if row["event_id"] == others[0]["event_id"]]
    return sorted(last, key=_step)


def _step(row: Mapping[str, Any]) -> int:
    """Its place in a chain, which its id is made of."""
    ids = (id_of_step(row["event_id"], row["command"] or "", step) for step in range(MOST_STEPS))
    return next((step for step, one in enumerate(ids) if one == row["execution_id"]), 0)


MODULE = Builtin(
    tools=WithStores,
    name="why",
    summary="Explains what became of a line.",
    commands=(why,),
)
