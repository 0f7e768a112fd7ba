"""Answers as people read them: pages, names as they are, times in the reader's own zone."""

from __future__ import annotations

import re

import pytest

from tests.helpers.chatting import named, says
from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_a_long_list_of_rules_is_paged(chat: Chat) -> None:
    for number in range(12):
        says(chat, "max", f"!rules add contains forbidden-{number}-{'x' * 40} block", "Added rule")
    says(chat, "max", "!rules list 9", "There is no page 9")
    if chat.on == "twitch":
        says(chat, "max", "!rules list", "!rules list 2 goes on.")
        says(chat, "max", "!rules list 2", "Page 2 of")


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_what_was_kept_reads_as_it_is_and_calls_nobody(chat: Chat) -> None:
    kept = "[free](https://evil.example) ||veil|| @everyone <!channel>"
    says(chat, "max", f"!addquote {kept} — _Ana_", "Kept as quote")
    shown = chat.asks("ana", "!quote free", "evil.example", within=10)
    assert shown
    assert not shown["pings"], shown
    if chat.on == "discord":
        assert not re.search(r"(?<!\\)\]\(|(?<!\\)\|\|", shown["text"]), shown
    bare = re.sub(r"\\([\]|_])", r"\1", shown["text"]).replace("\u200b", "")
    assert f"{kept} — _Ana_" in bare, shown


@pytest.mark.parametrize(
    ("chat", "worded"),
    [("twitch", r"\(until \w{3} \d+ .* \(UTC\)\)"), ("discord", r"\(until <t:\d+:f>\)")],
    indirect=["chat"],
)
def test_a_label_ends_at_a_time_that_each_reader_knows(chat: Chat, worded: str) -> None:
    if chat.on == "discord":
        chat.viewer = "ana"
    who = named(chat)
    says(chat, "ana", "!labels", "There are the labels")
    says(chat, "max", "!labels make regular", "now")
    says(chat, "max", f"!labels add {who} regular for 7d", "for 7 d")
    shown = chat.asks("ana", f"!labels list {who}", "regular (until", within=10)
    assert shown
    assert re.search(worded, shown["text"]), shown["text"]
