from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.pages import Pages, read_page, take_page

entries = st.lists(st.text("abc é🐧", min_size=1, max_size=60), min_size=1, max_size=60)


@given(entries, st.integers(200, 600))
def test_the_pages_together_are_the_list_and_each_is_one_message(
    listed: list[str], room: int
) -> None:
    pages = Pages(again="!rules list", room=room, heading="Here: ")
    said: list[str] = []
    while True:
        page = pages.say(listed, len(said) + 1)
        said.append(page)
        assert len(page) <= room
        if " goes on." not in page:
            break
    alone = [one.removeprefix("Here: ").rpartition(". Page ")[0] or one[6:-1] for one in said]
    assert "; ".join(alone) == "; ".join(listed)


def test_a_page_says_how_to_go_on() -> None:
    pages = Pages(again="!rules list", room=110)
    listed = [f"rule {number}" for number in range(1, 13)]
    assert pages.say(listed, 2) == (
        "rule 5; rule 6; rule 7; rule 8. Page 2 of 3; !rules list 3 goes on."
    )
    assert pages.say(listed, 3).endswith("rule 12. Page 3 of 3.")
    assert pages.say(listed[:2], 1) == "rule 1; rule 2."


@pytest.mark.parametrize("page", [0, 4, 9999])
def test_a_page_that_does_not_exist_gets_a_sentence(page: int) -> None:
    pages = Pages(again="!rules list", room=110)
    listed = [f"rule {number}" for number in range(1, 13)]
    with pytest.raises(NotUnderstood, match=f"no page {page}, only 3. The last: !rules list 3"):
        pages.say(listed, page)


def test_what_is_typed_is_a_number() -> None:
    assert [read_page(typed, again="!x") for typed in ("", " 2 ", "12")] == [1, 2, 12]
    with pytest.raises(NotUnderstood, match=r"'two' is no page\. Say its number: !x 2"):
        read_page("two", again="!x")


@pytest.mark.parametrize(
    ("typed", "words", "page"),
    [
        ("waddle page 2", "waddle", 2),
        ("Page 3", "", 3),
        ("page", "page", 1),
        ("page x", "page x", 1),
    ],
)
def test_words_may_come_before_a_page(typed: str, words: str, page: int) -> None:
    assert take_page(typed) == (words, page)
