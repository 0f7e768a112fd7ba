"""Aliases among the other words of a community, and as people mistype them."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import OLGA, Channel


def test_no_command_takes_the_name_of_an_alias(channel: Channel) -> None:
    channel.says("!alias add hug = Hello")
    told = channel.says("!command rename quote hug", OLGA)
    assert told == "There is an alias 'hug' already. Remove it first: !alias remove hug"
    assert channel.says("!hug", "ana") == "Hello"
    channel.says("!alias remove hug")
    assert channel.says("!command rename quote hug", OLGA).startswith("quote is called hug here")


def test_what_is_typed_wrong_may_have_meant_an_alias(channel: Channel) -> None:
    channel.says("!alias add cuddle = Hello")
    assert channel.says("!cudle", "ana") == "Did you mean !cuddle?"
    assert "Did you mean !cuddle?" in channel.says("!help cudle", "ana")
    channel.says("!command off alias", OLGA)
    assert channel.says("!cudle", "bo") == ""


def test_a_counter_is_set(channel: Channel) -> None:
    channel.says("!alias add falls = counter: {count}")
    assert channel.says("!falls", "ana") == "1"
    said = channel.says("!alias count falls 41")
    assert said == "!falls has come to 41. Undo: !alias count falls 1"
    assert channel.says("!falls", "ana") == "42"
    assert "is for moderators only" in channel.says("!alias count falls 0", "ana")
    assert channel.says("!alias count falls many") == "Say a number: what it has come to."
    assert channel.says("!alias count falls 9999999999999999") == (
        "A counter goes to 1,000,000,000,000,000 at most."
    )
    channel.says("!alias add hi = Hello")
    assert channel.says("!alias count hi 3") == "!hi counts nothing."


@pytest.mark.parametrize(
    ("text", "typed", "said"),
    [
        ("hugs ${1:-{user}}!", "", "hugs Ana!"),
        ("hugs ${1:-{user}}!", "Bo", "hugs Bo!"),
        ("$1 and ${2:-$1}", "Bo", "Bo and Bo"),
        ("${1:-you {so} far}", "", "you {so} far"),
    ],
)
def test_a_default_is_a_place_too(channel: Channel, text: str, typed: str, said: str) -> None:
    channel.says(f"!alias add word = {text}")
    assert channel.says(f"!word {typed}", "ana", username="Ana") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It costs $100", r"There are the places $1 to $20, $2- and $*. A dollar alone is \$."),
        ("${1:-${2:-${3}}}", "In a default stand places without one of their own"),
    ],
)
def test_places_that_nothing_fills_are_refused(channel: Channel, text: str, said: str) -> None:
    assert channel.says(f"!alias add word = {text}").startswith(said)


@pytest.mark.parametrize("quoted", ["“One && Two”", "„One && Two“", "«One && Two»"])
def test_quotes_of_every_keyboard_hold_a_chain_together(channel: Channel, quoted: str) -> None:
    """Telephones put curly ones in place of straight ones."""
    assert " stands for " in channel.says(f"!alias add keep = !addquote {quoted}")
    channel.says("!keep")
    assert channel.says("!quote 1") == "#1: One && Two"


def test_an_alias_on_a_line_of_its_own_is_followed(channel: Channel) -> None:
    channel.says("!alias add hi = Hello $*")
    said = channel.says("!alias add ho = !hi\nBo")
    assert "There is no" not in said
    assert channel.says("!ho") == "Hello Bo"


def test_why_tells_a_chain_in_its_order(channel: Channel) -> None:
    steps = ["!quotes", "!quote", "!alias list"]
    for number in range(3):  # by chance one order in six is right
        chain = [*steps[number:], *steps[:number]]
        channel.says(f"!alias add c{number} = {' && '.join(chain)}")
        channel.says(f"!c{number}", "ana")
        ran = " ".join(f"{step} ran because of alias c{number}." for step in chain)
        assert channel.says("!why", "ana") == ran


def test_a_custom_command_that_is_there_is_missed_by_nobody(channel: Channel) -> None:
    channel.says("!addcom hello Hi")
    said = channel.says("!alias add hey = !hello")
    assert said == "!hey […] stands for !hello now. Undo: !alias remove hey"
    assert " There is no !helo yet." in channel.says("!alias add ho = !helo")
