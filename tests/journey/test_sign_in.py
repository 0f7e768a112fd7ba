"""Signing in with the stand-ins' accounts, as a browser does it: cookies, redirects, forms."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.helpers.house import House
from tests.helpers.patience import eventually
from tests.helpers.signing_in import Browser, _StayHere, somebody


@pytest.fixture
def browser(house: House) -> Browser:
    return Browser(house)


@pytest.mark.parametrize("platform", ["discord", "slack", "twitch"])
def test_somebody_signs_in_and_out_and_no_token_is_kept(browser: Browser, platform: str) -> None:
    who = somebody()
    assert browser.get("/me").path == "/signin"

    me = browser.signs_in(platform, who)

    assert me.path == "/me"
    assert f"{who.capitalize()}</b> on {platform.capitalize()}" in me.text
    assert "script" not in me.headers["content-security-policy"]
    # Others sign in to this house meanwhile.
    assert eventually(lambda: browser.house.get("/stand-ins/signin/tokens") == {"tokens": 0})
    old = dict(browser.cookies)
    assert browser.post("/me/signout", csrf=browser.csrf()).path == "/signin"
    browser.cookies = old
    assert browser.get("/me").path == "/signin"


def test_two_accounts_are_linked_from_both_sides_and_unlinked(house: House) -> None:
    browser, other = Browser(house), Browser(house)
    who = somebody()
    browser.signs_in("discord", who)

    linked = browser.signs_in("twitch", who, link=True)

    assert f"{who.capitalize()}</b> on Twitch" in linked.text
    # From the other side it is the same person, though everybody here has the same e-mail address.
    there = other.signs_in("twitch", who)
    assert f"{who.capitalize()}</b> on Discord" in there.text
    stranger = Browser(house).signs_in("slack", somebody())
    assert who not in stranger.text
    assert "on Discord" not in stranger.text.split("Link")[0]
    alone = other.post("/me/unlink", csrf=other.csrf(), platform="discord")
    assert f"{who.capitalize()}</b> on Discord" not in alone.text
    assert f"{who.capitalize()}</b> on Twitch" not in browser.get("/me").text


def test_an_account_that_is_somebody_elses_is_not_taken(house: House) -> None:
    """Two people who each have a Twitch account stay two, whoever links what."""
    browser, thief = Browser(house), Browser(house)
    who, other = somebody(), somebody()
    browser.signs_in("discord", who)
    browser.signs_in("twitch", who, link=True)
    thief.signs_in("twitch", other)

    told = thief.signs_in("discord", who, link=True)

    assert told.status == 409
    assert "Both have an account on twitch" in told.text
    assert f"{other.capitalize()}</b> on Twitch" not in browser.get("/me").text


def test_what_was_begun_elsewhere_ends_nowhere(house: House) -> None:
    victim, attacker = Browser(house), Browser(house)
    asked = attacker.get("/signin/discord")
    sent_back = attacker.get(f"{asked.path}&as={somebody()}", follow=False)
    parts = urllib.parse.urlsplit(sent_back.headers["location"])
    stolen = f"{parts.path}?{parts.query}"

    told = victim.get(stolen)

    assert told.status == 400
    assert "begun in another browser" in told.text
    assert "login" not in victim.cookies
    # And it is over for whoever began it, too.
    assert attacker.get(stolen).status == 400


def test_whoever_refuses_or_is_nowhere_reads_so(browser: Browser) -> None:
    asked = browser.get("/signin/twitch")
    refused = browser.get(f"{asked.path}&as=nobody")
    assert (refused.status, "You are not signed in: Twitch says" in refused.text) == (400, True)
    nowhere = browser.get("/signin/irc")
    assert (nowhere.status, "is not set up" in nowhere.text) == (404, True)
    forged = browser.get("/signin/slack/callback?code=x&state=y")
    assert forged.status == 400


def test_a_form_of_another_site_does_nothing(browser: Browser) -> None:
    who = somebody()
    browser.signs_in("discord", who)
    told = browser.post("/me/signout", csrf="guessed")
    assert told.status == 403
    assert who.capitalize() in browser.get("/me").text


def test_names_are_words_and_no_code(browser: Browser) -> None:
    me = browser.signs_in("slack", "<img src=x onerror=alert(1)>")
    assert me.status == 200
    raw = browser.get("/me")
    assert "&lt;" not in raw.text  # unescaped here; what was sent is asked below
    with urllib.request.urlopen(  # noqa: S310
        urllib.request.Request(  # noqa: S310
            f"{browser.home}/me",
            headers={"cookie": f"login={browser.cookies['login']}"},
        )
    ) as answer:
        sent = answer.read().decode()
    assert "<img" not in sent
    assert "&lt;img" in sent


@pytest.mark.parametrize(
    "told", [{"host": "evil.example"}, {"x-forwarded-proto": "https"}, {"x-forwarded-host": "evil"}]
)
def test_nobody_is_sent_back_to_where_a_request_says(house: House, told: dict[str, str]) -> None:
    request = urllib.request.Request(f"{house.url}/signin/twitch", headers=told)  # noqa: S310 - ours
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(_StayHere).open(request, timeout=35)
    with answer.value as refused:
        assert refused.code == 421
        assert "WADDLEBOT_PUBLIC_URL" in refused.read().decode()
