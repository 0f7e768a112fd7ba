"""Things change hands in a house that runs as for people, on each platform."""

from __future__ import annotations

import uuid

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat


def a_name() -> str:
    return f"cam{uuid.uuid4().hex[:8]}"


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_one_has_it_the_other_reads_who_and_it_comes_back(chat: Chat) -> None:
    camera = a_name()
    says(chat, "ana", f"!inventory add {camera}", "is for moderators only")
    says(chat, "max", f"!inventory add {camera} x1 Sony A7 #video", f"Added {camera} as #")
    says(chat, "ana", "!inventory take", "Usage: !inventory take <item> [count] [until]")
    says(chat, "ana", f"!inv take {camera} for 2 days", f"You have {camera} until ")
    says(chat, "max", f"!inv take {camera}", f"has {camera} until ")
    says(chat, "max", f"!inv reserve {camera}", f"number 1 in line for {camera}")
    says(chat, "ana", f"!inventory return {camera}", f"{camera} is back. It is kept for Max until ")
    assert chat.hears(f"{camera} is kept for you until ", within=20)
    says(chat, "olga", f"!inv delete {camera}", "its history stays")
    says(chat, "ana", f"!inv history {camera}", f"back {camera} from ")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_a_community_calls_it_as_it_likes(chat: Chat) -> None:
    says(chat, "olga", "!settings set prefix ?", "prefix is ? now")
    says(chat, "olga", "?command rename inventory stock", "inventory is called stock here now")

    says(chat, "max", "?stock add camera", "Added camera as #1.")
    says(chat, "ana", "?stock take", "Usage: ?stock take <item> [count] [until]. Example: ?stock")
    says(chat, "ana", "?stock take drone", "What there is: ?stock list")
    says(chat, "ana", "?stock take camera", "Give it back with ?stock return camera")
    says(chat, "max", "?stock take camera", "Wait for it: ?stock reserve camera")
    says(chat, "ana", "?stock fly", "'fly' is nothing that ?stock does.")
