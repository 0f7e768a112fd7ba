from __future__ import annotations

from datetime import timedelta

import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.personal_data import erase, export
from functions.modules.memories.store import Memories
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Memories]


@pytest.fixture
def filled(chat: Chat) -> Chat:
    for line in ("!addquote Waddle on!", "!addnote Rules be kind", "!addurl Site x.org"):
        chat.says("Max", line, role="moderator")
    chat.says("Max", "!remind 1h stretch")
    chat.says("Ana", "!remind 2h leave")
    chat.heard()
    return chat


@pytest.mark.usefixtures("filled")
def test_a_person_gets_all_they_added_and_nothing_else(memories: Memories) -> None:
    records = export(1, "twitch", "max", memories)

    assert [(record["kind"], record["content"]) for record in records] == [
        ("quote", "Waddle on!"),
        ("note", "be kind"),
        ("url", ""),
        ("reminder", "stretch"),
    ]


def test_erasing_removes_notes_and_reminders_and_leaves_quotes_without_the_name(
    filled: Chat, memories: Memories, connection: Connection
) -> None:
    assert erase(1, "twitch", "max", memories) == 4

    assert export(1, "twitch", "max", memories) == []
    filled.says("Ana", "!memories list")
    filled.says("Ana", "!memories get 1")
    listed, story = filled.heard()
    assert listed == "Kept: #3 Site https://x.org · #1 Waddle on!"
    assert "Max" not in story
    later = filled.now + timedelta(days=1)
    assert [row.user.name for row in Due(connection).take(later, 10) if row.user] == ["Ana"]


@pytest.mark.usefixtures("filled")
def test_the_same_id_on_another_platform_or_in_another_community_is_somebody_else(
    memories: Memories,
) -> None:
    assert erase(1, "discord", "max", memories) == 0
    assert erase(2, "twitch", "max", memories) == 0
    assert len(export(1, "twitch", "max", memories)) == 4


def test_the_module_declares_both() -> None:
    assert MODULE.personal_data is not None
    assert (MODULE.personal_data.export, MODULE.personal_data.erase) == (export, erase)
