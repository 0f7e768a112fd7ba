# ruff: noqa: RUF001 - it is what they look like that matters
"""How people read a text that was written to be misread."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waddlebot.domain.normal_form import (
    ALL,
    PATTERNS,
    RAW,
    SPLIT,
    WORDS,
    normal_form,
    readings,
)
from waddlebot.domain.rule_patterns import reads_exactly
from waddlebot.domain.unseen import without_unseen_edges


@pytest.mark.parametrize(
    "typed",
    [
        "FREE nitro",
        "ｆｒｅｅ ｎｉｔｒｏ",
        "𝐟𝐫𝐞𝐞 𝓷𝓲𝓽𝓻𝓸",
        "ⓕⓡⓔⓔ ⒩⒤⒯⒭⒪",
        "🅵🆁🅴🅴 🄽🄸🅃🅁🄾",
        "ꜰʀᴇᴇ ɴɪᴛʀᴏ",
        "ᖴᖇᗴᗴ ᑎITᖇO",
        "frее nitrо",
        "fr\u200bee ni\u00adtro",
        "free nitro\U000e0020\ufe0f",
        "f̷r̷e̷e̷ n̶i̶t̶r̶o̶",
        "frèé nítrö",
        "free\u00a0\u00a0nitro",
        "free\t nitro",
        "free\nnitro",
        "f**r**ee __ni__tro",
        "||free|| `nitro`",
        "free%20nitro",
        "f r e e  n i t r o",
        "f.r.e.e n-i-t-r-o",
        "fr\\*ee nitro".replace("\\*", "\\*\\*"),
    ],
)
def test_each_disguise_is_undone(typed: str) -> None:
    assert normal_form(typed) == "free nitro"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("добрый вечер", "добрый вечер"),
        ("нитpо бecплатно", "нитро бесплатно"),
        ("sık sık", "sık sık"),
        ("iPhone'ом", "iphone'ом"),
        ("नमस्ते", "नमस्ते"),
        ("السَّلام", "السلام"),
        ("ab_cd and 2 * 3", "ab_cd and 2 3"),
        ("[free](https://a.example/x) nitro", "free nitro https://a.example/x"),
        ("a &lt; b &amp; c", "a < b & c"),
    ],
)
def test_what_is_no_disguise_stays(typed: str, read: str) -> None:
    assert normal_form(typed) == read


def test_markup_of_a_platform_is_a_name_for_words_and_nothing_for_patterns() -> None:
    found = readings("hi <@U1|ana> see <#C1|general> <:kappa:123456> <t:1700000000:R>!")
    words = [text for text, sees in found.items() if sees & WORDS]
    patterns = [text for text, sees in found.items() if sees & PATTERNS]
    assert words[-1] == "hi ana see general kappa !"
    assert patterns[-1] == "hi see !"
    assert all(not any(letter.isdigit() for letter in text) for text in patterns)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("сһеар рrімеѕ", "cheap primes"),
        ("ƒяєє ηιтяσ", "free nitro"),
        ("fρεε Νιτρο", "free Nitro"),
        ("フォ★ロワー", "フォロワー"),
        ("only 🔥 fans", "onlyfans"),
        ("free \u202eortin\u202c", "free nitro"),
    ],
)
def test_patterns_read_boldly_what_is_not_ascii(typed: str, read: str) -> None:
    assert readings(typed)[read] == PATTERNS


def test_an_address_in_markup_is_text() -> None:
    assert normal_form("<https://a.example/x|here>") == "here https://a.example/x"


@given(st.text("abcdefghijklmnopqrstuvwxyz ,.!?'", max_size=60))
def test_plain_lines_are_read_as_they_are(text: str) -> None:
    found = readings(text)
    assert found[text] == ALL
    assert set(found) <= {text, normal_form(text)}


@pytest.mark.parametrize(
    "text", ["free nitro", "Hello, World!", "добрый вечер", "こんにちは", "🐧"]
)
def test_a_plain_line_has_one_reading(text: str) -> None:
    assert readings(text) == {text: ALL}


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_and_looked_at_as_typed(text: str) -> None:
    found = readings(text)
    assert found[text] & RAW
    assert found[text] & WORDS
    assert all(sees & ALL for sees in found.values())


@pytest.mark.parametrize(
    "piece",
    [
        "<!a",
        "<@a",
        "<a:",
        "<:a:",
        "<a:b|",
        "<https://a.b|c",
        "<t:1",
        "[",
        "[a](",
        "[a](b",
        "](",
        "a.",
        "a.b.c ",
        "a b ",
        "a-",
        "_",
        "__",
        "*",
        "~~|",
        "`a",
        "\\",
        "\\*",
        "%",
        "%e2%80",
        "&amp;",
        "&",
        "  ",
        "\t",
        "\u0301",
        "a\u0301",
        "é",
        "\u200b",
        "\ufe0f",
        "fо",
        "оf ",
        "яbя",
        "🅰",
        "ﷺ",
        "Ａ",
        "⒜",
        "\U000e0020",
        "🔥a",
        "\u3164",
        "a\u3164",
        "a b c d e f ",
        "\x07",
    ],
)
def test_no_text_takes_long_to_be_read(piece: str) -> None:
    text = (piece * 40_000)[:40_000]
    began = time.thread_time()
    readings(text)
    assert time.thread_time() - began < 1, "a tenth of it is usual"


@pytest.mark.parametrize(
    "line",
    [
        "!help",
        " !help ",
        "!help \U000e0000",
        "!help\ufe0f",
        "\u200b!help\u034f",
        "\u2060!help \u00ad",
    ],
)
def test_what_nobody_sees_at_the_edges_does_not_count(line: str) -> None:
    assert without_unseen_edges(line) == "!help"


@pytest.mark.parametrize(
    ("pattern", "exactly"),
    [
        ("fr[e3]+", False),
        (r"free\s+nitro\b", False),
        (r"\p{Cyrillic}+", False),
        ("[^a-z]{3}", True),
        (r"free\Wnitro", True),
        (r"\P{L}x", True),
        (r"\p{^L}x", True),
        ("[[:^alpha:]]x", True),
        (r"[a\S]x", True),
        ("(?-i)FREE", True),
        ("(?-i:F)ree", True),
    ],
)
def test_patterns_that_ask_what_a_text_is_not_see_what_was_typed(
    pattern: str,
    exactly: bool,  # noqa: FBT001 - a parameter
) -> None:
    assert reads_exactly(pattern) is exactly


@pytest.mark.parametrize(
    "blank", ["\x0b", "\x0c", "\x1c", "\x85", "\xa0", "\u1680", "\u2028", "\u2029", "\u3000"]
)
def test_whatever_is_blank_parts_words_as_a_blank_does(blank: str) -> None:
    assert "free nitro" in readings(f"free{blank}nitro")


LOOK_BLANK = ["\u115f", "\u1160", "\u2800", "\u3164", "\uffa0", "\U0001d159", "\U00013441"]


@pytest.mark.parametrize("blank", LOOK_BLANK)
def test_what_looks_blank_and_is_a_letter_parts_words_or_hides_in_one(blank: str) -> None:
    assert "free nitro" in readings(f"free{blank}nitro")
    assert "free nitro" in readings(f"fr{blank}ee nitro")
    assert normal_form(f"free{blank * 2}nitro") == "free nitro"
    assert without_unseen_edges(f"{blank}!help{blank}") == "!help"


@pytest.mark.parametrize(
    "unseen",
    [
        *("\x01", "\x07", "\x0e", "\x1b", "\x7f", "\x80", "\x9f", "\u17b5", "\u180b", "\u180d"),
        *("\u180f", "\u200b", "\u2065", "\u2d7f", "\ufff0", "\U00013430", "\U00016fe4"),
        *("\U0001bca0", "\U0001d173"),
    ],
)
def test_what_shows_nothing_is_read_as_nothing(unseen: str) -> None:
    assert normal_form(f"fr{unseen}ee nitro") == "free nitro"


@pytest.mark.parametrize(
    ("typed", "parted"),
    [
        ("f r e e n i t r o", "free nitro"),
        ("so: F.R.E.E.N.I.T.R.O!", "FREE NITRO"),
        ("ｆ ｒ ｅ ｅ ｎ ｉ ｔ ｒ ｏ", "free nitro"),
        ("f\u3164r\u3164e\u3164e\u3164n\u3164i\u3164t\u3164r\u3164o", "free nitro"),
    ],
)
def test_words_spelt_out_one_after_the_other_are_parted_wherever_it_may_be(
    typed: str, parted: str
) -> None:
    assert any(parted in text for text, sees in readings(typed).items() if sees == SPLIT)


FREE_NITRO = "f r e e n i t r o"
DECOYS = ("a b c d e f", "g.o.o.d.d.a.y", "m-o-r-n-i-n-g", "h e l l o a l l", "t*h*a*n*k*s")


@pytest.mark.parametrize(
    "typed",
    [
        " | ".join((*DECOYS, FREE_NITRO)),
        " | ".join((*DECOYS * 50, FREE_NITRO, *DECOYS)),
        f"{'x ' * 40}{FREE_NITRO}{' x' * 40}",
        f"1 2 3 {FREE_NITRO} 4",
    ],
)
def test_nothing_that_is_spelt_out_beside_it_hides_what_is(typed: str) -> None:
    assert any("free nitro" in text for text, sees in readings(typed).items() if sees == SPLIT)


@pytest.mark.parametrize("letters", [6, 16, 30, 400])
def test_parting_what_is_spelt_out_costs_so_much_a_letter(letters: int) -> None:
    run = " ".join("abcdefghijklm"[number % 13] for number in range(letters))
    runs = [f"{run} {number % 13 * 'z '}q" for number in range(39_000 // len(run))]
    line = " | ".join(runs)
    made = sum(len(text) for text, sees in readings(line).items() if sees == SPLIT)
    assert made <= 34 * (len(line) / 2 + 1)


@pytest.mark.parametrize("typed", ["a b c d", "L E T S   G O", "one two three", "1.2.3.4.5.6.7.8"])
def test_what_spells_no_two_words_is_not_parted(typed: str) -> None:
    assert all(sees != SPLIT for sees in readings(typed).values())
