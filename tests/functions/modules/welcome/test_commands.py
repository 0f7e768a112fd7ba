"""A welcome as moderators keep it."""

from __future__ import annotations

import pytest

from functions.modules.welcome.store import Welcomes
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Welcomes]


def told(chat: Chat, line: str) -> str:
    chat.says("Max", line, role="moderator")
    [said] = chat.heard()
    return said


def test_it_is_off_until_somebody_switches_it_on(chat: Chat) -> None:
    shown = told(chat, "!welcome")
    assert shown.startswith("Nobody is welcomed yet. They would read: “Welcome, Max!")
    assert "!welcome on" in shown
    assert "whom I know already is not" in told(chat, "!welcome on")
    shown = told(chat, "!welcome")
    assert shown.startswith("Whoever writes for the first time is welcomed where that happens, 5")
    assert shown.endswith("Off: !welcome off")
    assert "Again: !welcome on" in told(chat, "!welcome off")
    assert told(chat, "!welcome").startswith("Nobody is welcomed yet")


def test_the_text_is_shown_as_newcomers_read_it_when_it_is_kept(chat: Chat) -> None:
    kept = told(chat, '!welcome text "Hi {user},  this is {Community} ✨"')
    assert "You would read: “Hi Max, this is Demo ✨”" in kept
    assert kept.endswith("Nobody is welcomed yet: !welcome on")
    assert "$(time" not in told(chat, "!welcome text It is $(time UTC), ${user}")
    assert "“Welcome, Max! Good to have you here.”" in told(chat, "!welcome text usual")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("text", "Usage: !welcome text <words>"),
        ('text ""', "Usage: !welcome text <words>"),
        ("text \u3164", "And what do newcomers read?"),
        (f"text {'x' * 401}", "400 characters at most"),
        ("text Hi $(1)", "$(1) needs somebody who types"),
        ("text You are $(count)", "$(count) needs somebody who types"),
        ("text $(urlfetch https://example.org)", "$(urlfetch) needs somebody who types"),
        ("text Hi $(user", "has no end"),
        ("text Hi $(eval 1)", "welcome text Welcome to {community}, {user}!"),
        ("in", "Usage: !welcome in <place>"),
        ("in lobby", "'lobby' is no channel that I can read"),
        ("join", "Usage: !welcome join <on-or-off>"),
        ("join maybe", "'maybe' is neither on nor off"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_type_and_changes_nothing(
    chat: Chat, welcomes: Welcomes, typed: str, answer: str
) -> None:
    assert answer in told(chat, f"!welcome {typed}")
    assert welcomes.find(1) == welcomes.find(2)


def test_viewers_change_nothing(chat: Chat, welcomes: Welcomes) -> None:
    for line in ("!welcome", "!welcome on", "!welcome text Hi", "!welcome join on"):
        chat.says("Ana", line)
        [said] = chat.heard()
        assert "moderator" in said
    assert welcomes.find(1) == welcomes.find(2)


def test_a_place_is_named_here_or_as_usual(chat: Chat, welcomes: Welcomes) -> None:
    assert "welcomed here" in told(chat, "!welcome in here")
    assert welcomes.find(1).place == "twitch:channel:demo"
    assert "where that happens" in told(chat, "!welcome in usual")
    assert welcomes.find(1).place == ""


def test_a_channel_of_the_server_is_named_by_its_mark(welcomes: Welcomes) -> None:
    from functions.modules.welcome.module import MODULE

    chat = Dialogue(MODULE, welcomes, entity="slack:channel:T1/C1")
    told(chat, "!welcome in <#C2|lobby>")
    assert welcomes.find(1).place == "slack:channel:T1/C2"


def test_who_joins_is_a_switch_of_its_own(chat: Chat) -> None:
    assert "joins a server or workspace" in told(chat, "!welcome join on")
    assert told(chat, "!welcome").startswith("Whoever joins is welcomed")
    told(chat, "!welcome on")
    assert told(chat, "!welcome").endswith("Off: !welcome off and !welcome join off")
    told(chat, "!welcome join off")
    assert told(chat, "!welcome").startswith("Whoever writes for the first time")
