"""A house that was stopped comes back with its conversation."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from local.port import free_port
from tests.helpers.browser import PATIENCE_MS, visiting
from tests.helpers.small_house import small_house


def test_the_conversation_outlives_a_restart_also_in_an_open_page(
    browser: Browser, tmp_path: Path
) -> None:
    kept, port = tmp_path / "conversation.jsonl", free_port()
    with small_house(kept_at=kept, port=port) as url:
        visiting_it = visiting(browser, url)
        visit = visiting_it.__enter__()
        visit.say("twitch", "!quote of the day")
        visit.sees("twitch", "#1: Waddle on!")
    try:
        with small_house(kept_at=kept, port=port), visiting(browser, url) as later:
            later.sees("twitch", "!quote of the day")
            later.sees("twitch", "#1: Waddle on!")
            later.say("twitch", "and on we go")
            visit.sees("twitch", "and on we go")
            expect(visit.page.locator("#twitch .text", has_text="Waddle on!")).to_have_count(
                1, timeout=PATIENCE_MS
            )
    finally:
        visiting_it.__exit__(None, None, None)


def test_what_a_killed_house_left_half_is_left_out(browser: Browser, tmp_path: Path) -> None:
    kept = tmp_path / "conversation.jsonl"
    with small_house(kept_at=kept) as url, visiting(browser, url) as visit:
        visit.say("slack", "a whole line")
        visit.sees("slack", "a whole line")
    with kept.open("a") as file:
        file.write('{"n": 7, "kind": "li')

    with small_house(kept_at=kept) as url, visiting(browser, url) as visit:
        visit.sees("slack", "a whole line")
        visit.say("slack", "and another")
        visit.sees("slack", "and another")


def test_a_conversation_that_cannot_be_kept_is_still_one(browser: Browser, tmp_path: Path) -> None:
    with small_house(kept_at=tmp_path) as url, visiting(browser, url) as visit:
        visit.say("twitch", "!help")
        visit.sees("twitch", "You can use !quote & !addquote.")
