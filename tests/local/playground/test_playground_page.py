"""The page against real stand-ins and a bot of a few sentences; the whole house is in journey/."""

from __future__ import annotations

import contextlib
import json
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.browser import PATIENCE_MS, PHONE, Visit, visiting
from tests.helpers.small_house import KEYS, small_house


def _say(url: str, **line: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{url}/stand-ins/says",
        data=json.dumps(line).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass


def _is_done(visit: Visit, step: str) -> None:
    expect(visit.page.locator(f"[data-try={step}].is-done")).to_be_visible()


def test_the_last_lines_stand_there_when_the_page_opens(url: str, browser: Browser) -> None:
    _say(url, **{"as": "olga", "on": "slack", "text": "good morning, pond"})

    with visiting(browser, url) as visit:
        visit.sees("slack", "good morning, pond")
        assert visit.page.locator("[data-try].is-done").count() == 0


@pytest.mark.parametrize("platform", ["discord", "twitch", "slack"])
def test_a_line_and_its_answer_appear_in_the_column(
    url: str, browser: Browser, platform: str
) -> None:
    with visiting(browser, url) as visit:
        visit.say(platform, "!help")

        visit.sees(platform, "You can use !quote & !addquote.")
        assert visit.complaints == []


@pytest.mark.parametrize("platform", ["discord", "slack"])
def test_a_list_is_drawn_as_the_platform_draws_it(
    url: str, browser: Browser, platform: str
) -> None:
    with visiting(browser, url) as visit:
        visit.say(platform, "!modules")

        visit.hears(platform, "What you can use here")
        shown = visit.page.locator(f"#{platform} article.from-bot .text").last
        expect(shown.locator("h3")).to_have_text("What you can use here")
        expect(shown.locator("b").first).to_have_text("memories")
        expect(shown).to_contain_text("Keeps quotes & <notes>: !quote !note")
        expect(shown).to_contain_text("a*b_c")
        expect(shown.locator("small")).to_have_text("More about one: !help !quote")
        assert shown.locator("notes").count() == 0
        assert visit.complaints == []


def test_hostile_text_is_text(url: str, browser: Browser) -> None:
    hostile = "<img src=x onerror=alert(1)> <script>alert(2)</script> ${7*7}"

    with visiting(browser, url) as visit:
        for platform in ("discord", "twitch", "slack"):
            visit.say(platform, hostile)
            visit.sees(platform, hostile)

        assert visit.page.locator(".text img, .text script").count() == 0
        assert visit.complaints == []


def test_a_chip_says_its_words_as_the_person_who_is_chosen(url: str, browser: Browser) -> None:
    with visiting(browser, url) as visit:
        visit.be("Olga")
        visit.page.locator("#discord .chip", has_text="#roll 2d6").click()

        visit.sees("discord", "2d6: 3 + 5 = 8")
        line = visit.page.locator("#discord article.is-line").last
        expect(line.locator(".name")).to_have_text("Olga")


def test_an_answer_for_one_person_says_so(url: str, browser: Browser) -> None:
    with visiting(browser, url) as visit:
        visit.say("slack", "/waddlebot help")

        private = visit.page.locator("#slack .is-private").last
        expect(private.locator(".only")).to_have_text("Only Ana sees this")


def test_a_deleted_line_stays_as_the_platform_shows_it(url: str, browser: Browser) -> None:
    with visiting(browser, url) as visit:
        visit.say("twitch", "get free nitro")

        gone = visit.page.locator("#twitch .is-gone").last
        expect(gone.locator(".gone")).to_have_text("message deleted by a moderator")


def test_why_offers_what_was_probably_meant(url: str, browser: Browser) -> None:
    with visiting(browser, url) as visit:
        told = visit.why_of(visit.says("twitch", "!qoute"))

        assert "No command here is called !qoute." in told
        assert "Did you mean !quote?" in told


def test_why_says_that_small_talk_asked_for_nothing(url: str, browser: Browser) -> None:
    with visiting(browser, url) as visit:
        line = visit.says("discord", "what a day")

        assert "no command or rule fits it" in visit.why_of(line)


def test_the_moderators_room_shows_that_something_is_new_there(url: str, browser: Browser) -> None:
    with visiting(browser, url) as visit:
        tab = visit.page.locator("#slack").get_by_role("tab", name="# moderators")
        _say(url, **{"as": "max", "on": "slack", "channel": "moderators", "text": "look here"})

        expect(tab).to_have_class("room unread")
        visit.page.locator("#slack").get_by_role("tab", name="# general").focus()
        visit.page.keyboard.press("ArrowRight")
        visit.sees("slack", "look here")
        expect(tab).to_have_class("room")


def test_what_was_tried_is_ticked_remembered_and_can_be_put_away(
    url: str, browser: Browser
) -> None:
    with visiting(browser, url) as visit:
        # The card speaks where somebody was last; Discord would slow six answers down.
        visit.page.locator("#twitch input[type=text]").focus()
        tries = visit.page.locator("#tries")
        for words, step in (("!help", "help"), ("!quote", "quote"), ("#roll 2d6", "roll")):
            tries.get_by_role("button", name=words).click()
            _is_done(visit, step)
        tries.get_by_role("button", name="as Ana").click()
        tries.get_by_role("button", name="as Max").click()
        _is_done(visit, "addquote")
        tries.get_by_role("button", name="!remind").click()
        _is_done(visit, "bravery")

        visit.page.reload()
        expect(visit.page.locator("#tries-count")).to_contain_text("All five")
        tries.get_by_role("button", name="Dismiss").click()
        expect(tries).to_be_hidden()
        visit.page.get_by_role("button", name="Things to try").click()
        expect(tries).to_be_visible()


def test_the_break_menu_shows_what_can_be_broken_here(url: str, browser: Browser) -> None:
    with visiting(browser, url) as visit:
        visit.page.get_by_role("button", name="Break it").click()

        expect(visit.page.locator("[data-break=stop_replica]")).to_be_hidden()
        visit.break_it("hang", "one sentence within two seconds")


def test_a_phone_shows_one_chat_at_a_time_and_nothing_sticks_out(
    url: str, browser: Browser
) -> None:
    with visiting(browser, url, size=PHONE) as visit:
        assert visit.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]

        visit.page.get_by_role("link", name="Slack", exact=True).click()
        current = visit.page.locator(".jumps [aria-current]")
        expect(current).to_have_text("Slack")
        expect(visit.page.locator("#slack input[type=text]")).to_be_in_viewport()


