"""Private talk acts in a community of its person's, and in none of anybody else's."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import pytest

from local.stand_ins.people import stable_number
from tests.helpers import signed
from tests.helpers.chatting import PATIENCE, says, whispers
from tests.helpers.homes import own_place
from tests.helpers.house import Chat, House
from tests.helpers.reminding import comes_now

UNKNOWN = "I know of no community that you are in"


def settles(chat: Chat, line: str, answer: str) -> None:
    """What was said is in the record a moment later; until then nobody knows of it."""
    _until(lambda: answer in whispers(chat, line, ""), f"{line} is not answered with {answer!r}")


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, otherwise
        time.sleep(0.3)


def another(chat: Chat) -> Chat:
    """A place of another community, with the same viewer."""
    place = own_place(chat.on) | {"viewer": chat.viewer}
    there = chat.house.chat(on=chat.on, **place)
    there.says("olga", "hello everybody")
    assert there.heard()
    return there


def mention(chat: Chat) -> str:
    """Of the viewer, as the platform sends it."""
    return f"@{chat.viewer}" if chat.on == "twitch" else f"<@{id_of(chat)}>"


def id_of(chat: Chat) -> str:
    number = stable_number(chat.viewer)
    before = {"discord": f"3020000{number:011d}", "slack": f"U1{number}"}
    return before.get(chat.on, f"42{number:011d}")


def named(chat: Chat, name: str) -> str:
    called = f"{name} {uuid.uuid4().hex[:6]}"
    says(chat, "olga", f"!community name {called}", f"is called {called} now")
    return called


@pytest.mark.parametrize("chat", ["discord", "twitch"], indirect=True)
def test_who_is_in_no_community_has_what_concerns_them_alone(chat: Chat) -> None:
    whispers(chat, "!quote", UNKNOWN)
    whispers(chat, "!addquote mine", UNKNOWN)
    assert "!quote" not in whispers(chat, "!help", "More about one")
    whispers(chat, "!whoami", "You are")
    whispers(chat, "!privacy", "See what there is")
    whispers(chat, "!identity link slack nobody", "")
    whispers(chat, "!verify 7F3KQ9", "not for you, or too old")
    whispers(chat, "good morning", "Hello! I am here for commands")


@pytest.mark.parametrize("chat", ["discord", "twitch", "slack"], indirect=True)
def test_in_one_community_private_lines_act_there_with_the_rights_of_there(chat: Chat) -> None:
    word = f"w{uuid.uuid4().hex[:8]}"  # on Slack its workspace has others
    says(chat, "olga", f"!addquote {word} on", "Kept as quote #")
    says(chat, "ana", f"!quote {word}", f"{word} on")
    settles(chat, f"!quote {word}", f"{word} on")
    whispers(chat, f"quote {word}", f"{word} on")
    whispers(chat, "!addquote mine", "!addquote is for moderators only")
    says(chat, "olga", f"!roles give {mention(chat)} moderator", "moderator")
    words = f"ice {uuid.uuid4().hex[:8]}"
    whispers(chat, f"!addquote {words}", "Kept as quote #")
    says(chat, "ana", f"!quote {words}", words)
    says(chat, "olga", f"!roles give {mention(chat)} none", "has no role here any more")
    whispers(chat, "!rules list", "!rules list is for moderators only")


@pytest.mark.parametrize("chat", ["discord", "twitch"], indirect=True)
def test_in_several_one_question_is_asked_and_its_answer_is_kept(chat: Chat) -> None:
    there = another(chat)
    here, other = named(chat, "Aardvarks"), named(there, "Zebras")
    says(chat, "olga", "!settings set prefix ?", "prefix is ? now")
    says(chat, "olga", "?addquote Small steps", "Kept as quote #1")
    says(there, "olga", "!addquote Big jumps", "Kept as quote #1")
    says(chat, "ana", "?quote 1", "Small steps")
    says(there, "ana", "!quote 1", "Big jumps")
    settles(chat, "!quote 1", f"1 {here}, 2 {other}")
    whispers(chat, "2", "Big jumps")
    whispers(chat, "!quote 1", "Big jumps")
    whispers(chat, "2", "Hello! I am here for commands")
    whispers(chat, f"!community use {here.lower()}", f"acts in {here} for an hour")
    whispers(chat, "?quote 1", "Small steps")
    whispers(chat, "!community use", f"1 {here}, 2 {other}")
    whispers(chat, "2", f"This is {other}")
    whispers(chat, "!community use 1", f"acts in {here}")
    whispers(chat, "!community info", f"This is {here}")


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_nobody_acts_in_a_community_that_they_are_not_in(chat: Chat) -> None:
    there, closed = another(chat), another(chat)
    named(chat, "Aardvarks")
    named(there, "Bees")
    secret = named(closed, "Cats")
    says(chat, "ana", "!help", "More about one")
    says(there, "ana", "!help", "More about one")
    settles(chat, "!quote 1", "You are in several communities")
    whispers(chat, "3", "Hello! I am here for commands")
    whispers(chat, "!community use 3", "You are in no community called '3'")
    whispers(chat, f"!community use {secret}", "You are in no community called")
    whispers(chat, f"!community use discord:server:{closed.server}", "You are in no community")
    assert secret not in whispers(chat, "!community use", "Which one do you mean?")


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_what_somebody_is_in_one_community_is_nothing_in_another(chat: Chat) -> None:
    there = another(chat)
    named(chat, "Aardvarks")
    zebras = named(there, "Zebras")
    says(chat, "olga", f"!roles give {mention(chat)} owner", "owner")
    says(chat, "ana", "!help", "More about one")
    says(there, "ana", "!help", "More about one")
    settles(chat, "!community use zeb", "You are in no community called 'zeb'")
    whispers(chat, f"!community use {zebras}", f"acts in {zebras}")
    whispers(chat, "!settings set keep 0", "is for admins only")
    whispers(chat, "!community use 1", "acts in Aardvarks")
    whispers(chat, "!settings set keep 3", "keep is 3 now")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_who_was_banned_acts_there_no_more_until_they_are_seen_again(chat: Chat) -> None:
    says(chat, "olga", "!addquote Waddle on", "Kept as quote #")
    says(chat, "ana", "!quote 1", "Waddle on")
    settles(chat, "!quote 1", "Waddle on")
    banned(chat.house, chat.channel, user=id_of(chat), name=chat.viewer)
    settles(chat, "!quote 1", UNKNOWN)
    says(chat, "olga", f"!roles give {mention(chat)} owner", "owner")
    whispers(chat, "!settings list", UNKNOWN)
    says(chat, "ana", "!quote 1", "Waddle on")
    settles(chat, "!quote 1", "Waddle on")


@pytest.mark.parametrize("chat", ["discord", "twitch"], indirect=True)
def test_whom_moderators_sent_away_by_me_acts_there_no_more(chat: Chat) -> None:
    word = f"w{uuid.uuid4().hex[:8]}"
    says(chat, "olga", f"!addquote {word} on", "Kept as quote #")
    says(chat, "ana", f"!quote {word}", f"{word} on")
    settles(chat, f"!quote {word}", f"{word} on")
    says(chat, "olga", f"!timeout {mention(chat)} 10m calm down", "may not write for 10 minutes")
    settles(chat, f"!quote {word}", UNKNOWN)


def banned(house: House, channel: str, *, user: str, name: str) -> None:
    body = {
        "subscription": {
            "id": str(uuid.uuid4()),
            "type": "channel.ban",
            "version": "1",
            "status": "enabled",
            "cost": 0,
            "condition": {"broadcaster_user_id": channel},
            "transport": {"method": "webhook", "callback": "https://example.org/webhooks/twitch"},
            "created_at": "2026-11-01T12:00:00Z",
        },
        "event": {
            "user_id": user,
            "user_login": name,
            "user_name": name,
            "broadcaster_user_id": channel,
            "broadcaster_user_login": "somebody",
            "broadcaster_user_name": "Somebody",
            "moderator_user_id": "1",
            "moderator_user_login": "mod",
            "moderator_user_name": "Mod",
            "reason": "",
            "banned_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "ends_at": None,
            "is_permanent": True,
        },
    }
    status, _ = signed.twitch(house, body).send(house)
    assert status in {200, 204}


@pytest.mark.parametrize("chat", ["discord", "slack"], indirect=True)
def test_what_is_about_a_place_is_refused_where_there_is_none(chat: Chat) -> None:
    says(chat, "olga", f"!roles give {mention(chat)} owner", "owner")
    says(chat, "ana", "!help", "More about one")
    refused = "Private talk is no place of a community"
    settles(chat, "!waddlebot off", refused)
    whispers(chat, "!command off !quote here", refused)
    whispers(chat, "!community join 7F3KQ9TZ", refused)
    whispers(chat, "!community leave", refused)
    says(chat, "olga", f"!roles give {mention(chat)} none", "has no role here any more")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_nothing_is_done_to_people_from_where_no_channel_is(chat: Chat) -> None:
    says(chat, "ana", "!help", "More about one")
    says(chat, "olga", f"!roles give {mention(chat)} owner", "owner")
    refused = "Private talk is no place of a community"
    settles(chat, "!announce hello", refused)
    whispers(chat, "!timeout @max 10m", refused)
    whispers(chat, "!settings set moderators here", refused)


@pytest.mark.parametrize("chat", ["discord", "twitch"], indirect=True)
def test_a_reminder_that_was_asked_for_privately_comes_back_there(chat: Chat) -> None:
    there = another(chat)
    here, _ = named(chat, "Aardvarks"), named(there, "Zebras")
    says(chat, "ana", "!help", "More about one")
    word = f"w{uuid.uuid4().hex[:8]}"
    settles(chat, f"!remind 10m {word}", "I will remind you")
    says(there, "ana", "!help", "More about one")
    settles(chat, "!community use nothing", "You are in no community called")
    settles(chat, f"!community use {here}", "acts in")
    comes_now(chat.house, word)
    told = chat.hears(word, within=PATIENCE, to=chat.viewer)
    assert told
    assert told["kind"] == "private", told
