"""What helps while typing: the list of commands, and what was typed before."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.helpers.browser import PATIENCE_MS, Visit, visiting


def _box(visit: Visit, on: str) -> Locator:
    return visit.page.locator(f"#{on} input[type=text]")


def _offers(visit: Visit, on: str) -> Locator:
    return visit.page.locator(f"#{on} [role=option]:visible")


def test_commands_are_offered_while_typing_and_taken_by_keyboard(
    url: str, browser: Browser
) -> None:
    with visiting(browser, url) as visit:
        box = _box(visit, "twitch")
        box.press_sequentially("!quot")
        offers = _offers(visit, "twitch")
        expect(offers.first).to_contain_text("!quote [number-or-words]", timeout=PATIENCE_MS)
        expect(offers.first).to_contain_text("For everybody.")
        expect(box).to_have_attribute("aria-expanded", "true")

        box.press("ArrowDown")
        chosen = visit.page.locator("#twitch [role=option][aria-selected=true]")
        expect(chosen).to_contain_text("!quote ")
        assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
        box.press("Enter")

        expect(box).to_have_value("!quote ")
        expect(offers).to_have_count(0)
        box.press("Enter")
        visit.sees("twitch", "#1: Waddle on!")
        assert visit.complaints == []


def test_the_list_closes_at_escape_and_enter_sends_what_was_typed(
    url: str, browser: Browser
) -> None:
    with visiting(browser, url) as visit:
        box = _box(visit, "slack")
        box.press_sequentially("!help")
        expect(_offers(visit, "slack").first).to_be_visible(timeout=PATIENCE_MS)
        box.press("Escape")
        expect(_offers(visit, "slack")).to_have_count(0)
        expect(box).to_have_value("!help")
        box.press("Enter")
        visit.sees("slack", "You can use !quote & !addquote.")


@pytest.mark.parametrize(
    ("on", "typed", "offered"),
    [
        ("discord", "/", "/waddlebot "),
        ("slack", "/waddlebot quo", "/waddlebot quote "),
        ("discord", "#", "#roll "),
        ("twitch", "!rules u", "!rules undo"),
    ],
)
def test_what_is_offered_is_what_the_platform_takes(
    url: str, browser: Browser, on: str, typed: str, offered: str
) -> None:
    with visiting(browser, url) as visit:
        box = _box(visit, on)
        box.press_sequentially(typed)
        expect(_offers(visit, on).first).to_contain_text(offered.strip(), timeout=PATIENCE_MS)
        _offers(visit, on).first.click()
        assert box.input_value().startswith(offered)
        expect(box).to_be_focused()


def test_twitch_has_no_slash_and_small_talk_opens_nothing(url: str, browser: Browser) -> None:
    with visiting(browser, url) as visit:
        for on, typed in (("twitch", "/"), ("slack", "what a day!"), ("discord", "!quote 3")):
            _box(visit, on).press_sequentially(typed)
            visit.page.evaluate("fetch('/playground/commands').then((told) => told.json())")
            expect(_offers(visit, on)).to_have_count(0)


def test_arrow_up_brings_back_what_was_typed_also_after_a_reload(
    url: str, browser: Browser
) -> None:
    with visiting(browser, url) as visit:
        visit.say("twitch", "good morning")
        visit.say("twitch", "!help")
        visit.sees("twitch", "You can use !quote & !addquote.")
        visit.page.reload()
        visit.page.locator("body.is-ready").wait_for()

        box = _box(visit, "slack")
        box.fill("half a l")
        for key, shown in (
            ("ArrowUp", "!help"),
            ("ArrowUp", "good morning"),
            ("ArrowUp", "good morning"),
            ("ArrowDown", "!help"),
            ("ArrowDown", "half a l"),
        ):
            box.press(key)
            expect(box).to_have_value(shown)
