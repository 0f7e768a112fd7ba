"""Which words of an answer for overlays people read, wherever in its details they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

READ = frozenset(
    {
        *("title", "artist", "album", "service", "requested_by"),
        *("name", "amount", "tier", "message", "content", "line", "ticker_text"),
        *("form_title", "form_description", "label"),
    }
)
"""Fields that a page shows as text: also of what is next in a queue, of a form's fields and of what
is voted on. Addresses are none of them."""
DEEPEST = 4
"""An answer, its details, a list in them, and what stands in it."""


def word_details(
    details: Mapping[str, Any], word: Callable[[str], str], deepest: int = DEEPEST
) -> dict[str, Any]:
    """The same, with each text that people read as `word` says it.

    `details` are what an answer brings, `{field: any JSON}`; `deepest` is how many levels of it are
    read, and below that nothing is shown.
    """
    return {
        name: word(value)
        if isinstance(value, str) and name in READ
        else _worded(value, word, deepest - 1)
        for name, value in details.items()
    }


def _worded(value: Any, word: Callable[[str], str], deepest: int) -> Any:
    if not deepest:
        return value
    if isinstance(value, Mapping):
        return word_details(value, word, deepest)
    if isinstance(value, list):
        return [_worded(one, word, deepest - 1) for one in value]
    return value


def words_of(details: Mapping[str, Any]) -> list[str]:
    """All texts that people read in `details` (`{field: any JSON}`), in their order."""
    found: list[str] = []

    def see(text: str) -> str:
        found.append(text)
        return text

    word_details(details, see)
    return found
