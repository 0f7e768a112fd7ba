"""Signing in, "me" and what is not there look like the playground, and everybody can read them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.helpers.browser import DESK, PHONE, Visit, browser
from tests.helpers.eyes import faint_texts, small_targets, sticks_out
from tests.helpers.house import House
from tests.helpers.signing_in import somebody

__all__ = ["browser"]  # a fixture

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
SHADES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NOWHERE = ("/nowhere", "/playground/nothing.html", "/stand-ins/nothing", "/api/nothing")


@contextlib.contextmanager
def _page(browser: Browser, size: tuple[int, int], *, dark: bool) -> Iterator[Page]:
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    try:
        yield page
    finally:
        page.close()


def _is_good(page: Page, name: str, *, dark: bool) -> None:
    expect(page.locator(".brand svg")).to_be_visible()
    width = page.viewport_size["width"] if page.viewport_size else 0
    Visit(page=page).picture(f"looks-{name}-{width}-{'dark' if dark else 'light'}")
    assert (faint_texts(page), small_targets(page)) == ([], [])
    assert not sticks_out(page)


@SIZES
@SHADES
def test_signing_in_and_me(
    house: House, browser: Browser, size: tuple[int, int], *, dark: bool
) -> None:
    who = somebody()
    with _page(browser, size, dark=dark) as page:
        # Under the name that browsers keep a cookie of https for, without https.
        page.goto(f"{house.url.replace('127.0.0.1', 'localhost')}/signin")
        _is_good(page, "signin", dark=dark)
        for name, link in (("Sign in with Twitch", ""), ("Link Discord", "link")):
            page.get_by_role("link", name=name).click()
            expect(page.get_by_role("heading", name="who are you?")).to_be_visible()
            _is_good(page, f"who-are-you{link}", dark=dark)
            page.goto(f"{page.url}&as={who}")
        expect(page.get_by_role("button", name="Unlink")).to_be_visible()
        _is_good(page, "me", dark=dark)


@SIZES
@SHADES
def test_me_with_addresses_for_obs(
    house: House, browser: Browser, size: tuple[int, int], *, dark: bool
) -> None:
    with _page(browser, size, dark=dark) as page:
        page.goto(f"{house.url.replace('127.0.0.1', 'localhost')}/signin")
        page.get_by_role("link", name="Sign in with Twitch").click()
        page.goto(f"{page.url}&as=olga")
        expect(page.get_by_role("heading", name="For OBS")).to_be_visible()
        first = page.locator("details").first
        expect(first.locator("code")).to_be_hidden()
        first.locator("summary").click()
        expect(first.locator("code")).to_have_text(re.compile(r"http://localhost:.*/ticker"))
        _is_good(page, "me-obs", dark=dark)


@SIZES
@SHADES
def test_an_address_where_nothing_is(
    house: House, browser: Browser, size: tuple[int, int], *, dark: bool
) -> None:
    with _page(browser, size, dark=dark) as page:
        answer = page.goto(f"{house.url}/nowhere")
        assert answer
        assert answer.status == 404
        expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
        _is_good(page, "404", dark=dark)
        page.get_by_role("link", name="To the start").click()
        page.locator("body.is-ready").wait_for()


@pytest.mark.parametrize("path", NOWHERE)
def test_people_read_a_page_and_programs_read_json(house: House, path: str) -> None:
    status, page = house.ask("GET", path, headers=BROWSER)
    assert (status, "There is nothing here" in page) == (404, True)
    for headers in ({}, {"accept": "*/*"}, {"accept": "application/json"}):
        status, told = house.ask("GET", path, headers=headers)
        assert (status, isinstance(told, dict)) == (404, True), headers
    status, told = house.ask("POST", path, body=b"{}", headers=BROWSER)
    assert (status, isinstance(told, dict)) == (404, True)


def test_who_comes_through_a_tunnel_reads_a_page_as_well(house: House) -> None:
    status, page = house.ask("GET", "/", headers={**BROWSER, "x-forwarded-for": "203.0.113.7"})
    assert (status, "Not from here" in page) == (403, True)
    assert house.ask("GET", "/", headers={"x-forwarded-for": "203.0.113.7"})[0] == 403
