"""`[chat_box]`: `on = true`, and behind it `places` and `commands`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, PartText
from waddlebot.decisions.parts.chat_box.deeds import hide_chat, show_chat
from waddlebot.decisions.parts.chat_box.rows import box_of
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.chat_box import ChatBox
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, at
from waddlebot.domain.entities import EntityId
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit


def _shown(_key: Key, box: ChatBox) -> str:
    where = ", ".join(sorted(box.places)) or "Twitch"
    return f"{where}, with commands" if box.commands else where


CHAT = FactKind(name="chat in OBS", place=at("chat_box"), shown=_shown)
"""() -> ChatBox"""


def _facts(row: CommunityRow) -> Facts:
    box = box_of(row)
    return {(CHAT,): box} if box else {}


def _read(top: TextTable) -> Facts:
    table = top.table("chat_box")
    is_on = table.flag("on")
    places, commands = table.texts("places"), table.flag("commands")
    if not is_on:
        if places or commands:
            raise table.wrong("on", "it is true where anything else stands beside it")
        return {}
    return {(CHAT,): ChatBox(places=frozenset(map(EntityId, places)), commands=commands)}


def _write(facts: ByKind) -> dict[str, Any]:
    box = facts[CHAT].get(())
    if box is None:
        return {}
    more = {"places": sorted(box.places), "commands": box.commands}
    return {"chat_box": {"on": True, **{name: value for name, value in more.items() if value}}}


def _chat(edit: Edit, asker: Asker, one: Difference) -> None:
    now, box = datetime.now(UTC), one.after
    if box is None:
        hide_chat(edit, asker, now=now)
    else:
        show_chat(edit, asker, places=sorted(box.places), commands=box.commands, now=now)


TEXT = PartText(deeds={CHAT: _chat}, facts=_facts, read=_read, write=_write)
