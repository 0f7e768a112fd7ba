"""A community sets its own prefix and names; the next line goes by them."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_commands_go_by_the_communitys_own_words_from_the_next_line(chat: Chat) -> None:
    says(chat, "olga", "!addquote Waddle on", "Kept as quote #1")
    says(chat, "olga", "!commands rename !quote zitat", "quote is called zitat here now")
    says(chat, "olga", "!zitat 1", "Waddle on")
    says(chat, "olga", "!settings set prefix ?", "prefix is ? now, it was !")
    says(chat, "olga", "?zitat 1", "Waddle on")
    says(chat, "olga", "?help zitat", "?zitat [number-or-words]")
    says(chat, "olga", "?help memories", "?zitat")
    says(chat, "ana", "?addquote Mine", "?addquote is for moderators only.")
    says(chat, "olga", "?settings", "Here commands begin with ?")
    chat.from_now_on()
    chat.says("olga", "!zitat 1")
    chat.says("olga", "?quote 1")
    assert chat.silent()
    says(chat, "olga", "?settings set prefix usual", "prefix is ! now, it was ?")
    says(chat, "olga", "!commands rename zitat quote", "quote is called by its own name")
    says(chat, "olga", "!quote 1", "Waddle on")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_what_cannot_be_called_otherwise_is_said(chat: Chat) -> None:
    says(chat, "olga", "!commands rename !quote help", "There is a command 'help' already")
    says(chat, "olga", "!commands rename #roll dice", "#roll keeps its name")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_what_cannot_be_set_is_said(chat: Chat) -> None:
    says(chat, "max", "!settings set keep 3", "is for admins only", to="max")
    says(chat, "olga", "!settings set prefix bot", "one to three signs")
    says(chat, "olga", "!settings set keep 31", "at most 30")
    says(chat, "olga", "!settings set timezone Moon", "'Moon' is no time zone")
    says(chat, "olga", "!settings set language klingonese", "Say a language")
    says(chat, "olga", "!settings set colour red", "There are the settings")
    says(chat, "olga", "!settings set timezone europe/berlin", "timezone is Europe/Berlin now")
