"""Aliases that lead back to themselves are refused when they are saved, in whatever words."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import OLGA, Channel, with_words

LOOP = "That alias would lead back to itself: "


@pytest.mark.parametrize(
    "text",
    [
        "!alias run r1",
        "!ALIAS  Run R1",
        "!alias run !r1 $1",
        "!quote 1 && !alias run r1",
        "!alias run r1 && !quote 1",
    ],
)
def test_running_itself_is_a_loop(channel: Channel, text: str) -> None:
    assert channel.says(f"!alias add r1 = {text}") == f"{LOOP}!r1 → !r1."
    assert channel.says("!alias list", "ana").startswith("There are no aliases here.")


def test_loops_of_several_are_refused_by_the_last(channel: Channel) -> None:
    channel.says("!alias add r1 = !alias run r2")
    channel.says("!alias add r2 = !r3")
    assert channel.says("!alias add r3 = !alias run r1").startswith(LOOP)
    assert " stands for " in channel.says("!alias add r3 = !quote")
    assert channel.says("!alias edit r3 = !quote 1 && !r1").startswith(LOOP)
    assert channel.says("!alias rename r3 r1").startswith("There is an alias 'r1' already.")


def test_a_loop_is_one_by_the_communitys_own_words(channel: Channel) -> None:
    with_words(channel, "?", nick="!alias")
    assert channel.says("?nick add r1 = ?nick run r1") == f"{LOOP}?r1 → ?r1."


def test_a_name_that_closes_a_loop_is_refused(channel: Channel) -> None:
    channel.says("!alias add one = !alias run two")
    channel.says("!alias add three = !one")
    assert channel.says("!alias rename three two").startswith(LOOP)
    assert channel.says("!three", "ana") != ""


def test_running_another_is_that_one(channel: Channel) -> None:
    channel.says("!addquote One")
    channel.says("!alias add q = !quote $1")
    assert channel.says("!q 1", "ana") == "#1: One"
    channel.says("!alias add again = !alias run q 1")
    assert channel.says("!again", "bo") == "#1: One"
    assert channel.says("!alias rename q say").startswith("q is !say now.")
    assert channel.says("!again", "cy") == "#1: One"
    assert channel.says("!alias show again", "cy").endswith("stands for !alias run say 1")


def test_nobody_makes_a_loop_by_typing(channel: Channel) -> None:
    channel.says("!alias add any = !alias run $1")
    assert channel.says("!any any", "ana").startswith(LOOP)


def test_running_another_goes_round_no_role(channel: Channel) -> None:
    channel.says("!alias add off = !command off quote", OLGA)
    assert "stands for" not in channel.says("!alias add mine = !alias run off")


def test_a_loop_of_an_older_release_hinders_no_other(channel: Channel) -> None:
    channel.database.write(
        "INSERT INTO aliases (community_id, alias, text) VALUES (%(id)s, 'old', '!alias run old')",
        {"id": channel.community},
    )
    assert " stands for " in channel.says("!alias add hi = Hello")
    assert channel.says("!old", "ana").startswith(LOOP)
    assert channel.says("!alias edit old = !quote 1 && !alias run old").startswith(LOOP)
    assert channel.says("!alias edit old = Hi").startswith("!old stands for Hi now.")
