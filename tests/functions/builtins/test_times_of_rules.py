"""How long a rule keeps somebody from writing, as people type it."""

from __future__ import annotations

import pytest

from functions.builtins.moderating.rules import read_wanted
from waddlebot_sdk import NotUnderstood


@pytest.mark.parametrize(
    ("typed", "seconds", "say"),
    [
        ("zzz block 10 minutes", 600, ""),
        ("zzz block for 10m No adverts", 600, "No adverts"),
        ("zzz block 1h30 No adverts", 5400, "No adverts"),
        ("zzz block No adverts", 0, "No adverts"),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, seconds: int, say: str) -> None:
    wanted = read_wanted(typed)
    assert (wanted.pattern, wanted.timeout_seconds, wanted.more) == ("zzz", seconds, say)


@pytest.mark.parametrize("typed", ["zzz block 10:99 no", "zzz block 90 adverts"])
def test_what_looks_like_a_time_and_is_none_is_refused(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        read_wanted(typed)
