"""Moderators keep people from writing and let them again; what cannot be done is said."""

from __future__ import annotations

import pytest

from tests.helpers.house import Chat
from tests.helpers.moderating import done, done_now, named


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_a_person_is_timed_out_banned_and_let_back(chat: Chat) -> None:
    who = named(chat)
    chat.says("ana", "hello")
    chat.says("max", f"!timeout {who} 10m no adverts")
    assert chat.hears("may not write for 10 minutes, until ", within=10)
    assert done(chat, "timeout", "no adverts")
    chat.says("max", f"!untimeout {who}")
    assert chat.hears("write again", within=10)
    assert done(chat, "unban") if chat.on == "twitch" else done(chat, "timeout", "ended")
    chat.says("max", f"!ban {who} adverts again")
    assert chat.hears("is banned", within=10)
    assert done(chat, "ban", "adverts again")
    chat.says("max", f"!unban {who}")
    assert chat.hears("come back", within=10)
    assert done(chat, "unban")


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_a_person_is_kicked(chat: Chat) -> None:
    chat.says("max", "!kick @ana")
    assert chat.hears("was sent away", within=10)
    assert done(chat, "kick")


@pytest.mark.parametrize(
    ("chat", "why"),
    [("twitch", "may not be banned"), ("discord", "moderate this server themselves")],
    indirect=["chat"],
)
def test_where_the_platform_refuses_whoever_asked_is_told_why(chat: Chat, why: str) -> None:
    chat.says("max", "!ban @olga")
    assert chat.hears(why, within=10, to="max")
    assert not done_now(chat, "ban")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_who_may_not_and_what_cannot_be_is_said(chat: Chat) -> None:
    chat.says("ana", "!ban @max")
    assert chat.hears("moderators", within=10)
    for line, answer in (
        ("!timeout @max 10m", "That is you"),
        ("!timeout @ana soon", "Say how long"),
        ("!timeout @ana 15d", "at most 14d"),
        ("!ban <@7>", "nobody that I can find"),
        ("!kick @ana", "There is !timeout"),
    ):
        chat.says("max", line)
        assert chat.hears(answer, within=10, to="max") or chat.hears(answer, within=1), line
    assert not done_now(chat, "ban")


@pytest.mark.parametrize("chat", ["slack"], indirect=True)
def test_slack_leaves_it_to_people(chat: Chat) -> None:
    chat.says("max", "!ban @ana")
    assert chat.hears("please do it by hand", within=10)
    chat.says("max", "!announce The raffle ends soon")
    assert chat.hears("The raffle ends soon", within=10)
    chat.says("max", "!shoutout @ana")
    assert chat.hears("knows no shoutouts", within=10)


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_announcements_and_shoutouts_are_twitchs_own(chat: Chat) -> None:
    chat.says("ana", "hello")
    chat.says("max", "!announce The raffle ends soon")
    assert done(chat, "announcement", "The raffle ends soon")
    chat.says("max", f"!shoutout @{chat.viewer}")
    assert done(chat, "shoutout")
    chat.says("max", "!shoutout @nobodyatall")
    assert chat.hears("nobody called nobodyatall", within=10, to="max")
