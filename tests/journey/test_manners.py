"""What is refused, hushed, done or lost is said once, to whom it concerns, in words that help."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

import pytest

from tests.helpers.chatting import says, whispers
from tests.helpers.homes import own_place
from tests.helpers.house import Chat, House
from tests.helpers.moderating import done, done_now, named
from tests.helpers.patience import eventually
from tests.helpers.reminding import comes_now

PATIENCE = 20.0
USAGE = "Usage: !remind"
NO_MORE = "I say nothing of the next ones"


def events(chat: Chat, text: str) -> list[dict[str, Any]]:
    """What everybody in this channel reads with these words in it."""
    items = chat.house.get(f"/stand-ins/replies?after=0&channel={chat.channel}")["replies"]
    return [one for one in items if one["kind"] == "chat" and text in one["text"]]


def explained(chat: Chat, sent: dict[str, Any]) -> str:
    """As `waddlebot explain` says it; nothing before it is on record."""
    key = f"Bearer {chat.house.keys['WADDLEBOT_API_KEY']}"
    path = f"/api/operations/events/{quote(sent['event_id'], safe='')}"
    verdicts = chat.house.get(path, authorization=key).get("verdicts", ())
    return " ".join(one["words"] for one in verdicts)


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_who_is_told_of_no_more_mistakes_reads_so_once_and_why_tells_it(chat: Chat) -> None:
    for _ in range(5):
        assert chat.asks("ana", "!remind stretch", USAGE, within=PATIENCE, to=chat.viewer)
    assert chat.asks("ana", "!remind stretch", NO_MORE, within=PATIENCE, to=chat.viewer)
    hushed = chat.says("ana", "!remind stretch")
    says(chat, "ana", "!remind 10m stretch", "I will remind you in 10 minutes")
    assert not chat.hears(USAGE, within=0.5)
    assert not chat.hears(NO_MORE, within=0.5)
    assert eventually(lambda: "I said nothing" in explained(chat, hushed))
    hushed = chat.says("ana", "!remind stretch")
    assert eventually(lambda: "I said nothing" in explained(chat, hushed))
    says(chat, "ana", "!why", "I said nothing")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_why_tells_of_a_refusal_that_was_hushed(chat: Chat) -> None:
    # All within the minute that counts, on any machine.
    for command in ("addquote a", "rules list", "limits", "announce a", "rules off 1", "ban @max"):
        chat.says("ana", f"!{command}")
    assert chat.hears(NO_MORE, within=PATIENCE)
    hushed = chat.says("ana", "!shoutout @max")
    assert eventually(lambda: "I said nothing" in explained(chat, hushed))
    told = chat.asks("ana", "!why", "!shoutout is for moderators", within=PATIENCE)
    assert told
    assert "I said nothing" in told["text"]


@pytest.mark.parametrize(
    ("chat", "why"),
    [("twitch", "may not be banned"), ("discord", "moderate this server themselves")],
    indirect=["chat"],
)
def test_of_a_ban_that_was_refused_nobody_else_reads_a_word(chat: Chat, why: str) -> None:
    said = len(events(chat, ""))
    assert chat.asks("max", "!ban @olga", why, within=PATIENCE, to="max")
    assert not done_now(chat, "ban")
    assert len(events(chat, "")) == said
    assert not chat.hears("Asking", within=0.5)


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_what_is_said_of_a_person_is_what_came_of_it(chat: Chat) -> None:
    who = named(chat)
    chat.says("ana", "hello")
    for line, kind, told in (
        (f"!timeout {who} 10m no adverts", "timeout", "may not write for 10 minutes, until "),
        (f"!ban {who} adverts again", "ban", "is banned"),
        (f"!unban {who}", "unban", "may come back"),
    ):
        heard = chat.asks("max", line, told, within=PATIENCE)
        assert heard, line
        assert heard["kind"] == "chat"
        assert done(chat, kind)
    assert not chat.hears("Asking", within=0.5)


@pytest.mark.parametrize("chat", ["discord", "twitch"], indirect=True)
def test_a_reminder_that_a_younger_rule_forbids_is_named_to_its_person(chat: Chat) -> None:
    word = f"w{uuid.uuid4().hex[:8]}"
    assert chat.asks(
        "ana", f"!remind 10m {word} buy herrings today", "I will remind you", within=PATIENCE
    )
    says(chat, "max", '!rules add contains "herrings" block', "Added rule")
    comes_now(chat.house, word)
    told = chat.hears("your reminder #1", within=60, to=chat.viewer)
    assert told
    assert told["kind"] == "private"
    assert "contains" in told["text"]
    assert "herrings" not in told["text"]
    assert not chat.hears("⏰", within=0.5)


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_what_would_do_nothing_is_refused(chat: Chat) -> None:
    says(chat, "max", "!limits set !privacy 1 in 1h", "is never limited")
    says(chat, "max", "!labels make rules", "would give nobody anything")
    says(chat, "max", "!labels make quote", "would give nobody anything")
    says(chat, "max", "!labels make regular", "There is a label 'regular' now")
    chat.says("max", '!rules add contains "herrings" block')
    added = chat.hears("Added rule", within=PATIENCE)
    assert added
    number = added["text"].split()[2].rstrip(":")
    says(chat, "max", '!rules add contains "herrings" block', f"Rule {number} does that already")
    says(chat, "max", '!rules add contains "herrings" warn', "Added rule")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_a_hit_of_a_preset_goes_by_its_name(chat: Chat) -> None:
    says(chat, "max", "!rules preset scams", "preset scams is on")
    says(chat, "olga", "!settings set moderators here", "is told here now")
    chat.from_now_on()
    sent = chat.says("ana", "free nitro for everybody")
    assert chat.hears("against the rules", within=PATIENCE, to=chat.viewer)
    notice = chat.hears("said something that", within=PATIENCE)
    assert notice
    assert "the preset scams" in notice["text"]
    assert "\\b" not in notice["text"]
    says(chat, "ana", "!why", "the preset scams")
    assert "the preset scams" in explained(chat, sent)
    says(chat, "max", "!rules test free nitro", "the preset scams, block")


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_a_prefix_of_full_width_is_a_prefix(chat: Chat) -> None:
    says(chat, "ana", "！quote", "No quotes yet" if chat.on != "slack" else "")  # noqa: RUF001
    says(chat, "ana", "！help quote", "!quote [number-or-words]")  # noqa: RUF001
    says(chat, "ana", "＃roll 1d1", "rolled")  # noqa: RUF001


@pytest.mark.parametrize("on", ["discord"])
def test_a_page_that_is_not_there_is_said_where_there_is_one(house: House, on: str) -> None:
    chat = house.chat(on=on, **own_place(on))
    chat.says("olga", "hello everybody")
    assert chat.heard()
    says(chat, "max", "!commands 99", "There is no page 99, only ")


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_help_in_private_talk_names_a_command_to_ask_about(chat: Chat) -> None:
    told = whispers(chat, "!help", "More about one")
    assert "!help !help" not in told


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_behind_a_slash_the_asker_is_told_alone_until_it_is_done(chat: Chat) -> None:
    chat.says("ana", "hello")
    chat.from_now_on()
    told = chat.asks(
        "max",
        "/waddlebot timeout <@301000000000000001> 10m no adverts",
        "I have asked Discord for it",
        within=PATIENCE,
    )
    assert told
    assert told["kind"] != "chat"
    assert chat.hears("may not write for 10 minutes", within=PATIENCE)
