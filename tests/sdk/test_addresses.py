from __future__ import annotations

import pytest

from waddlebot_sdk.addresses import bare_address


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("https://x.org/a", "https://x.org/a"),
        (" <https://x.org/a> ", "https://x.org/a"),
        ("<https://x.org/a|x.org/a>", "https://x.org/a"),
        ("<https://x.org/a>,", "https://x.org/a"),
        ("(<https://x.org/a>).", "https://x.org/a"),
        ('"https://x.org/a"', "https://x.org/a"),
        ("https://x.org/a?b=(c)", "https://x.org/a?b=(c)"),
        ("https://x.org/a)!?", "https://x.org/a"),
        ("https://x.org/a b", "https://x.org/a b"),
        ("<>", "<>"),
        ("...", "..."),
    ],
)
def test_an_address_is_what_stands_inside(typed: str, bare: str) -> None:
    assert bare_address(typed) == bare
