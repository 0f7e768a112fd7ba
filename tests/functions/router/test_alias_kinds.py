"""The kinds of aliases: what each says, and how it is typed wrong, in one dialogue a kind."""

from __future__ import annotations

import re

import pytest

from tests.helpers.aliases import Channel, with_words

PLATFORMS = ("twitch", "discord", "slack")
pytestmark = pytest.mark.parametrize("channel", PLATFORMS, indirect=True)


def test_a_command(channel: Channel) -> None:
    channel.says("!addquote Waddle on")
    said = channel.says("!alias add wise = !quote $1")
    assert said == "!wise <1> stands for !quote $1 now. Undo: !alias remove wise"
    assert channel.says("!wise 1", "ana") == "#1: Waddle on"
    assert channel.says("!wise", "ana") == "Usage: !wise <1>. It stands for !quote $1"
    assert channel.says("!alias add 2 = !quote $1 &&").startswith("Each step of a chain is")
    with_words(channel, "?", wisdom="!quote")
    assert channel.says("?wise 1", "ana") == "#1: Waddle on"
    assert channel.says("?alias show wise", "ana") == "?wise <1> stands for ?wisdom $1"


def test_a_text(channel: Channel) -> None:
    channel.says("!alias add hi = text: !quote is for $1")
    assert channel.says("!hi Bo", "ana") == "!quote is for Bo"
    assert channel.says("!hi", "ana") == "Usage: !hi <1>. It stands for text: !quote is for $1"
    assert channel.says("!alias edit hi = Hello ${1:-you}").startswith("!hi [1] stands for Hello")
    assert channel.says("!hi", "ana") == "Hello you"
    assert channel.says("!alias add ho = text: ") == (
        "Say what it stands for, behind the word for its kind."
    )


def test_a_random_line(channel: Channel) -> None:
    channel.says("!alias add coin = random: heads, $1 | tails, $1 |")
    assert channel.says("!coin Bo", "ana") in {"heads, Bo", "tails, Bo"}
    once = {"message_id": "tossed-once"}
    assert len({channel.says("!coin Bo", "bo", **once) for _ in range(8)}) == 1
    tossed = {channel.says("!coin Bo", f"c{number // 15}") for number in range(40)}
    assert tossed == {"heads, Bo", "tails, Bo"}  # by chance one in a billion is not
    assert channel.says("!coin", "ana").startswith("Usage: !coin <1>.")
    assert channel.says("!alias edit coin = random: heads |").startswith("Of random lines there")


def test_a_counter(channel: Channel) -> None:
    channel.says("!alias add death = counter deaths +2: $1 died {count} times")
    assert channel.says("!death Max", "ana") == "Max died 2 times"
    assert channel.says("!death Max", "ana") == "Max died 4 times"
    assert channel.says("!death", "ana").startswith("Usage: !death <1>.")
    assert (
        channel.says("!death Max", "bo") == "Max died 6 times"
    )  # what was not said is not counted
    channel.says("!alias add bare = counter deaths -1: Deaths:")
    assert channel.says("!bare", "ana") == "Deaths: 5"
    assert "is for moderators only" in channel.says("!alias count death 0", "ana")
    assert channel.says("!alias count death 0").startswith("!death has come to 0.")
    assert channel.says("!bare", "ana") == "Deaths: -1"


def test_a_time(channel: Channel) -> None:
    channel.says("!alias add clock = time: It is %H:%M for ${1:-all}")
    assert re.fullmatch(r"It is \d\d:\d\d for all", channel.says("!clock", "ana"))
    assert channel.says("!clock Bo", "ana").endswith(" for Bo")
    assert channel.says("!alias add year = time: %Q") == (
        "'%Q' is no part of a time. There are %H %M %S %I %p %A %d %B %Y and a few more."
    )
    channel.says("!alias add echo = time: %Y, $1")
    assert channel.says("!echo %Y", "ana").endswith(", %Y")  # what is typed is no part of it


def test_a_kind_that_is_none_is_a_text(channel: Channel) -> None:
    channel.says("!alias add odd = action: {user}")
    assert channel.says("!odd", "ana", username="Ana").startswith("action: ")
