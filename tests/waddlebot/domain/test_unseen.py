"""What there is to see of a text, and what of it may stand in a line."""

from __future__ import annotations

import pytest

from waddlebot.domain.unseen import is_blank, without_unseen_edges
from waddlebot_sdk.seen_signs import FLAGS, is_one_line, only_seen, seen_line

TAGS = "".join(chr(0xE0000 + ord(one)) for one in "come to me")


@pytest.mark.parametrize("text", ["", " \n", "\u3164", "\u2800 \u200b\ufe0f", "\u115f\u1160", TAGS])
def test_what_looks_like_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "\u3164a\u3164", "\N{PENGUIN}", *FLAGS])
def test_whatever_is_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_that_is_spelt_out_stays_whole(flag: str) -> None:
    assert only_seen(f"Hello {flag}\u202e there") == f"Hello {flag} there"
    assert without_unseen_edges(f"{flag} \u3164") == flag
    assert seen_line(f"from\n{flag}", 60) == f"from {flag}"
    assert is_one_line(flag)


@pytest.mark.parametrize("most", range(1, 7))
def test_a_flag_that_is_cut_leaves_nothing_hidden(most: int) -> None:
    assert only_seen(FLAGS[0], most) == "\N{WAVING BLACK FLAG}"


def test_signs_of_flags_hide_no_words() -> None:
    hidden = f"\N{WAVING BLACK FLAG}{TAGS}\U000e007f"
    assert only_seen(f"see {hidden}") == "see \N{WAVING BLACK FLAG}"
    assert not is_one_line(hidden)