@pytest.mark.parametrize(
    "size", [PHONE, (360, 640), (390, 500), (844, 390), (820, 1180), (1280, 800), (1280, 560)]
)
def test_where_to_write_is_in_view_whatever_was_said(
    url: str, browser: Browser, size: tuple[int, int]
) -> None:
    with visiting(browser, url, size=size) as visit:
        box = visit.page.locator("#discord input[type=text]")
        for _ in range(2):
            expect(box).to_be_in_viewport(ratio=1)
            assert visit.page.evaluate("document.documentElement.scrollWidth") == size[0]
            visit.say("discord", "is anybody here?")  # six answers at once Discord would not take
            visit.sees("discord", "is anybody here?")
        expect(box).to_be_in_viewport(ratio=1)
        visit.picture(f"playground-input-{size[0]}x{size[1]}")


def test_the_page_runs_nothing_but_its_own_files_and_holds_no_key(url: str) -> None:
    with urllib.request.urlopen(f"{url}/", timeout=10) as answer:  # noqa: S310 - ours
        policy, page = answer.headers["content-security-policy"], answer.read().decode()

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not any(secret in page for secret in KEYS.values())


def test_another_page_cannot_break_anything(url: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - ours
        f"{url}/playground/breakers/hang", data=b"{}", headers={"content-type": "text/plain"}
    )

    with pytest.raises(urllib.error.HTTPError, match="415") as refused:
        urllib.request.urlopen(request, timeout=10)  # noqa: S310
    refused.value.close()


@pytest.mark.parametrize(
    "path", ["/playground/app.py", "/playground/..%2Fapp.py", "/playground/nothing.js"]
)
def test_nothing_but_the_pages_files_is_served(url: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        urllib.request.urlopen(f"{url}{path}", timeout=10)  # noqa: S310 - ours
    refused.value.close()


def test_a_house_that_is_gone_leaves_what_was_typed_and_says_what_to_do(browser: Browser) -> None:
    with contextlib.ExitStack() as leaving:
        with small_house() as url:
            visit = leaving.enter_context(visiting(browser, url))
        visit.say("twitch", "!quote of the day")
        trouble = visit.page.locator("#twitch .trouble")
        expect(trouble).to_contain_text("make run", timeout=PATIENCE_MS)
        expect(visit.page.locator("#twitch input[type=text]")).to_have_value("!quote of the day")


def test_where_a_platform_is_real_its_column_says_so_and_takes_nothing(browser: Browser) -> None:
    with (
        small_house(closed={"slack": "Slack is real here."}) as url,
        visiting(browser, url) as visit,
    ):
        expect(visit.page.locator("#slack .trouble")).to_have_text("Slack is real here.")
        expect(visit.page.locator("#slack input[type=text]")).to_be_disabled()
        visit.say("twitch", "!help")
        visit.sees("twitch", "You can use !quote & !addquote.")
        assert visit.complaints == []


def test_what_slack_finds_is_listed_and_can_be_taken(url: str, browser: Browser) -> None:
    with visiting(browser, url) as visit:
        visit.say("slack", "!modules")
        finder = visit.page.locator("#slack .finder").last
        expect(finder).to_have_attribute("placeholder", "Find a command", timeout=PATIENCE_MS)
        finder.fill("quo")
        finder.press("Enter")
        found = visit.page.locator("#slack").get_by_role("button", name="!quote: Show a quote")
        expect(found.last).to_be_visible(timeout=PATIENCE_MS)
        with visit.page.expect_response("**/stand-ins/happens") as taken:
            found.last.click()
        assert taken.value.json()["accepted"]
        assert visit.complaints == []
