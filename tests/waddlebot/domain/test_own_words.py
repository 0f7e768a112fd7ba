"""Sentences that say what to type say it in the community's words, and leave people's alone."""

from __future__ import annotations

import pytest

from waddlebot.domain.own_words import OwnWords

WORDS = OwnWords(prefix="?", names={"zitat": "!quote"})


@pytest.mark.parametrize(
    ("said", "here"),
    [
        ("Ask Max, or see !why.", "Ask Max, or see ?why."),
        ("!help quote shows it; !quote 3 too", "?help quote shows it; ?zitat 3 too"),
        ("rule 3 (contains “!quote”)", "rule 3 (contains “!quote”)"),
        ("Well done!it is kept!!", "Well done!it is kept!!"),
        ('Undo: !commands need "limits set" usual', 'Undo: ?commands need "limits set" usual'),
        ("#roll 2d6", "#roll 2d6"),
    ],
)
def test_a_sentence_is_reworded(said: str, here: str) -> None:
    assert WORDS.reword(said) == here
    assert OwnWords().reword(said) == said
