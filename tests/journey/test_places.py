"""What holds in a channel holds in its threads, and at once."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import a_thread, says, within
from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_a_thread_has_its_channels_settings_and_is_greeted_by_nobody(chat: Chat) -> None:
    thread = a_thread()
    there = within(chat, thread)

    def says_there(who: str, text: str) -> None:
        chat.says(who, text, thread=thread)

    says_there("ana", "hello all")
    says(chat, "olga", "!commands off #roll here", "off in this channel")
    says_there("ana", "#roll 2d6")
    says_there("olga", "!addquote Waddle on")
    assert there.hears("Kept as quote #1", within=10)
    assert there._seen == [], "what is said in a place comes in order"
    says(chat, "olga", "!waddlebot off", "I am quiet in this channel now")
    says_there("ana", "!quote 1")
    says_there("olga", "!waddlebot on")
    assert there.hears("I am back", within=10)
    assert there._seen == []
    says(chat, "ana", "!quote 1", "Waddle on")


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_another_channel_of_a_server_is_not_greeted_again(chat: Chat) -> None:
    another = chat.house.chat(on="discord", channel=a_thread(), server=chat.server)
    another.says(chat.viewer, "hello all")
    assert another.silent()


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_a_slash_command_in_a_thread_goes_by_its_channel(chat: Chat) -> None:
    there = within(chat, thread := a_thread())
    says(chat, "olga", "!waddlebot off", "I am quiet in this channel now")
    chat.says("olga", "/waddlebot on", thread=thread, untold=True)
    assert there.hears("I am back", within=10)
    says(chat, "olga", "!addquote Waddle on", "Kept as quote #1")


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_quiet_is_in_force_on_the_next_line_wherever_else_something_was_said(chat: Chat) -> None:
    elsewhere = chat.house.chat(on="discord", channel=a_thread(), server=chat.server)
    elsewhere.says(chat.viewer, "the channel is there")
    says(chat, "max", "!waddlebot off", "I am quiet")
    elsewhere.says(chat.viewer, "just a line")
    chat.from_now_on()
    chat.says("ana", "!help")
    assert chat.silent()
    says(chat, "max", "!waddlebot on", "I am back")


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_moderators_are_told_in_the_channel_that_an_admin_names(chat: Chat) -> None:
    moderators = within(chat, a_thread())
    moderators.says(chat.viewer, "hello")  # the channel is there
    says(chat, "ana", "!settings set moderators here", "is for admins only")
    says(
        chat, "olga", "!settings set moderators #nowhere", "#nowhere is no place of this community"
    )
    says(chat, "olga", f"!settings set moderators #{moderators.channel}", "is told in ")
    says(chat, "olga", "!rules add word nitro block", "nitro")
    chat.says("ana", "free nitro")
    assert moderators.hears("said something that", within=10)
    says(chat, "olga", "!settings set moderators here", "is told here now")
    assert chat.asks("ana", "more nitro", "said something that", within=10)
