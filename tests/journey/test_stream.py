"""What runs on a channel, in a house that runs as for people: said on every platform, and changed
by who moderates where the streamer ticked it."""

from __future__ import annotations

import uuid

import pytest

from tests.helpers.chatting import says
from tests.helpers.connecting import a_streamer, allows, channel_of, until
from tests.helpers.house import Chat, House
from tests.helpers.inviting import invited, settled
from tests.helpers.signing_in import Browser
from waddlebot.platforms.twitch.connecting import BROADCAST, FOLLOWERS


def a_channel(house: House, *ticked: str) -> tuple[Chat, str]:
    """Of a streamer who let the bot in, and where it is heard by now."""
    streamer = a_streamer()
    assert allows(Browser(house), streamer, *ticked).status == 200
    viewer = f"sam{uuid.uuid4().hex[:8]}"
    chat = house.chat(on="twitch", channel=channel_of(streamer), viewer=viewer)
    assert until(lambda: chat.says("ana", "!help quote")["accepted"])
    assert chat.hears("Show a quote", within=15.0)
    return chat, streamer


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_it_is_answered_on_every_platform(chat: Chat) -> None:
    """The workspace has a Twitch channel, the channel of Discord is on its own."""
    has_one = chat.on != "discord"
    says(chat, "ana", "!uptime", " live" if has_one else "!community invite")
    says(chat, "ana", "!title", "Title of " if has_one else "No Twitch channel belongs")
    says(chat, "ana", "!game", "Game of " if has_one else "No Twitch channel belongs")
    told = "allows it" if chat.on == "twitch" else "!identity link twitch"
    says(chat, "ana", "!followage", told)
    says(chat, "ana", "!title Mine", "by moderators only")


@pytest.mark.xdist_group("invitations")
def test_a_channel_that_joined_is_told_next_door(house: House) -> None:
    next_door = settled(house, "discord")
    chat, streamer = a_channel(house, FOLLOWERS)
    says(chat, streamer, f"!community join {invited(next_door)}", "Welcome to")
    says(next_door, "ana", "!title", f"Title of {channel_of(streamer)}: Waddling")
    says(next_door, "ana", f"!followage {streamer}", "follow")
    says(next_door, "olga", "!title Next door", "own chat on Twitch")


def test_who_moderates_changes_title_and_game_where_it_was_ticked(house: House) -> None:
    chat, streamer = a_channel(house, BROADCAST)
    says(chat, streamer, "!title Waddling @everyone", "stream is now: Waddling @")
    says(chat, "ana", "!title", f"Title of {channel_of(streamer)}: Waddling @")
    says(chat, streamer, "!game Celest", "It knows: Celeste.")
    says(chat, streamer, "!game celeste", "The game of the stream is now: celeste")
    says(chat, "ana", "!title Mine", "by moderators only")


def test_what_was_not_ticked_is_not_changed_and_who_asked_reads_what_helps(house: House) -> None:
    chat, streamer = a_channel(house)
    said = chat.asks(streamer, "!title Mine", "they tick it on the page", within=15.0, to=streamer)
    assert said, chat._seen
