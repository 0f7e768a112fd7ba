"""People in front of the pages where services are connected: two windows, two clicks, the wrong
address, and what a service says when it gives nothing."""

from __future__ import annotations

import uuid
from urllib.parse import quote, urlsplit

import pytest

from tests.helpers.connecting import (
    a_streamer,
    a_workspace,
    allows,
    channel_of,
    give,
    installs,
    state_of,
    talk_in,
    until,
)
from tests.helpers.house import Chat, House
from tests.helpers.signing_in import Browser, Page, somebody


def test_what_was_begun_in_two_windows_is_ended_in_both(house: House) -> None:
    browser, streamer, workspace = Browser(house), a_streamer(), a_workspace()
    twitch, slack = browser.get("/connect/twitch?go=1"), browser.get("/connect/slack?go=1")
    for page in (
        browser.get(f"{slack.path}&workspace={workspace}"),
        browser.get(f"{twitch.path}&as={streamer}"),
    ):
        assert page.status == 200, page.text
        assert "is connected" in page.text


def test_a_second_window_does_not_end_the_sign_in_of_the_first(house: House) -> None:
    browser, who = Browser(house), somebody()
    first, _second = browser.get("/signin/twitch"), browser.get("/signin/slack")
    page = browser.get(f"{first.path}&as={who}")
    assert page.path == "/me", page.text


def _back_from_twitch(browser: Browser, streamer: str) -> str:
    asked = browser.get("/connect/twitch?go=1")
    sent = urlsplit(browser.get(f"{asked.path}&as={streamer}", follow=False).headers["location"])
    return f"{sent.path}?{sent.query}"


def test_a_page_that_is_loaded_again_says_that_it_was_done(house: House) -> None:
    """As a second click on the platform's page does, and the button that leads back to it."""
    browser, streamer = Browser(house), a_streamer()
    back = _back_from_twitch(browser, streamer)
    assert browser.get(back).status == 200
    again = browser.get(back)
    assert again.status == 400
    assert "was used already" in again.text
    assert "another browser" not in again.text
    assert state_of(house, streamer) == "connected"


def test_who_signs_in_with_two_clicks_is_signed_in(house: House) -> None:
    browser, who = Browser(house), somebody()
    asked = browser.get("/signin/twitch")
    sent = urlsplit(browser.get(f"{asked.path}&as={who}", follow=False).headers["location"])
    for _ in range(2):
        page = browser.get(f"{sent.path}?{sent.query}")
        assert page.path == "/me", page.text


@pytest.mark.parametrize("where", ["/connect/twitch", "/connect/slack", "/signin/twitch"])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("access_denied", "did not allow it"),
        ("temporarily_unavailable", "Try again in a moment"),
        ("redirect_mismatch", "redirect_mismatch"),
        ("", "gave nothing"),
    ],
)
def test_what_a_service_says_instead_of_a_code_is_told_as_it_is(
    house: House, where: str, error: str, words: str
) -> None:
    page = _came_back_with(Browser(house), where, error)
    assert page.status == 400
    assert words in page.text
    assert ("did not allow it" in page.text) is (error == "access_denied")


def test_what_no_service_says_is_not_repeated(house: House) -> None:
    page = _came_back_with(Browser(house), "/connect/twitch", "<b>send me money</b>")
    assert "money" not in page.text
    assert "gave nothing" in page.text


def _came_back_with(browser: Browser, where: str, error: str) -> Page:
    state = browser.get(f"{where}?go=1").path.partition("state=")[2].partition("&")[0]
    return browser.get(f"{where}/callback?state={state}&error={quote(error)}")


def _signed_in_with_a_channel(house: House) -> tuple[Browser, dict[str, str]]:
    browser, streamer = Browser(house), a_streamer()
    assert allows(browser, streamer).status == 200
    browser.signs_in("twitch", streamer)
    return browser, {"account": channel_of(streamer), "kind": "channel", "csrf": browser.csrf()}


def test_who_clicks_disconnect_twice_still_sees_what_is_theirs(house: House) -> None:
    browser, form = _signed_in_with_a_channel(house)
    assert browser.post("/connect/twitch/end", **form).status == 200
    page = browser.post("/connect/twitch/end", **form)
    assert "is not connected any more" in page.text
    assert "Yours" in page.text
    assert "Sign in" not in page.text


def test_a_wrong_method_is_told_on_the_page_where_it_was_asked(house: House) -> None:
    page = Browser(house).get("/connect/twitch/end")
    assert page.status == 405
    assert page.headers["allow"] == "POST"
    assert "Connect Twitch" in page.text


def test_a_channel_that_joins_a_community_takes_its_connection_along(house: House) -> None:
    """The owners of where it belongs by now may end it."""
    streamer = a_streamer()
    assert allows(Browser(house), streamer).status == 200
    channel = channel_of(streamer)
    _joins(house, house.chat(on="twitch", channel=channel, viewer=streamer), streamer)
    assert streamer in _sees(house)
    assert allows(Browser(house), streamer).status == 200  # nor does connecting anew move it
    page = _sees(house)
    assert streamer in page
    assert f'value="{channel}"' in page


def test_a_workspace_that_joined_a_community_is_connected_there(house: House) -> None:
    workspace, owner = a_workspace(), somebody()
    home = talk_in(house, workspace)
    assert home.asks("ana", "!help quote", "Show a quote", within=15.0)
    give(house, workspace, owner, "owner")
    _joins(house, home, owner)
    assert installs(Browser(house), workspace, **{"as": somebody()}).status == 200
    assert f"The {workspace[2:]}" in _sees(house)


def _sees(house: House) -> str:
    browser = Browser(house)
    browser.signs_in("discord", "olga")
    return browser.get("/connect").text


def _joins(house: House, home: Chat, owner: str) -> None:
    """A channel or workspace belongs to a community of Olga's on Discord."""
    number = str(uuid.uuid4().int % 10**17)
    pond = house.chat(on="discord", channel=number, server=number)
    assert until(lambda: home.says("ana", "!help quote")["accepted"])
    assert pond.asks("olga", f"!community name Pond {number}", "called", within=15.0)
    told = pond.asks("olga", "!community invite", "community join", within=15.0)
    assert told is not None
    word = told["text"].partition("community join ")[2].split()[0]
    assert until(lambda: home.says(owner, f"!community join {word}")["accepted"])
    assert home.hears("Welcome", within=15.0)
