"""Moderators keep people from writing and let them again; what cannot be done is said."""

from __future__ import annotations

import pytest

from tests.helpers.house import Chat
from tests.helpers.moderating import done, done_now, named


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_a_person_is_timed_out_banned_and_let_back(chat: Chat) -> None:
    who = named(chat)
    chat.says("ana", "hello")
    assert chat.asks(
        "max", f"!timeout {who} 10m no adverts", "may not write for 10 minutes, until ", within=10
    )
    assert done(chat, "timeout", "no adverts")
    assert chat.asks("max", f"!untimeout {who}", "write again", within=10)
    assert done(chat, "unban") if chat.on == "twitch" else done(chat, "timeout", "ended")
    assert chat.asks("max", f"!ban {who} adverts again", "is banned", within=10)
    assert done(chat, "ban", "adverts again")
    assert chat.asks("max", f"!unban {who}", "come back", within=10)
    assert done(chat, "unban")


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_a_person_is_kicked(chat: Chat) -> None:
    assert chat.asks("max", "!kick @ana", "was sent away", within=10)
    assert done(chat, "kick")


@pytest.mark.parametrize(
    ("chat", "why"),
    [("twitch", "may not be banned"), ("discord", "moderate this server themselves")],
    indirect=["chat"],
)
def test_where_the_platform_refuses_whoever_asked_is_told_why(chat: Chat, why: str) -> None:
    assert chat.asks("max", "!ban @olga", why, within=10, to="max")
    assert not done_now(chat, "ban")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_who_may_not_and_what_cannot_be_is_said(chat: Chat) -> None:
    assert chat.asks("ana", "!ban @max", "moderators", within=10)
    for line, answer in (
        ("!timeout @max 10m", "That is you"),
        ("!timeout @ana soon", "Say how long"),
        ("!timeout @ana 15d", "at most 14d"),
        ("!ban <@7>", "nobody that I can find"),
        ("!kick @ana", "There is !timeout"),
    ):
        assert chat.asks("max", line, answer, within=10, to="max") or chat.hears(
            answer, within=1
        ), line
    assert not done_now(chat, "ban")


@pytest.mark.parametrize("chat", ["slack"], indirect=True)
def test_slack_leaves_it_to_people(chat: Chat) -> None:
    assert chat.asks("max", "!ban @ana", "please do it by hand", within=10)
    assert chat.asks("max", "!announce The raffle ends soon", "The raffle ends soon", within=10)


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_announcements_and_shoutouts_are_twitchs_own(chat: Chat) -> None:
    chat.says("ana", "hello")
    chat.says("max", "!announce The raffle ends soon")
    assert done(chat, "announcement", "The raffle ends soon")
    where = {"as": "olga", "on": "twitch", "channel": chat.channel}
    chat.house.post("/stand-ins/happens", {**where, "type": "stream_online"})
    chat.says("max", f"!shoutout @{chat.viewer}")
    assert done(chat, "shoutout")
    assert chat.asks(
        "max", "!shoutout @nobodyatall", "nobody called nobodyatall", within=10, to="max"
    )


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_off_air_a_shoutout_is_said_and_whoever_asked_reads_why_twitch_gives_none(
    chat: Chat,
) -> None:
    chat.says("ana", "hello")
    off_air = "Twitch gives its own shoutout while you are live"
    assert chat.asks("max", f"!shoutout @{chat.viewer}", "Check out", within=10)
    assert chat.hears(off_air, within=10, to="max")
    assert not done_now(chat, "shoutout")
