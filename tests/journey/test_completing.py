"""Whoever types a slash command on Discord is offered what fits: by right, by place, by module."""

from __future__ import annotations

import uuid

import pytest

from tests.helpers.house import Chat
from tests.helpers.typing_in import finds, takes, types

DISCORD = pytest.mark.parametrize("chat", ["discord"], indirect=True)
SLACK = pytest.mark.parametrize("chat", ["slack"], indirect=True)
QUOTE = "number-or-words"


def keeps_a_quote(chat: Chat, words: str) -> None:
    assert chat.asks("max", f"!addquote {words}", "Kept", within=15)


@DISCORD
def test_commands_are_offered_by_their_beginnings_and_what_may_follow(chat: Chat) -> None:
    offered = types(chat, "ana", "quo")
    assert offered["quote"].startswith("!quote [number-or-words]: Show a quote")
    assert "quotes" in offered
    assert {"overlay theme", "overlay rotate"} <= types(chat, "max", "overlay ").keys()
    assert "help" in types(chat, "ana", "")


@DISCORD
def test_nobody_is_offered_what_they_may_not_use(chat: Chat) -> None:
    assert "addquote" in types(chat, "max", "addq")
    assert types(chat, "ana", "addq") == {}
    assert types(chat, "ana", "", command="overlay theme", option="theme") == {}
    assert "limits set" not in types(chat, "ana", "limits", command="help")
    assert "limits set" in types(chat, "max", "limits", command="help")


@DISCORD
def test_an_argument_that_takes_few_words_offers_them(chat: Chat) -> None:
    assert list(types(chat, "max", "neo", command="overlay theme", option="theme")) == ["neon"]
    offered = types(chat, "max", "overlay theme neo")
    assert offered["overlay theme neon"] == "neon"
    assert "notes" in types(chat, "ana", "no", command="memories list", option="kind")


@DISCORD
def test_a_module_offers_what_it_keeps_in_this_community(chat: Chat) -> None:
    words = f"Waddle {uuid.uuid4().hex}"
    keeps_a_quote(chat, f"{words} @everyone")
    shown = types(chat, "ana", words[:20], command="memories quote", option=QUOTE)
    assert list(shown) == ["1"]
    assert words in shown["1"]
    assert "@everyone" not in shown["1"]
    assert words in types(chat, "ana", f"quote {words[:20]}")["quote 1"]


@DISCORD
def test_a_community_function_offers_what_it_declares(chat: Chat) -> None:
    assert list(types(chat, "ana", "2", command="roll", option="dice")) == ["2d6", "d20", "3d6+2"]
    assert "#roll 2d6" in types(chat, "ana", "#roll 2d")


@DISCORD
def test_aliases_are_offered_where_one_is_named(chat: Chat) -> None:
    assert chat.asks("max", "!alias add waddling = !quote $1", "stands for", within=15)
    assert "waddling" in types(chat, "ana", "wad", command="alias show", option="name")
    assert "waddling" in types(chat, "ana", "wadd")


@DISCORD
def test_what_a_community_keeps_is_offered_to_whoever_changes_it(chat: Chat) -> None:
    for line, answer in (
        ('!rules add contains "free nitro" block', "Added"),
        ("!labels make regular", "There is a label"),
        ("!addcom waddlehi Hi $(user)!", "says"),
    ):
        assert chat.asks("max", line, answer, within=15)
    [shown] = types(chat, "max", "nitro", command="rules off", option="number").values()
    assert "free nitro" in shown
    assert types(chat, "ana", "nitro", command="rules off", option="number") == {}
    assert list(types(chat, "max", "reg", command="labels drop", option="name")) == ["regular"]
    assert "waddlehi" in types(chat, "max", "wadd", command="custom edit", option="name")
    assert "waddlehi" in types(chat, "ana", "waddleh")


@SLACK
def test_on_slack_help_has_a_field_that_finds_what_may_be_typed(chat: Chat) -> None:
    words = f"Waddle {uuid.uuid4().hex}"
    keeps_a_quote(chat, words)
    assert chat.asks("ana", "!help", "More about one", within=15)
    assert finds(chat, "ana", "quo")["quote"].startswith("!quote [number-or-words]: Show a quote")
    assert finds(chat, "ana", "addq") == {}
    assert "addquote" in finds(chat, "max", "addq")
    assert finds(chat, "ana", "nothing like it") == {}
    [(line, shown)] = finds(chat, "ana", f"quote {words}").items()
    assert words[:20] in shown
    takes(chat, "ana", line)
    assert chat.hears(words, within=15)


@DISCORD
def test_typing_is_no_call_and_nobody_else_sees_it(chat: Chat) -> None:
    for _ in range(3):
        types(chat, "ana", "", command="memories quote", option=QUOTE)
    assert chat.silent()
    chat.says("ana", "!stats")
    assert "choices" not in str(chat.heard())
