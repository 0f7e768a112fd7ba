"""Alerts of the house in the browser that OBS ships: how they read, which comes first, in which
queue.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.alerts import RAID, an_alert
from tests.helpers.browser import SCREENSHOTS
from tests.helpers.media_samples import png
from tests.helpers.obs import CANVAS, USUAL, browser_source
from tests.helpers.overlay_front import OverlayFront, connected
from waddlebot.domain.alerts import AlertKind
from waddlebot.domain.event_list import forgetting

CONTRAST = Path(__file__).parents[2] / "helpers" / "contrast.js"
STILL = "Promise.all(document.getAnimations().map((one) => one.finished))"
GIFT = an_alert("gift", "{name} gifts {amount} sub{s}", amount="1", priority=3, seconds=1)
PATIENCE_MS = 20_000
FOLLOW = an_alert("follow", "{name} follows", priority=8, seconds=1)


@pytest.mark.parametrize("size", [CANVAS, USUAL])
def test_a_raid_reads_as_its_community_words_it(
    front: OverlayFront, chromium: Browser, size: tuple[int, int]
) -> None:
    with browser_source(chromium, front.page("general"), size=size) as obs:
        front.write("general", RAID | {"message": "Hello from us!"})
        expect(obs.card("Ana raids with 1,200")).to_be_visible()
        expect(obs.card().locator(".head")).to_have_text("Raid · twitch")
        expect(obs.card().locator("bdi.name")).to_have_text("Ana")
        expect(obs.card().locator("p.text")).to_have_text("Hello from us!")
        assert obs.complaints == []


def test_the_head_of_each_kind_is_read_in_each_theme_that_has_a_ground(
    front: OverlayFront, chromium: Browser
) -> None:
    hardly = CONTRAST.read_text()
    front.write("general", FOLLOW | {"duration": 60})
    with browser_source(chromium, front.page("general")) as obs:
        expect(obs.card("Ana follows")).to_be_visible()
        for theme in ("night", "day", "neon"):
            obs.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            for kind in AlertKind:
                obs.card().evaluate(f"(card) => card.className = 'card alert is-shown is-{kind}'")
                obs.page.evaluate(STILL)
                assert obs.page.evaluate(f"({hardly})(4.5)") == [], (theme, kind)


def test_what_gives_more_comes_first_and_nothing_is_interrupted(
    front: OverlayFront, chromium: Browser
) -> None:
    shown = front.write("general", FOLLOW | {"name": "First", "duration": 2})
    with browser_source(chromium, front.page("general")) as obs:
        expect(obs.card("First follows")).to_be_visible()
        low = front.write("general", FOLLOW | {"name": "Later"})
        high = front.write("general", RAID | {"duration": 1})
        obs.has_begun(low)
        assert obs.begun == [shown, high, low]


def test_ten_gifts_that_wait_are_one_alert_with_their_sum(
    front: OverlayFront, chromium: Browser
) -> None:
    front.write("general", FOLLOW | {"duration": 3})
    gifts = [front.write("general", GIFT) for _ in range(10)]
    other = front.write("general", GIFT | {"name": "Bo"})
    with browser_source(chromium, front.page("general")) as obs:
        expect(obs.card("Ana gifts 10 subs")).to_be_visible(timeout=20_000)
        expect(obs.card("Bo gifts 1 sub")).to_be_visible(timeout=20_000)
        assert obs.begun[-11:] == [*gifts, other]


def test_alerts_are_held_go_on_give_way_and_come_once_more(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("general")) as obs:
        front.control("general", "pause")
        front.write("general", RAID)
        front.write("general", FOLLOW | {"duration": 60})
        obs.page.reload()
        expect(obs.card()).to_have_count(0)
        front.control("general", "resume")
        expect(obs.card("Ana raids")).to_be_visible()
        front.control("general", "skip")
        expect(obs.card("Ana follows")).to_be_visible()
        front.control("general", "skip")
        expect(obs.card()).to_have_count(0)
        front.control("general", "replay")
        expect(obs.card("Ana follows")).to_be_visible()


@pytest.mark.parametrize(
    "name",
    ["<img src=x onerror=alert(1)>", "{amount}", "\u202egro.live", "N" * 60, "a\u0301" * 30, "{s}"],
)
def test_a_name_is_a_text_and_stays_in_its_card(
    front: OverlayFront, chromium: Browser, name: str
) -> None:
    with browser_source(chromium, front.page("general"), size=USUAL) as obs:
        front.write("general", RAID | {"name": name, "amount": "9" * 12})
        expect(obs.card().locator("bdi.name")).to_have_text(name.replace("\u202e", ""))
        box = obs.card().bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= USUAL[0]
        assert obs.page.locator("img").count() == 0
        assert obs.complaints == []


def test_a_style_takes_the_place_of_the_colour_of_its_kind(
    front: OverlayFront, chromium: Browser
) -> None:
    colour = "getComputedStyle(document.querySelector('.card')).getPropertyValue('--accent')"
    with browser_source(chromium, front.page("general")) as obs:
        front.write("general", RAID)
        expect(obs.card("raids")).to_be_visible()
        usual = obs.page.evaluate(colour)
        front.write("general", RAID | {"style": "urgent", "name": "Bo"})
        front.control("general", "skip")
        expect(obs.card("Bo raids")).to_be_visible()
        assert obs.page.evaluate(colour) != usual


def test_gifts_of_people_of_whom_nobody_is_named_are_several(
    front: OverlayFront, chromium: Browser
) -> None:
    """Whoever hides their name, and two people of one name."""
    last = front.write("general", FOLLOW)
    for whose in ("", "", "twitch:1", "discord:1", "twitch:1"):
        front.write("general", GIFT | {"name": "Somebody", "listed": whose})
    with browser_source(chromium, front.page("general")) as obs:
        obs.has_begun(last)
        assert len(obs.moments) == 5  # the two of one person are one


def test_of_whom_nothing_is_to_be_seen_any_more_all_is_gone_at_once(
    front: OverlayFront, chromium: Browser
) -> None:
    front.database.write(
        "INSERT INTO event_lists VALUES (%(community)s, 5)", {"community": front.community}
    )
    with browser_source(chromium, front.page("general")) as obs:
        connected(front, "general")
        stands = FOLLOW | {"duration": 60}
        front.write("general", stands | {"name": "Rude", "listed": "twitch:666"})
        front.write("general", stands | {"name": "Rude", "listed": "twitch:666", "type": "join"})
        kind = front.write("general", stands | {"name": "Kind", "listed": "twitch:1"})
        expect(obs.card("Rude follows")).to_be_visible()
        expect(obs.page.locator(".event")).to_have_count(3)
        front.write("general", forgetting("twitch:666"))
        expect(obs.card("Kind follows")).to_be_visible()
        expect(obs.page.get_by_text("Rude")).to_have_count(0)
        expect(obs.page.locator(".event")).to_have_count(1)
        front.control("general", "skip")
        expect(obs.card()).to_have_count(0)
        front.control("general", "replay")
        expect(obs.card("Kind follows")).to_be_visible()
        obs.page.reload()
        expect(obs.page.locator(".event")).to_have_text("Kindfollows")
        expect(obs.page.get_by_text("Rude")).to_have_count(0)
        assert obs.begun[-1] == kind
        assert obs.complaints == []


def test_of_somebody_whose_alert_stands_there_none_comes_once_more(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("general")) as obs:
        front.write("general", FOLLOW | {"name": "Rude", "listed": "twitch:666", "duration": 60})
        expect(obs.card("Rude follows")).to_be_visible()
        front.write("general", forgetting("twitch:666"))
        expect(obs.card()).to_have_count(0)
        front.control("general", "replay")
        shown = front.write("general", FOLLOW | {"name": "Kind", "listed": "twitch:1"})
        obs.has_begun(shown)
        assert len(obs.begun) == 2


@pytest.mark.parametrize("size", [(1280, 720), (800, 600), (390, 844)])
@pytest.mark.parametrize("proportions", [(120, 40), (40, 120), (64, 64)])
def test_a_picture_of_an_alert_is_whole(
    front: OverlayFront,
    chromium: Browser,
    size: tuple[int, int],
    proportions: tuple[int, int],
) -> None:
    address = "https://example.com/raid.png"
    front.write("general", {**RAID, "image_url": address, "duration": 60})
    with browser_source(chromium, front.page("general"), size=size) as obs:
        obs.context.route(
            address, lambda route: route.fulfill(content_type="image/png", body=png(proportions))
        )
        obs.page.reload()
        picture = obs.page.locator(".has-picture .picture")
        expect(picture).to_be_visible(timeout=PATIENCE_MS)
        box = picture.bounding_box()
        assert box
        assert box["width"] / box["height"] == pytest.approx(
            proportions[0] / proportions[1], rel=0.05
        )
        assert max(box["width"], box["height"]) >= 60
        expect(obs.page.locator(".badge .icon")).to_be_hidden()
        card = obs.card().bounding_box()
        assert card
        assert card["y"] <= box["y"]
        assert box["y"] + box["height"] <= card["y"] + card["height"]
        obs.picture(SCREENSHOTS / f"alert-picture-{proportions[0]}-{size[0]}.png")
        assert obs.complaints == []


@pytest.mark.parametrize("line", ["{name} throws {amount} bits", ""])
@pytest.mark.parametrize("name", ["Penelope", "Ana", "Penelope_of_the_ice", "Bo_1234567890"])
def test_an_amount_is_never_broken(
    front: OverlayFront, chromium: Browser, line: str, name: str
) -> None:
    told = {**RAID, "name": name, "amount": "42", "line": line, "duration": 60}
    front.write("general", told)
    with browser_source(chromium, front.page("general"), size=(390, 844)) as obs:
        amount = obs.page.locator(".amount")
        expect(amount).to_have_text("42", timeout=PATIENCE_MS)
        assert amount.evaluate("(one) => one.getClientRects().length") == 1
        height, line_height = amount.evaluate(
            "(one) => [one.clientHeight, parseFloat(getComputedStyle(one).fontSize)]"
        )
        assert height < 1.9 * line_height
        [of_amount, of_title] = (
            obs.page.locator(one).bounding_box() for one in (".amount", ".title")
        )
        assert of_amount
        assert of_title
        assert of_amount["y"] + of_amount["height"] <= of_title["y"] + of_title["height"] + 1
        obs.picture(SCREENSHOTS / f"alert-amount-{name}-{bool(line)}.png")
