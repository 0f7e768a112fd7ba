from __future__ import annotations

from datetime import timedelta

from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.module import MODULE
from functions.modules.calendar.personal_data import erase, export
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Gatherings]


def filled(chat: Chat) -> None:
    chat.says("Max", '!event add tomorrow 20:00 "Game night" 1', role="moderator")
    chat.says("Ana", "!event add friday 18:30 Film")
    for name in ("Ana", "Bob"):
        chat.says(name, "!event yes 1")
    chat.heard()


def test_a_person_gets_all_they_added_and_answered_and_nothing_else(
    chat: Chat, gatherings: Gatherings
) -> None:
    filled(chat)

    records = export(1, "twitch", "ana", gatherings)

    assert [(one["kind"], one["number"]) for one in records] == [("event", 2), ("answer", 1)]
    assert records[1]["answer"] == "attending"


def test_a_seat_of_somebody_who_is_forgotten_goes_to_who_waits(
    chat: Chat, gatherings: Gatherings, connection: Connection
) -> None:
    filled(chat)

    assert erase(1, "twitch", "ana", gatherings) == 2

    assert export(1, "twitch", "ana", gatherings) == []
    chat.says("Max", "!event show 1")
    assert "1 of 1 seats taken · Bob" in chat.heard()[0]
    later = chat.now + timedelta(days=400)
    assert [row.user.name for row in Due(connection).take(later, 10) if row.user] == ["Bob"]


def test_what_was_approved_stays_without_a_name(chat: Chat, gatherings: Gatherings) -> None:
    filled(chat)

    assert erase(1, "twitch", "max", gatherings) == 1

    chat.says("Ana", "!event show 1")
    (shown,) = chat.heard()
    assert "Game night" in shown
    assert "Max" not in shown


def test_the_same_id_elsewhere_is_somebody_else(chat: Chat, gatherings: Gatherings) -> None:
    filled(chat)

    assert erase(1, "discord", "ana", gatherings) == 0
    assert erase(2, "twitch", "ana", gatherings) == 0
    assert len(export(1, "twitch", "ana", gatherings)) == 2


def test_the_module_declares_both() -> None:
    assert MODULE.personal_data is not None
    assert (MODULE.personal_data.export, MODULE.personal_data.erase) == (export, erase)
