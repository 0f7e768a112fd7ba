"""A community's own words are found on the second line, as commands of the house are."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import Channel, with_words


@pytest.fixture
def words(channel: Channel) -> Channel:
    channel.says("!addquote One")
    channel.says("!addcom hello Hi $(1|friend)!")
    channel.says("!alias add hug = Hugs $*")
    channel.says("!alias add both = !quote 1 && !hello")
    return channel


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("> what was said\n!hello Bo", "Hi Bo!"),
        ("> what was said\n!hello", "Hi friend!"),
        ("so it is\n  !HUG Bo", "Hugs Bo"),
        ("so it is\n!hug Bo\nand Cy", "Hugs Bo\nand Cy"),
        ("> what was said\n!both", "#1: One / Hi friend!"),
        ("> what was said\n!quote 1", "#1: One"),
        ("> !hello\n!hug Bo", "Hugs Bo"),
        ("!nothing of ours\n!hello", "Hi friend!"),
        ("!hello Ana\n!hug Bo", "Hi Ana!"),
        ("```\n!hello\n```", ""),
        ("one\ntwo\n!hello", ""),
        ("so it is\nhello", ""),
        ("so it is\n#hello", ""),
    ],
)
def test_it_is_found_behind_words_that_are_quoted(words: Channel, line: str, said: str) -> None:
    assert words.says(line, "ana") == said


def test_it_is_found_there_by_the_prefix_of_the_community(words: Channel) -> None:
    with_words(words, "?")
    assert words.says("> what was said\n?hello", "ana") == "Hi friend!"


def test_what_is_switched_off_is_silent_there(words: Channel) -> None:
    words.says("!custom off hello")
    assert words.says("> what was said\n!hello", "ana") == ""


def test_a_command_of_the_house_takes_what_stands_below_it(words: Channel) -> None:
    assert words.says("!addquote Two\n!hello") == "Kept as quote #2."
