# ruff: noqa: RUF001 - it is what they look like that matters
"""What may be a name, how it is looked up, and which two are read as one."""

from __future__ import annotations

import pytest

from waddlebot.domain.own_names import find_alike, fold_name, in_latin, is_name

ZWNJ, ZWJ, RLM = "\u200c", "\u200d", "\u200f"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("HELLO", "hello"),
        ("ｈｉ", "hi"),
        ("ÉTÉ", "été"),
        ("e\u0301te\u0301", "été"),
        ("STRAßE", "straße"),
        ("ПРИВЕТ", "привет"),
        ("ครับ", "ครับ"),
        ("नमस्ते", "नमस्ते"),
        (f"{RLM}سلام", "سلام"),
        (f"می{ZWNJ}خواهم", f"می{ZWNJ}خواهم"),
        (f"he{ZWNJ}llo{ZWJ}", "hello"),
        ("h\u200be\u00adl\ufefflo", "hello"),
        ("❤\ufe0f", "❤"),
        (f"👩{ZWJ}💻", f"👩{ZWJ}💻"),
        ("👋🏽", "👋🏽"),
        ("ℌello", "hello"),
        ("𝓱𝓮𝓵𝓵𝓸", "hello"),
        ("1\ufe0f\u20e3", "1\u20e3"),
    ],
)
def test_a_name_is_kept_as_it_is_looked_up(typed: str, name: str) -> None:
    assert fold_name(typed) == name
    assert fold_name(name) == name
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "_a", "a-b", "a b", "x" * 51, "!", "<@300>", "@here", "a=b", "a\nb", "/ban", ".me"),
        *("\u0335a", ZWJ, "a\u0335\u0336\u0337\u0338\u0335", "\u2800", "\ue000", "\U0001d159"),
    ],
)
def test_what_is_none(name: str) -> None:
    assert not is_name(fold_name(name))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("hеlp", "help"),
        ("сору", "copy"),
        ("ηello", "nello"),
        ("ʜelp", "help"),
        (f"می{ZWNJ}خواهم", "میخواهم"),
    ],
)
def test_two_that_look_the_same(name: str, other: str) -> None:
    assert find_alike(name, ["else", other]) == other
    assert find_alike(other, ["else", name]) == name


@pytest.mark.parametrize(
    ("name", "other"),
    [("щи", "ши"), ("rød", "rod"), ("été", "ete"), ("c1", "cl"), ("он", "oна"), ("hi", "hi")],
)
def test_two_that_readers_tell_apart(name: str, other: str) -> None:
    assert find_alike(name, [other]) is None


def test_what_is_read_as_latin() -> None:
    assert in_latin("quоte") == "quote"
    assert in_latin("ครับ") == "ครับ"
