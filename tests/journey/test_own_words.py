"""A community with a prefix and names of its own: nothing that it reads is typed as elsewhere."""

from __future__ import annotations

import re

import pytest

from functions.modules.memories.module import MODULE
from tests.helpers.chatting import says
from tests.helpers.house import Chat

NAMES = {
    "addquote": "keep",
    "quote": "show",
    "quotes": "shelf",
    "addurl": "keeplink",
    "urls": "links",
    "addnote": "jot",
    "note": "jotted",
    "remind": "nudge",
    "reminders": "nudges",
    "forget": "nevermind",
    "memories": "treasure",
    "pin": "stick",
    "memo": "whisper",
    "memos": "whispers",
    "snooze": "later",
    "onthisday": "yearsago",
    "importquotes": "bringquotes",
}
SPELLED = re.compile(r"(?<![\w!])!\w+")
NAMED = re.compile(r"\?(\w+)")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_a_module_is_talked_of_as_it_is_called_here(chat: Chat) -> None:
    says(chat, "olga", "!settings set prefix ?", "prefix is ? now")
    for own, name in NAMES.items():
        says(chat, "olga", f"?command rename {own} {name}", f"{own} is called {name} here now")
    chat.from_now_on()

    asked = {
        "?show": "No quotes yet. A moderator adds one: ?keep <words>",
        "?links": "No links yet. A moderator adds one: ?keeplink <title> <address>",
        "?jotted": "No notes yet. A moderator adds one: ?jot <title> <content>",
        "?nudges": "Set one: ?nudge 10m stretch",
        "?nevermind 7": "See yours: ?nudges",
        "?treasure list birds": "Try: ?treasure list quotes",
        "?treasure fly": "'fly' is nothing that ?treasure does.",
        "?jot": 'Usage: ?jot <title> <content>. Example: ?jot "Game night"',
        "?help addquote": "?keep [words]: Keep a quote",
        "?help memories": "treasure: ",
    }
    told = []
    for line, answer in asked.items():
        heard = chat.asks("olga", line, answer, within=20)
        assert heard, line
        told.append(heard["text"])

    for text in told:
        assert not SPELLED.search(text), text
        assert set(NAMED.findall(text)) <= {*NAMES.values(), "help", "mem"}, text
    says(chat, "olga", "?keep Waddle !addquote on", "Kept as quote #1")
    says(chat, "olga", "?show 1", "#1: Waddle !addquote on")


def test_all_of_the_module_has_another_name_there() -> None:
    assert {one.path for one in MODULE.commands if " " not in one.path} == set(NAMES)
