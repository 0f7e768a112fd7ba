"""Given by hand: what is said, of whom, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from functions.modules.shoutouts.module import MODULE
from functions.modules.shoutouts.store import MOST_KEPT, Shoutouts
from functions.modules.shoutouts.words_of_friends import MOST_WORDS
from tests.functions.modules.shoutouts.talking import Talk, a_channel, nobody, says
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import General, Media, ShoutOut
from waddlebot_sdk.dialogue import Dialogue

ANA = "Check out Ana, last seen playing Celeste: https://twitch.tv/ana"


def test_a_streamer_is_recommended_in_chat_in_obs_and_by_twitch(chat: Talk) -> None:
    assert says(chat, "!so @ana", a_channel("ana")) == [ANA]
    [card] = chat.shown()
    assert isinstance(card, General)
    assert (card.content_type, card.content) == ("announcement", ANA)
    assert chat.done() == [ShoutOut("id-ana")]


def test_twitchs_own_is_not_wished_for_off_air_and_its_pause_is_not_lost(
    chat: Talk, connection: Connection
) -> None:
    connection.execute("INSERT INTO coordination (platform, channel_id) VALUES ('twitch', 'demo')")
    assert says(chat, "!so @ana", a_channel("ana")) == [ANA]
    assert chat.done() == []
    connection.execute("UPDATE coordination SET is_live = true")
    assert says(chat, "!so @ana", a_channel("ana")) == [ANA]
    assert chat.done() == [ShoutOut("id-ana")]


def test_who_is_live_is_said_to_be(chat: Talk) -> None:
    live = a_channel("ana", is_live=True)
    [told] = says(chat, "!shoutout ana", live)
    assert told == "Check out Ana, live now with Celeste: https://twitch.tv/ana"
    [told] = says(chat, "!shoutout ana", {**live, "game": ""})
    assert told == "Check out Ana, live now: https://twitch.tv/ana"


def test_without_a_word_of_twitch_there_are_the_address_and_a_kind_word(chat: Talk) -> None:
    kind = "Check out ana, a channel worth your time: https://twitch.tv/ana"
    assert says(chat, "!so @Ana") == [kind]
    silent = a_channel("ana", id="", login="", name="", game="", title="")
    assert says(chat, "!so ana", silent) == [kind]
    assert chat.done() == []


def test_three_at_a_time_each_once(chat: Talk) -> None:
    [told] = says(chat, "!so @ana bob @ANA", a_channel("ana"), a_channel("bob"))
    assert told == f"{ANA} · Check out Bob, last seen playing Celeste: https://twitch.tv/bob"
    assert chat.done() == [ShoutOut("id-ana")]
    assert "3 at most" in says(chat, "!so a1 a2 a3 a4")[0]


def test_of_a_name_that_there_is_not_everybody_else_is_recommended(chat: Talk) -> None:
    told = says(chat, "!so @ana @nobodyatall", a_channel("ana"), nobody("nobodyatall"))
    assert told[0] == ANA
    assert "There is nobody called nobodyatall on Twitch" in told[1]
    [told_alone] = says(chat, "!so @nobodyatall", nobody("nobodyatall"))
    assert "There is nobody called nobodyatall" in told_alone


@pytest.mark.parametrize("typed", ["<@301>", "../users?x", "ana,bob", "🐧", "@", "a" * 26])
def test_what_is_no_login_is_told(chat: Talk, typed: str) -> None:
    assert "is no name on Twitch" in says(chat, f"!so {typed}")[0]


def test_who_may_not_or_says_nothing_reads_how(chat: Talk) -> None:
    chat.says("Ana", "!so @bob")
    assert "needs moderator" in chat.heard()[0]
    assert says(chat, "!so")[0].startswith("Usage: !shoutout <streamers>")
    assert says(chat, "!so add")[0].startswith("Usage: !shoutout add <streamer>")


def test_twitchs_own_rests_two_minutes_and_an_hour_for_each(chat: Talk) -> None:
    says(chat, "!so ana", a_channel("ana"))
    says(chat, "!so bob", a_channel("bob"))
    assert chat.done() == [ShoutOut("id-ana")]
    chat.wait(timedelta(minutes=3))
    says(chat, "!so ana bob", a_channel("ana"), a_channel("bob"))
    assert chat.done() == [ShoutOut("id-bob")]
    chat.wait(timedelta(minutes=58))
    says(chat, "!so ana", a_channel("ana"))
    assert chat.done() == [ShoutOut("id-ana")]


def test_elsewhere_there_is_none_of_twitchs_own(shoutouts: Shoutouts) -> None:
    chat = Dialogue(MODULE, shoutouts, entity="discord:channel:77")
    assert says(chat, "!so ana", a_channel("ana")) == [ANA]
    assert chat.done() == []


def test_friends_are_listed_with_how_often_and_taken_off(chat: Talk) -> None:
    assert "Nobody is on the list of friends yet" in says(chat, "!so list")[0]
    assert "is on the list of friends. " in says(chat, "!so add @ana", a_channel("ana"))[0]
    assert "already" in says(chat, "!so add ana", a_channel("ana"))[0]
    says(chat, "!so add bob", a_channel("bob"))
    says(chat, "!so ana", a_channel("ana"))
    assert says(chat, "!so list") == ["Friends: Ana (once), Bob."]
    assert "no longer on the list" in says(chat, "!so remove ana", a_channel("ana"))[0]
    assert "is not on the list" in says(chat, "!so remove ana", a_channel("ana"))[0]
    assert "nobody called zed" in says(chat, "!so add zed", nobody("zed"))[0]
    assert "no page 2" in says(chat, "!so list 2")[0]
    assert chat.completes("!so remove ", role="moderator") == ["bob"]


def test_a_friend_has_a_text_of_their_own(chat: Talk) -> None:
    line = "!so text @ana Go and see {user} play {game} ({title}): {link} @everyone"
    assert "That is said of ana" in says(chat, line, a_channel("ana"))[0]
    said = "Go and see Ana play Celeste (Up): https://twitch.tv/ana @everyone"
    assert says(chat, "!so ana", a_channel("ana")) == [said]
    silent = "Go and see ana play something good (something good): https://twitch.tv/ana @everyone"
    assert says(chat, "!so ana") == [silent]
    assert "Go and see {user}" in says(chat, "!so text ana", a_channel("ana"))[0]
    assert "the usual is said again" in says(chat, "!so text ana reset", a_channel("ana"))[0]
    assert says(chat, "!so ana", a_channel("ana")) == [ANA]
    assert "is not on the list" in says(chat, "!so text zed reset", a_channel("zed"))[0]


def test_what_twitch_says_is_put_in_as_it_stands(chat: Talk) -> None:
    says(chat, "!so text ana {user}: {game}", a_channel("ana"))
    odd = a_channel("ana", game="{link} \\1 $(urlfetch x)", name="A\nna")
    assert says(chat, "!so ana", odd) == ["A na: {link} \\1 $(urlfetch x)"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("x" * (MOST_WORDS + 1), f"{MOST_WORDS} is the most"),
        ("Hello $(user)", "$(user) says nothing here"),
        ("Hello $(user", "Then say it again"),
        ("Hello {name}", "{name} is nothing that I know of a streamer"),
        ("\u200b\u200b", "And what is to be said"),
    ],
)
def test_a_text_is_read_before_it_is_kept(chat: Talk, words: str, why: str) -> None:
    assert why in says(chat, f"!so text ana {words}", a_channel("ana"))[0]
    assert "Nobody is on the list" in says(chat, "!so list")[0]


def test_a_friend_who_is_called_otherwise_now_is_the_same(chat: Talk) -> None:
    says(chat, "!so text ana Hi {user}", a_channel("ana"))
    renamed = a_channel("annika", id="id-ana")
    assert says(chat, "!so annika", renamed) == ["Hi Annika"]
    assert says(chat, "!so annika") == ["Hi annika"]
    someone_else = a_channel("ana", id="id-other")
    assert says(chat, "!so ana", someone_else) == [ANA]


def test_whom_twitch_did_not_say_the_id_of_gets_it_later(chat: Talk) -> None:
    says(chat, "!so add ana")
    says(chat, "!so ana", a_channel("ana"))
    says(chat, "!so text ana Hi {user}", a_channel("annika", asked="ana", id="id-ana"))
    assert says(chat, "!so list") == ["Friends: Annika (once, own text)."]


def test_who_is_blocked_gets_none(chat: Talk) -> None:
    assert "gets no shoutout here" in says(chat, "!so block @ana", a_channel("ana"))[0]
    assert "No shoutout for Ana" in says(chat, "!so ana", a_channel("ana"))[0]
    renamed = a_channel("annika", id="id-ana")
    told = says(chat, "!so annika bob", renamed, a_channel("bob"))
    assert told[0] == "Check out Bob, last seen playing Celeste: https://twitch.tv/bob"
    assert "No shoutout for Annika" in told[1]
    assert "No shoutout for ana" in says(chat, "!so ana")[0]
    assert "blocked" in says(chat, "!so add ana", a_channel("ana"))[0]
    assert "may have shoutouts again" in says(chat, "!so unblock annika", renamed)[0]
    assert says(chat, "!so ana", a_channel("ana")) == [ANA]
    assert "is not blocked" in says(chat, "!so unblock ana", a_channel("ana"))[0]


def test_a_clip_is_shown_in_place_of_the_card(chat: Talk) -> None:
    clip: dict[str, Any] = {"url": "https://clips.twitch.tv/Up", "title": "Up", "seconds": 12.5}
    assert says(chat, "!vso @ana", a_channel("ana", clips=[clip])) == [ANA]
    details = {"title": "Up", "artist": "Ana", "duration": 12.5}
    [shown] = chat.shown()
    assert shown == Media(media_type="clip", media_url=clip["url"], details=details)
    assert chat.done() == [ShoutOut("id-ana")]


def test_who_has_no_clip_is_recommended_all_the_same(chat: Talk) -> None:
    told = says(chat, "!vso ana", a_channel("ana"))
    assert told[0] == ANA
    assert "no clip of Ana" in told[1]
    assert [type(one) for one in chat.shown()] == [General]
    assert "nobody called zed" in says(chat, "!vso zed", nobody("zed"))[0]
    says(chat, "!so block ana", a_channel("ana"))
    assert "No shoutout for Ana" in says(chat, "!vso ana", a_channel("ana"))[0]
    assert says(chat, "!vso")[0].startswith("Usage: !vso <streamer>")


def test_what_was_given_is_listed(chat: Talk) -> None:
    assert "Nobody got a shoutout yet" in says(chat, "!so history")[0]
    says(chat, "!so ana", a_channel("ana"))
    says(chat, "!so bob")
    [told] = says(chat, "!so history")
    assert told.startswith("Shoutouts: bob ")
    assert told.count(" by Max") == 2
    assert "Ana (Celeste)" in told


def test_the_newest_of_them_are_kept(chat: Talk, shoutouts: Shoutouts) -> None:
    for number in range(MOST_KEPT + 2):
        says(chat, f"!so s{number}")
    kept = shoutouts.list_given(1)
    assert len(kept) == MOST_KEPT
    assert kept[0].name == f"s{MOST_KEPT + 1}"


def test_a_community_knows_nothing_of_another(chat: Talk, shoutouts: Shoutouts) -> None:
    says(chat, "!so add ana", a_channel("ana"))
    says(chat, "!so block bob", a_channel("bob"))
    says(chat, "!so ana", a_channel("ana"))
    assert shoutouts.list_friends(2) == []
    assert shoutouts.list_given(2) == []
    assert shoutouts.raid_from(2) == 0
