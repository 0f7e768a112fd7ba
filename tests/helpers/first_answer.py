"""The shortest conversation that shows that all of a house works."""

from __future__ import annotations

import re

from tests.helpers.house import Chat


def a_quote_is_kept_and_shown_once(chat: Chat) -> None:
    chat.says("max", "!addquote Waddle on!")
    (kept,) = chat.heard()
    number = re.search(r"#(\d+)", kept)
    assert number, kept

    chat.says("ana", f"!quote {number[1]}")
    (said,) = chat.heard()
    assert "Waddle on!" in said
    assert chat.silent()
