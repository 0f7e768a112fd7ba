"""Everybody can read the page and hit what is pressed, at a desk and on a phone, day and night."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.browser import DESK, PATIENCE_MS, PHONE, Visit, visiting
from tests.helpers.eyes import faint_texts, small_targets, sticks_out

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
SHADES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def _is_good(visit: Visit) -> None:
    assert (faint_texts(visit.page), small_targets(visit.page)) == ([], [])
    assert not sticks_out(visit.page)


@SIZES
@SHADES
def test_the_playground_with_everything_in_it(
    url: str, browser: Browser, size: tuple[int, int], *, dark: bool
) -> None:
    with visiting(browser, url, size=size, dark=dark) as visit:
        for person, platform in (("Ana", "twitch"), ("Max", "slack"), ("Olga", "discord")):
            visit.be(person)
            visit.say(platform, "!help `quote`")
            visit.sees(platform, "You can use !quote & !addquote.")
        for platform in ("discord", "slack"):
            visit.say(platform, "!modules")
            visit.hears(platform, "More about one: !help !quote")
        visit.be("Ana")
        assert "Try as Max." in visit.why_of(visit.says("twitch", "!addquote Waddle"))
        visit.say("twitch", "get free nitro")
        expect(visit.page.locator("#twitch .is-gone").last).to_be_visible(timeout=PATIENCE_MS)
        visit.say("slack", "/waddlebot help")
        expect(visit.page.locator("#slack .is-private").last).to_be_visible(timeout=PATIENCE_MS)
        _is_good(visit)
        visit.picture(f"looks-everything-{size[0]}-{'dark' if dark else 'light'}")


@SIZES
@SHADES
@pytest.mark.parametrize("on", ["discord", "twitch", "slack"])
def test_the_list_of_commands(
    url: str, browser: Browser, size: tuple[int, int], on: str, *, dark: bool
) -> None:
    with visiting(browser, url, size=size, dark=dark) as visit:
        box = visit.page.locator(f"#{on} input[type=text]")
        box.press_sequentially("!")
        expect(visit.page.locator(f"#{on} [role=option]").first).to_be_visible(timeout=PATIENCE_MS)
        box.press("ArrowDown")
        _is_good(visit)
        visit.picture(f"looks-offers-{on}-{size[0]}-{'dark' if dark else 'light'}")


@SIZES
@SHADES
def test_the_menu_of_what_can_break(
    url: str, browser: Browser, size: tuple[int, int], *, dark: bool
) -> None:
    with visiting(browser, url, size=size, dark=dark) as visit:
        visit.page.get_by_role("button", name="Break it").click()
        visit.break_it("hang", "one sentence within two seconds")
        _is_good(visit)
        visit.picture(f"looks-break-{size[0]}-{'dark' if dark else 'light'}")


@SIZES
@SHADES
@pytest.mark.parametrize("path", ["/playground/nothing", "/stand-ins/nothing"])
def test_a_browser_reads_a_page_where_nothing_is(
    url: str, browser: Browser, size: tuple[int, int], path: str, *, dark: bool
) -> None:
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    try:
        answer = page.goto(f"{url}{path}")
        assert answer
        assert answer.status == 404
        expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
        visit = Visit(page=page)
        _is_good(visit)
        visit.picture(f"looks-404-{size[0]}-{'dark' if dark else 'light'}")
    finally:
        page.close()
