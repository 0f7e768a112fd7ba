"""The page at `/`, in a real browser, in front of the whole house."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.browser import PHONE, browser, visiting
from tests.helpers.homes import home
from tests.helpers.house import House, running
from tests.journey.picture import hold

__all__ = ["browser", "home"]

PLATFORMS = ("discord", "twitch", "slack")


def _words() -> str:
    """So that tests that share the rooms know their own lines."""
    return f"Waddle {uuid.uuid4().hex[:8]}"


def test_the_first_view_is_not_empty_and_people_have_the_conversation_of_the_readme_s_picture(
    home: Path, browser: Browser
) -> None:
    """In a house where nobody has said anything yet."""
    with running(home) as (house, _):
        with visiting(browser, house.url) as visit:
            for platform in PLATFORMS:
                expect(visit.page.locator(f"#{platform} article.from-bot").first).to_be_visible()
            visit.picture("playground-first-view")
            assert visit.complaints == []
        with visiting(browser, house.url) as visit:
            hold(visit)
            assert visit.complaints == []


def test_the_strip_shows_what_obs_shows(house: House, browser: Browser) -> None:
    quote = _words()
    with visiting(browser, house.url) as visit:
        visit.be("Max")
        visit.say("slack", f"!addquote {quote}")

        visit.on_ticker(quote)
        visit.picture("playground-ticker")
        assert visit.complaints == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_line_and_its_answer_appear_in_each_column(
    house: House, browser: Browser, platform: str
) -> None:
    with visiting(browser, house.url) as visit:
        visit.say(platform, "!help roll")

        visit.sees(platform, "Roll dice: d20, 2d6, 3d6+2.")
        assert visit.complaints == []


def test_ana_may_not_add_a_quote_and_reads_why_and_max_may(house: House, browser: Browser) -> None:
    quote = _words()
    with visiting(browser, house.url) as visit:
        told = visit.why_of(visit.says("twitch", f"!addquote {quote}"))
        assert "!addquote is for moderators; Ana is a user here." in told
        assert "Try as Max." in told

        visit.be("Max")
        line = visit.says("twitch", f"!addquote {quote}")
        visit.sees("twitch", "Kept as quote")
        assert "!addquote ran." in visit.why_of(line)
        assert visit.complaints == []


def test_an_event_that_comes_twice_is_answered_once(house: House, browser: Browser) -> None:
    first, second = _words(), _words()
    with visiting(browser, house.url) as visit:
        visit.say("twitch", f"!help {first}")
        visit.sees("twitch", f"There is no '{first}' here.")
        visit.page.get_by_role("button", name="Break it").click()
        visit.break_it("repeat", "The same event came twice; you still see one answer.")
        visit.page.keyboard.press("Escape")

        # Lines of one room are answered in order: by now a second answer would stand there.
        visit.say("twitch", f"!help {second}")
        visit.sees("twitch", f"There is no '{second}' here.")
        answers = visit.page.locator("#twitch article.from-bot .text", has_text=first)
        assert answers.count() == 1


def test_a_forged_signature_is_refused(house: House, browser: Browser) -> None:
    with visiting(browser, house.url) as visit:
        visit.say("slack", "!help quote")
        visit.sees("slack", "!quote")

        visit.page.get_by_role("button", name="Break it").click()
        visit.break_it("forge", "and was refused")
        visit.picture("playground-break-it")


def test_what_only_this_machine_can_break_is_offered(house: House, browser: Browser) -> None:
    with visiting(browser, house.url) as visit:
        visit.page.get_by_role("button", name="Break it").click()

        for name in ("hang", "stop_replica", "start_replica"):
            expect(visit.page.locator(f"[data-break={name}]")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_a_desk_and_a_phone(house: House, browser: Browser, *, dark: bool) -> None:
    shade = "dark" if dark else "light"
    with visiting(browser, house.url, dark=dark) as visit:
        assert visit.page.evaluate("document.documentElement.scrollHeight") <= 800
        visit.picture(f"playground-desk-{shade}")
    with visiting(browser, house.url, size=PHONE, dark=dark) as visit:
        assert visit.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        visit.picture(f"playground-phone-{shade}")
