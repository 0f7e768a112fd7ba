from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waddlebot.domain.clusters import clusters
from waddlebot.domain.message_parts import MORE, Measure, split_text, utf16_length

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
UNBROKEN = (
    "<@80351110224678912>",
    "<:waddle:41771983429993937>",
    "<a:dance:41771983429993938>",
    "<#41771983429993000>",
    "<t:1795888800:f>",
    "<!date^1795888800^{date_short_pretty} {time}|28 Nov 2026, 19:20>",
    "https://waddle.example.org/a_b?c=d",
    FAMILY,
    "🇩🇪",
    "👍🏽",
    "e\u0301\u0323",
    "क्षि",
    "\\*",
)
words = st.text(alphabet="abcxyz ,.\n🐧é", min_size=1, max_size=90)
inline = st.one_of(words, st.sampled_from(UNBROKEN), words.map(lambda one: f" {one} "))
spoilers = st.lists(inline, min_size=1, max_size=12).map(lambda parts: f"||{''.join(parts)}||")
code = st.text(alphabet="abc_*~\n ()🐧", min_size=1, max_size=400)
# A first line of one word is a language: it is no code, and each piece begins with it.
fences = (
    st.tuples(st.sampled_from(["", "\n", "py\n"]), code)
    .filter(lambda one: one[0] or not re.match(r"[\w+#.-]{1,20}\n", one[1]))
    .map(lambda one: f"```{one[0]}{one[1]}```")
)
markdown = st.lists(st.one_of(inline, spoilers, fences), min_size=1, max_size=14).map("".join)


def without_marks(text: str) -> str:
    """What is read, without blanks and what opens and closes."""
    text = re.sub(r"```(?:py)?(?:\n|(?=.))", "", text, flags=re.DOTALL)
    return "".join(text.replace("```", "").replace("||", "").split())


@given(markdown, st.integers(80, 400), st.sampled_from([len, utf16_length]))
@settings(max_examples=400, deadline=None)
def test_pieces_fit_their_blocks_are_closed_and_nothing_is_lost(
    text: str, most: int, measure: Measure
) -> None:
    parts = split_text(text, most_characters=most, most_messages=1000, measure=measure)

    assert all(0 < measure(part) <= most for part in parts), [len(one) for one in parts]
    assert all(part.count("```") % 2 == 0 for part in parts), parts
    outside = [re.sub(r"```.*?```", "", part, flags=re.DOTALL) for part in parts]
    assert all(part.count("||") % 2 == 0 for part in outside), parts
    assert "".join(map(without_marks, parts)) == without_marks(text)


@given(
    st.lists(st.one_of(words, st.sampled_from(UNBROKEN)), min_size=20, max_size=60),
    st.integers(140, 300),
)
@settings(max_examples=300, deadline=None)
def test_what_is_one_thing_stays_in_one_piece(pieces: list[str], most: int) -> None:
    text = " ".join(pieces)
    parts = split_text(text, most_characters=most, most_messages=1000)
    for whole in UNBROKEN:
        assert sum(part.count(whole) for part in parts) == text.count(whole), whole


@given(st.text(max_size=60))
def test_signs_together_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize("sign", [FAMILY, "🇩🇪", "👍🏽", "e\u0301\u0323", "क्षि", "❤️", "\r\n", "각"])
def test_what_people_see_as_one_sign_is_one(sign: str) -> None:
    assert list(clusters(f"a{sign}b")) == ["a", sign, "b"]


def test_two_flags_are_two() -> None:
    assert list(clusters("🇩🇪🇫🇷")) == ["🇩🇪", "🇫🇷"]


def test_a_block_of_code_is_closed_and_opened_again() -> None:
    lines = "\n".join(f"print({number})" for number in range(30))
    parts = split_text(f"Look:\n```py\n{lines}\n```", most_characters=120, most_messages=9)
    assert len(parts) > 2
    assert all(part.startswith("```py\n") and part.endswith("\n```") for part in parts[1:])
    assert all("\n\n" not in part for part in parts)


def test_a_cut_comes_before_a_block_where_the_room_is_half_used() -> None:
    parts = split_text(
        f"{'word ' * 15}\n```\n{'code ' * 15}```", most_characters=100, most_messages=9
    )
    assert len(parts) == 2
    assert parts[1].startswith("```\n")


def test_what_does_not_fit_at_all_ends_with_a_closed_block_too() -> None:
    [part] = split_text(f"```{'code ' * 100}```", most_characters=100, most_messages=1)
    assert part.endswith(f"```{MORE}")
    assert part.count("```") == 2


def test_marks_without_end_are_cut_all_the_same() -> None:
    parts = split_text("a" + "\u0301" * 5000, most_characters=500, most_messages=99)
    assert "".join(parts) == "a" + "\u0301" * 5000
    assert max(map(len, parts)) <= 500
