"""A welcome as moderators keep it."""

from __future__ import annotations

from typing import Any

import pytest

from functions.modules.welcome.module import MODULE
from functions.modules.welcome.store import Welcomes
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Welcomes]


def told(chat: Chat, line: str, **data: Any) -> str:
    chat.says("Max", line, role="moderator", data=data)
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
    chat = Dialogue(MODULE, welcomes, entity="slack:channel:T1/C1")
    told(chat, "!welcome in <#C2|lobby>")
    assert welcomes.find(1).place == "slack:channel:T1/C2"


def test_a_channel_is_named_as_people_read_it(welcomes: Welcomes) -> None:
    """So it stands in a line of which the platform told what its channels are called."""
    chat = Dialogue(MODULE, welcomes, entity="discord:channel:9/5")
    said = told(chat, "!welcome in #lobby", channels={"lobby": "77"})
    assert said.startswith("Newcomers are welcomed in #lobby. Should I say nothing there now, type")
    assert welcomes.find(1).place == "discord:channel:9/77"
    for odd in (["lobby"], {"lobby": 77}, {"lobby": "7/8 9"}, {"pond": "78"}):
        assert "'#lobby' is no channel" in told(chat, "!welcome in #lobby", channels=odd)
    told(chat, f"!welcome in <#78|{'lobby' * 100}>")
    assert len(welcomes.find(1).place_name) <= 100


def test_on_twitch_no_other_channel_is_named(chat: Chat, welcomes: Welcomes) -> None:
    assert "'<#77>' is no channel that I can read" in told(chat, "!welcome in <#77>")
    assert welcomes.find(1).place == ""


def test_who_joins_is_a_switch_of_its_own(chat: Chat) -> None:
    assert "joins a server or workspace" in told(chat, "!welcome join on")
    assert told(chat, "!welcome").startswith("Whoever joins is welcomed")
    told(chat, "!welcome on")
    assert told(chat, "!welcome").endswith("Off: !welcome off and !welcome join off")
    told(chat, "!welcome join off")
    assert told(chat, "!welcome").startswith("Whoever writes for the first time")
