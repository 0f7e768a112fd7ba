from __future__ import annotations

from functions.modules.polls.personal_data import erase, export
from functions.modules.polls.polling import Polls
from tests.functions.modules.polls.letting_time_pass import let_time_pass
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import General
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Polls]


def filled(chat: Chat) -> None:
    """One that is over, one that is open; Ana voted in both."""
    for name in ("Which?", "What?"):
        chat.says("Max", f'!poll "{name}" a | b', role="moderator")
        chat.says("Ana", "!vote a")
        chat.says("Bob", "!vote b")
        if name == "Which?":
            chat.says("Max", "!poll close", role="moderator")
    chat.heard()
    chat.shown()


def test_a_person_gets_their_votes_and_what_they_opened(chat: Chat, polls: Polls) -> None:
    filled(chat)
    records = export(1, "twitch", "ana", polls)
    assert [(one["kind"], one["number"], one["chosen"]) for one in records] == [
        ("vote", 1, "a"),
        ("vote", 2, "a"),
    ]
    opened = export(1, "twitch", "max", polls)
    assert [(one["kind"], one["question"]) for one in opened] == [
        ("poll", "Which?"),
        ("poll", "What?"),
    ]
    assert export(1, "discord", "ana", polls) == export(2, "twitch", "ana", polls) == []


def test_votes_go_and_what_is_over_keeps_its_numbers(
    chat: Chat, polls: Polls, connection: Connection
) -> None:
    filled(chat)
    assert erase(1, "twitch", "ana", polls) == 2
    assert export(1, "twitch", "ana", polls) == []
    chat.says("Bob", "!poll 1")
    chat.says("Bob", "!poll 2")
    over, still_open = chat.heard()
    assert "a and b share the first place with 1 of 2 votes each" in over
    assert "1 a (0) · 2 b (1). 1 vote so far" in still_open
    let_time_pass(chat, connection, days=400)
    charts = [one for one in chat.shown() if isinstance(one, General)]
    assert [one["votes"] for one in charts[-1].details["options"]] == [0, 1]


def test_a_poll_stays_without_who_opened_it(chat: Chat, polls: Polls) -> None:
    filled(chat)
    assert erase(1, "twitch", "max", polls) == 2
    assert export(1, "twitch", "max", polls) == []
