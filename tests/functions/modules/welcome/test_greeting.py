"""Who is welcomed, where, and how many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.modules.welcome.module import MODULE
from functions.modules.welcome.personal_data import erase, export
from functions.modules.welcome.store import Welcomes
from tests.functions.modules.welcome.conftest import A_MONDAY
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import SayElsewhere
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Welcomes]
HELLO = "Welcome, Bo! Good to have you here."


def switched(chat: Chat, *lines: str) -> None:
    for line in lines:
        chat.says("Max", f"!welcome {line}", role="moderator")
    chat.heard()


def test_nobody_is_welcomed_where_it_is_off(chat: Chat) -> None:
    for happens in ("first_line", "member_join"):
        chat.happens(happens, to="Bo")
    switched(chat, "on", "off")
    chat.happens("first_line", to="Bo")
    assert chat.heard() == []


def test_who_joins_and_then_writes_is_welcomed_once(chat: Chat) -> None:
    switched(chat, "on", "join on")
    chat.happens("member_join", to="Bo")
    chat.happens("first_line", to="Bo")
    chat.happens("member_join", to="Bo")
    assert chat.heard() == [HELLO]


def test_a_bot_that_joins_is_not_welcomed(chat: Chat) -> None:
    switched(chat, "join on")
    chat.happens("member_join", {"is_bot": True}, to="Bo")
    assert chat.heard() == []


def test_linked_accounts_are_one_newcomer(chat: Chat, welcomes: Welcomes) -> None:
    switched(chat, "on")
    chat.happens("first_line", to="Nina")
    assert len(chat.heard()) == 1
    elsewhere = Dialogue(MODULE, welcomes, entity="discord:channel:9/5", now=A_MONDAY)
    elsewhere.happens("first_line", to="Nina-too")
    assert elsewhere.heard() == []


@pytest.mark.parametrize("happens", ["first_line", "member_join"])
def test_a_raid_is_five_lines_a_minute(chat: Chat, happens: str) -> None:
    switched(chat, "on", "join on")
    for number in range(500):
        chat.happens(happens, to=f"Raider{number}")
    assert len(chat.heard()) == 5
    chat.wait(timedelta(seconds=61))
    chat.happens(happens, to="Bo")
    assert chat.heard() == [HELLO]


def test_it_is_said_in_the_channel_that_was_named(welcomes: Welcomes) -> None:
    chat = Dialogue(MODULE, welcomes, entity="discord:channel:9/5", now=A_MONDAY)
    switched(chat, "on", "in <#77>")
    chat.happens("first_line", to="Bo")
    assert chat.heard() == []
    assert chat.done()[-1:] == [SayElsewhere(HELLO, place="discord:channel:9/77")]
    there = Dialogue(MODULE, welcomes, entity="discord:channel:9/77", now=A_MONDAY)
    there.happens("first_line", to="Ida")
    assert there.heard() == ["Welcome, Ida! Good to have you here."]


def test_the_channel_that_is_named_is_told_where_it_is_of_this_community(
    welcomes: Welcomes, connection: Connection
) -> None:
    """The house says whose it is: nothing is planned in a place that somebody typed, as that would
    open it, and on Discord the bot may write in another server's channel of that id."""
    chat = Dialogue(MODULE, welcomes, entity="discord:channel:9/5", now=A_MONDAY)
    switched(chat, "in <#77>")
    [told] = chat.done()
    assert isinstance(told, SayElsewhere)
    assert told.place == "discord:channel:9/77"
    assert told.text.startswith("Newcomers are welcomed here from now on")
    assert connection.execute("SELECT FROM due").fetchall() == []
    switched(chat, "in here", "in usual")
    assert chat.done() == []


def test_a_name_is_no_part_of_the_text(chat: Chat) -> None:
    switched(chat, "on", "text Hi {user}")
    chat.happens("first_line", to="$(channel) {community}")
    assert chat.heard() == ["Hi $(channel) {community}"]


def test_first_lines_are_awaited_in_this_community_alone(
    chat: Chat, connection: Connection
) -> None:
    switched(chat, "on")
    chat.happens("first_line")
    assert chat.heard() == []
    assert Welcomes(connection).find(2).is_on is False


def test_what_is_kept_of_a_person_is_told_and_goes(chat: Chat, welcomes: Welcomes) -> None:
    switched(chat, "on")
    chat.happens("first_line", to="Bo")
    assert export(1, "twitch", "bo", welcomes) == [
        {"kind": "welcome", "welcomed_at": A_MONDAY.isoformat()}
    ]
    assert export(2, "twitch", "bo", welcomes) == export(1, "discord", "bo", welcomes) == []
    assert erase(1, "discord", "bo", welcomes) == 0
    assert erase(1, "twitch", "bo", welcomes) == 1
    assert export(1, "twitch", "bo", welcomes) == []
