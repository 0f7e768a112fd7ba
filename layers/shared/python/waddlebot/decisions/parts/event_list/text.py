"""`[event_list]`: `lines = 5`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, PartText
from waddlebot.decisions.parts.event_list.deeds import hide_events, list_events
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.community_facts import Difference, FactKind, Facts, at
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit

_MOST = 10**6
"""What is too many is said by the deed."""

LINES = FactKind(name="events in OBS", place=at("event_list.lines"))
"""() -> how many"""


def _facts(row: CommunityRow) -> Facts:
    lines = row["event_list"]
    return {} if lines is None else {(LINES,): lines}


def _read(top: TextTable) -> Facts:
    table = top.table("event_list")
    if "lines" not in table.fields:
        return {}
    return {(LINES,): table.number("lines", most=_MOST)}


def _write(facts: ByKind) -> dict[str, Any]:
    lines = facts[LINES].get(())
    return {} if lines is None else {"event_list": {"lines": lines}}


def _list(edit: Edit, asker: Asker, one: Difference) -> None:
    now = datetime.now(UTC)
    if one.after is None:
        hide_events(edit, asker, now=now)
    else:
        list_events(edit, asker, lines=one.after, now=now)


TEXT = PartText(deeds={LINES: _list}, facts=_facts, read=_read, write=_write)
