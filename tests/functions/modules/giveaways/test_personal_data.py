from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.module import MODULE
from functions.modules.giveaways.personal_data import erase, export
from functions.modules.giveaways.proving import write_record
from tests.functions.modules.giveaways.letting_time_pass import let_time_pass
from tests.functions.modules.giveaways.linking import link
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue

Talk = Dialogue[Giveaways]


def started(chat: Talk, *names: str) -> None:
    chat.says("Max", "!giveaway start A fish winners 2", role="moderator")
    for name in names:
        chat.says(name, "!enter")


def test_a_person_gets_what_they_entered_and_started(chat: Talk, giveaways: Giveaways) -> None:
    started(chat, "Ana", "Bob")
    chat.happens("ban", {}, to="Bob")

    (entry,) = export(1, "twitch", "ana", giveaways)
    assert (entry["kind"], entry["prize"], entry["weight"]) == ("entry", "A fish", 1)
    assert [one["kind"] for one in export(1, "twitch", "max", giveaways)] == ["giveaway"]
    assert [one["kind"] for one in export(1, "twitch", "bob", giveaways)] == [
        "entry",
        "exclusions",
    ]
    assert export(2, "twitch", "ana", giveaways) == []
    assert export(1, "discord", "ana", giveaways) == []


def test_who_is_forgotten_while_entries_are_taken_is_not_in(
    chat: Talk, giveaways: Giveaways
) -> None:
    started(chat, "Ana", "Bob")
    chat.says("Max", "!giveaway exclude @ana", role="moderator")

    assert erase(1, "twitch", "ana", giveaways) == 2

    assert export(1, "twitch", "ana", giveaways) == []
    chat.heard()
    chat.says("Max", "!giveaway draw", role="moderator")
    assert "drawn from 1 person" in chat.heard()[0]


@pytest.mark.parametrize("first", ["twitch", "discord"])
def test_who_is_excluded_is_not_in_again_by_being_forgotten(
    chat: Talk, giveaways: Giveaways, connection: Connection, first: str
) -> None:
    """The house forgets all linked accounts, one after the other, and then that they are linked."""
    elsewhere = Dialogue(MODULE, giveaways, entity="discord:channel:77", seed="elsewhere")
    link(connection, ("twitch", "ana"), ("discord", "penguin"))
    started(chat, "Ana", "Bob")
    chat.says("Max", "!giveaway exclude @ana", role="moderator")
    accounts = {"twitch": "ana", "discord": "penguin"}
    for platform in sorted(accounts, key=lambda one: one != first):
        erase(1, platform, accounts[platform], giveaways)
        connection.execute("DELETE FROM identities WHERE user_id = %s", (accounts[platform],))

    for talk, name in ((chat, "Ana"), (elsewhere, "Penguin")):
        talk.heard()
        talk.says(name, "!enter")
        assert "a moderator left you out" in talk.heard()[0]
    kept = connection.execute("SELECT * FROM giveaway_exclusions").fetchall()
    kept += connection.execute("SELECT * FROM giveaway_entries").fetchall()
    told = json.dumps(kept, default=str).casefold()
    assert "ana" not in told
    assert "penguin" not in told
    assert export(1, "twitch", "ana", giveaways) == []
    chat.says("Max", "!giveaway close", role="moderator")
    assert connection.execute("SELECT * FROM giveaway_exclusions").fetchall() == []


def test_a_closed_list_stays_as_it_was_and_tells_of_nobody(
    chat: Talk, giveaways: Giveaways, connection: Connection
) -> None:
    started(chat, "Ana", "Bob")
    chat.says("Max", "!giveaway draw", role="moderator")

    assert erase(1, "twitch", "ana", giveaways) == 1

    assert export(1, "twitch", "ana", giveaways) == []
    found = giveaways.find(1, 1)
    assert found
    assert len(write_record(giveaways, found)["entries"]) == 2
    chat.says("Bob", "!claim")
    let_time_pass(chat, connection, minutes=6)
    chat.heard()
    chat.says("Max", "!giveaway", role="moderator")
    assert "did not claim in time" in chat.heard()[0]
    rows = connection.execute("SELECT * FROM giveaway_entries").fetchall()
    assert "ana" not in json.dumps(rows, default=str).casefold()


def test_nobody_who_was_forgotten_wins(chat: Talk, giveaways: Giveaways) -> None:
    started(chat, "Ana", "Bob")
    chat.says("Max", "!giveaway close", role="moderator")
    erase(1, "twitch", "ana", giveaways)
    chat.heard()

    chat.says("Max", "!giveaway draw", role="moderator")

    assert "goes to Bob (" in chat.heard()[0]


def test_what_somebody_started_stays_without_a_name(
    chat: Talk, giveaways: Giveaways, connection: Connection
) -> None:
    started(chat)

    assert erase(1, "twitch", "max", giveaways) == 1

    rows = connection.execute("SELECT * FROM giveaways").fetchall()
    assert "max" not in json.dumps(rows, default=str).casefold()
    found = giveaways.find(1, 1)
    assert found
    assert found.takes_entries(datetime(2026, 1, 5, 12, tzinfo=UTC))


def test_the_module_declares_both() -> None:
    assert MODULE.personal_data is not None
    assert (MODULE.personal_data.export, MODULE.personal_data.erase) == (export, erase)
