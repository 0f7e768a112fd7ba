"""Sentences that say what to type say it in the community's words, and leave people's alone."""

from __future__ import annotations

import pytest

from waddlebot.domain.own_words import OwnWords
from waddlebot_sdk.own_words import MARK, in_usual_words, say_command, say_declared

WORDS = OwnWords(prefix="?", names={"zitat": "!quote"})


@pytest.mark.parametrize(
    ("said", "here"),
    [
        (f"Ask Max, or see {say_command('why')}.", "Ask Max, or see ?why."),
        (f"{say_command('help quote')}; {say_command('!quote 3')}", "?help quote; ?zitat 3"),
        ("!quote is what Ana wrote", "!quote is what Ana wrote"),
        ("Well done!it is kept!!", "Well done!it is kept!!"),
        (say_command("#roll 2d6"), "#roll 2d6"),
        (say_declared("limits set !quote 3 in 1m"), "?limits set ?zitat 3 in 1m"),
        (say_declared("roll 2d6", prefix="#"), "#roll 2d6"),
    ],
)
def test_a_sentence_names_commands_as_they_are_called_here(said: str, here: str) -> None:
    assert WORDS.reword(said) == here
    assert OwnWords().reword(said) == in_usual_words(said) == said.replace(MARK, "")


def test_what_nobody_words_reads_as_most_communities_type_it() -> None:
    assert say_command("why").isprintable() is False
    assert "".join(sign for sign in say_command("why") if sign.isprintable()) == "!why"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("?zitat", ["!quote", "!zitat"]),
        ("!zitat", ["!quote", "!zitat"]),
        ("Zitat", ["!quote", "zitat", "!zitat", "#zitat"]),
        ("!quote", ["!quote"]),
        ("memories", ["memories", "!memories", "#memories"]),
        ("#roll", ["#roll"]),
    ],
)
def test_a_command_is_named_by_its_own_name_and_by_the_one_of_before(
    typed: str, meant: list[str]
) -> None:
    assert list(WORDS.meant(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("?zitat 3", "!quote 3"),
        ("zitat 3", "quote 3"),
        ("quote 3", "quote 3"),
        ("#roll 2d6", "#roll 2d6"),
    ],
)
def test_a_line_is_kept_as_modules_declare_it(typed: str, line: str) -> None:
    assert WORDS.declared_line(typed) == line
