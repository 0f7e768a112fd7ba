"""Whom an alias could hurt: those who type a word that somebody else made up."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import OLGA, Channel


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("!command off quote", "!command off is for admins only."),
        ("!quote && !roles give max owner", "!roles give is for admins only."),
        ("!command ${1:-off} ${2:-quote}", "!command off is for admins only."),
        ("!COMMAND o${1:-ff} quote", "!command off is for admins only."),
        ("!module install anything", "!module install is for owners only."),
    ],
)
def test_nobody_lays_out_a_word_for_those_who_may_more(
    channel: Channel, text: str, whose: str
) -> None:
    assert channel.says(f"!alias add hug = {text}").startswith(whose)
    assert channel.says("!hug", OLGA) == ""
    assert " stands for " in channel.says(f"!alias add hug = {text}", OLGA)


def test_nobody_leads_those_who_may_more_by_an_alias_of_theirs(channel: Channel) -> None:
    channel.says("!alias add closed = !command off quote", OLGA)
    refused = "!command off is for admins only."
    assert channel.says("!alias add hug = !closed").startswith(refused)
    assert channel.says("!alias rename closed hug").startswith(refused)
    channel.says("!alias add quiet = !quote")
    channel.says("!command need quote admin", OLGA)
    assert channel.says("!alias edit quiet = !quote 1").startswith("!quote is for admins only.")


@pytest.mark.parametrize(
    "text",
    [
        "!privacy erase everything",
        "!privacy $1 everything",
        "!identity yes",
        "!identity unlink discord",
        "!keys revoke all",
        "!quote && !keys make",
        "!community use Elsewhere",
    ],
)
def test_what_each_decides_alone_has_no_alias(channel: Channel, text: str) -> None:
    assert "is each person's own to type: it has no alias." in channel.says(
        f"!alias add hug = {text}", OLGA
    )


def test_a_counter_that_others_count_with_stays_theirs(channel: Channel) -> None:
    channel.says("!alias add death = counter +2: {count}")
    channel.says("!alias add deaths = counter death +0: {count} so far")
    assert channel.says("!death") == "2"
    assert channel.says("!alias rename death rip").startswith("death is !rip now.")
    assert channel.says("!rip") == "4"
    assert channel.says("!deaths") == "4 so far"
    channel.says("!alias add jumps = counter jump: {count}")
    assert channel.says("!jumps") == "1"
    assert channel.says("!alias rename jumps jumped").startswith("jumps is !jumped now.")
    assert channel.says("!jumped") == "2"


def test_a_name_whose_counter_another_has_is_no_obstacle(channel: Channel) -> None:
    channel.says("!alias add a = counter: {count}")
    channel.says("!alias add b = counter c: {count}")
    assert (channel.says("!a"), channel.says("!b"), channel.says("!b")) == ("1", "1", "2")
    assert channel.says("!alias rename a c").startswith("a is !c now.")
    assert (channel.says("!c"), channel.says("!b")) == ("2", "3")


def test_a_name_that_makes_others_too_long_is_refused(channel: Channel) -> None:
    channel.says("!alias add a = Hello")
    channel.says(f"!alias add long = !a {'x' * 497}")
    told = channel.says(f"!alias rename a {'b' * 50}")
    assert told == "An alias stands for 500 characters at most."
    assert channel.says("!alias show long").startswith("!long […] stands for !a xxx")
