"""What a platform refuses as it stands is said another way, and whoever can change it hears why."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import a_thread, says, there
from tests.helpers.house import Chat
from tests.helpers.stand_in_faults import breaks

PATIENCE = 20.0


@pytest.mark.parametrize("chat", ["discord", "twitch"], indirect=True)
def test_a_line_that_may_not_be_replied_to_is_answered_once_without_reference(chat: Chat) -> None:
    for what in {"discord": ("50035", "160002"), "twitch": ("parent_gone",)}[chat.on]:
        breaks(chat.house, chat.on, what, chat.channel, times=1)
        chat.from_now_on()
        heard = chat.asks("ana", "!reminders", "You have no reminders", within=PATIENCE)
        assert heard, what
        assert heard["in_reply_to"] is None
        assert chat.hears("You have no reminders", within=2.0) is None


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_moderators_read_once_what_opens_a_place(chat: Chat) -> None:
    moderators = there(chat, a_thread())
    moderators.says(chat.viewer, "hello")  # the channel is there
    says(chat, "olga", f"!settings set moderators #{moderators.channel}", "is told in ")
    breaks(chat.house, "discord", "50013", chat.channel, times=2)
    for _ in range(2):
        chat.says("ana", "!reminders")
    assert moderators.hears("give it Send Messages", within=PATIENCE)
    assert moderators.hears("give it Send Messages", within=3.0) is None
