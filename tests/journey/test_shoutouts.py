"""Other streamers are recommended in a house that runs as for people, as each platform shows it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.helpers import signed
from tests.helpers.chatting import says
from tests.helpers.house import Chat

PATIENCE = 20.0
EVERYWHERE = pytest.mark.parametrize("chat", ["discord", "slack", "twitch"], indirect=True)
OLGA = "Check out Olga, last seen playing Just Chatting: https://twitch.tv/olga"


def hears(chat: Chat, words: str) -> dict[str, Any]:
    heard = chat.hears(words, within=PATIENCE)
    assert heard, (words, chat._seen)
    return heard


@EVERYWHERE
def test_a_streamer_is_recommended_and_has_words_of_their_own(chat: Chat) -> None:
    says(chat, "ana", "!so olga", "is for moderators only")
    chat.says("max", "!so olga")
    hears(chat, OLGA)
    chat.says("max", "!so text olga See {user} play {game}, @everyone: {link}")
    hears(chat, "That is said of olga from now on")
    chat.says("max", "!shoutout @nobodyatall")
    hears(chat, "nobody called nobodyatall")
    chat.from_now_on()
    chat.says("max", "!so olga")
    told = hears(chat, "See Olga play Just Chatting")
    assert not told.get("pings")
    says(chat, "max", "!so list", "Friends: Olga")
    says(chat, "max", "!so history", "Olga (Just Chatting)")


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_a_mention_is_no_name_on_twitch(chat: Chat) -> None:
    chat.says("max", "!so @olga")
    hears(chat, "is no name on Twitch")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_a_raid_is_answered_once_where_a_moderator_wants_that(chat: Chat) -> None:
    says(chat, "max", "!so raid 5", "Raids of 5 viewers or more")
    once = str(uuid.uuid4())
    for message in (once, once, str(uuid.uuid4())):
        _raid(chat, message)
    hears(chat, "Check out Gus")
    assert not chat.hears("Check out Gus", within=3)


def _raid(chat: Chat, message: str) -> None:
    to = {"to_broadcaster_user_id": chat.channel}
    about = {"id": message, "type": "channel.raid", "version": "1", "status": "enabled"}
    who = {"id": "77", "login": "gus", "name": "Gus"}
    raid = {f"from_broadcaster_user_{name}": value for name, value in who.items()}
    body = {"subscription": {**about, "condition": to}, "event": {**raid, **to, "viewers": 42}}
    assert signed.twitch(chat.house, body).send(chat.house)[0] in {200, 204}
