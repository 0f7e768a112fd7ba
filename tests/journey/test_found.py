"""What was found by trying, and comes by the stand-ins, gives what should come."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import a_thread, says, within
from tests.helpers.found import payload_of
from tests.helpers.house import Chat, House
from tests.helpers.inviting import invited, settled

# An invitation is told to its owner privately: two at once are not told apart there.
pytestmark = pytest.mark.xdist_group("invitations")


def test_a_quiet_channel_is_quiet_though_something_was_said_elsewhere(house: House) -> None:
    lines = payload_of("17_place_kept_stale")
    chats = {"discord": settled(house, "discord"), "twitch": settled(house, "twitch")}
    quiet = chats["discord"]
    says(chats["twitch"], "olga", f"!community join {invited(quiet)}", "Welcome to")
    for line in lines[:-1]:  # each when the one before it was taken in
        chats[line["on"]].says(line["as"], line["text"])
        assert line["on"] != "discord" or quiet.hears("I am quiet", within=15)
    assert chats["twitch"].silent()
    quiet.from_now_on()
    quiet.says(lines[-1]["as"], lines[-1]["text"])
    assert quiet.silent()


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_a_new_thread_is_not_greeted_and_has_its_channels_quiet(chat: Chat) -> None:
    line, thread = payload_of("18_discord_thread_greeting"), a_thread()
    there = within(chat, thread)
    chat.says(line["as"], line["text"], thread=thread)
    assert there.silent()
    says(chat, "olga", "!waddlebot off", "I am quiet in this channel now")
    chat.says("ana", "!help", thread=thread)
    assert there.silent()
