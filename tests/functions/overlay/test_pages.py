"""The three pages in the browser that OBS ships: what is shown, in which order, and never twice."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.idle import MOST_IDLE, cost
from tests.helpers.obs import OBS_CSS, USUAL, BrowserSource, browser_source
from tests.helpers.overlay_front import SOURCES, TOKEN, OverlayFront, connected
from tests.helpers.patience import eventually
from waddlebot_sdk import General, Media, Ticker


def test_what_was_pushed_before_and_after_obs_began_is_shown_in_order(
    front: OverlayFront, chromium: Browser
) -> None:
    first = front.push(Ticker("before", seconds=1))
    with browser_source(chromium, front.page("ticker"), size=USUAL) as obs:
        expect(obs.card("before")).to_be_visible()
        connected(front, "ticker")
        usual = front.push(Ticker("usual", seconds=1))
        urgent = front.push(Ticker("urgent", seconds=1, details={"priority": "high"}))
        expect(obs.card("urgent")).to_be_visible()
        expect(obs.card("usual")).to_be_visible()
        assert obs.begun == [first, urgent, usual]
        assert obs.complaints == []


def test_a_page_that_is_loaded_again_goes_on_with_what_it_showed(
    front: OverlayFront, chromium: Browser
) -> None:
    front.push(Ticker("shown for long", seconds=60))
    front.push(Ticker("waits", seconds=60))
    with browser_source(chromium, front.page("ticker")) as obs:
        expect(obs.card("shown for long")).to_be_visible()
        obs.page.reload()
        expect(obs.card("shown for long")).to_be_visible()
        front.control("ticker", "skip")
        expect(obs.card("waits")).to_be_visible()
        obs.page.reload()
        expect(obs.card("waits")).to_be_visible()
        assert len(obs.begun) == 2


def test_a_lost_frame_a_cut_network_and_a_restart_lose_nothing(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("ticker")) as obs:
        connected(front, "ticker")
        numbers = [front.push(Ticker("one", seconds=1))]
        front.drops = 1
        numbers += [front.push(Ticker("lost", seconds=1)), front.push(Ticker("next", seconds=1))]
        expect(obs.card("next")).to_be_visible()
        front.cut(is_cut=True)
        numbers.append(front.push(Ticker("while cut", seconds=1)))
        front.cut(is_cut=False)
        expect(obs.card("while cut")).to_be_visible(timeout=60_000)
        front.restart()
        numbers.append(front.push(Ticker("restarted", seconds=1)))
        expect(obs.card("restarted")).to_be_visible(timeout=60_000)
        assert obs.begun == numbers
        assert obs.complaints == []


def test_what_is_missed_while_it_asks_is_asked_for_at_once(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("ticker")) as obs:
        connected(front, "ticker")
        numbers = [front.push(Ticker("known", seconds=1))]
        obs.has_begun(numbers[0])
        front.late_seconds, before = 2, len(front.asked)
        front.send("ticker", {"kind": "ask"})
        asks(front, before)
        front.drops = 1
        numbers += [front.push(Ticker("lost", seconds=1)), front.push(Ticker("next", seconds=1))]
        obs.has_begun(numbers[-1], within=30)
        assert obs.begun == numbers


def asks(front: OverlayFront, before: int) -> None:
    until = time.monotonic() + 60
    while not any("/state" in one for one in front.asked[before:]):
        assert time.monotonic() < until, "not asked"
        time.sleep(0.02)


def test_a_number_that_never_was_makes_nobody_ask_without_end(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("ticker")) as obs:
        connected(front, "ticker")
        obs.has_begun(front.push(Ticker("known", seconds=1)))
        before = len(front.asked)
        front.send("ticker", {"n": 1000, "before": 999, "source": "ticker", "kind": "ticker"})
        asks(front, before)
        obs.page.wait_for_timeout(2000)
        assert len(front.asked) - before <= 3


def test_a_page_whose_address_was_rotated_shows_nothing_more_and_asks_seldom(
    front: OverlayFront, chromium: Browser
) -> None:
    with browser_source(chromium, front.page("general")) as obs:
        connected(front, "general")
        front.push(General(content="stands", seconds=0))
        expect(obs.card("stands")).to_be_visible()
        front.send("general", {"kind": "closed", "why": "rotated"})
        front.cut(is_cut=False)
        expect(obs.card()).to_have_count(0)
        before = len(front.asked)
        obs.page.wait_for_timeout(5000)
        sockets = [one for one in front.asked[before:] if one.endswith("/general")]
        assert sockets == []
        assert obs.complaints == []


def test_what_a_streamer_types_into_the_css_of_obs_dresses_the_page(
    front: OverlayFront, chromium: Browser
) -> None:
    css = f"{OBS_CSS} .card {{ background: rgb(1, 2, 3) }} .line::after {{ content: '<3' }}"
    with browser_source(chromium, front.page("ticker"), size=USUAL, css=css) as obs:
        front.push(Ticker("dressed", seconds=60))
        expect(obs.card("dressed")).to_have_css("background-color", "rgb(1, 2, 3)")
        assert obs.complaints == []


def test_where_the_house_has_its_sockets_elsewhere_the_page_opens_them_there(
    front: OverlayFront, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WADDLEBOT_OVERLAY_SOCKET_ADDRESS", front.elsewhere)
    with browser_source(chromium, front.page("ticker")) as obs:
        connected(front, "ticker")
        front.push(Ticker("from elsewhere", seconds=60))
        expect(obs.card("from elsewhere")).to_be_visible(timeout=60_000)
        assert f"/live?token={TOKEN}&source=ticker" in front.asked
        assert obs.complaints == []


def test_without_sockets_it_polls(front: OverlayFront, chromium: Browser) -> None:
    front.has_sockets = False
    with browser_source(chromium, front.page("general")) as obs:
        front.push(General(content="polled", seconds=60))
        expect(obs.card("polled")).to_be_visible(timeout=60_000)


def test_a_song_stands_with_its_progress_and_the_newest_is_right(
    front: OverlayFront, chromium: Browser
) -> None:
    def song(title: str) -> Media:
        details = {"title": title, "artist": "The Ducks", "duration": 200, "progress": 61}
        return Media(media_type="music", media_url="https://x.example.org/1", details=details)

    front.push(song("Old"))
    front.push(song("Waddle on"))
    with browser_source(chromium, front.page("media"), size=USUAL) as obs:
        expect(obs.card("Waddle on")).to_contain_text(re.compile(r"1:\d\d / 3:20"))
        connected(front, "media")
        front.push(Media(media_type="clip", media_url="", details={"title": "A clip"}))
        expect(obs.card("A clip")).to_be_visible()
        expect(obs.card("Waddle on")).to_be_visible()
        front.control("media", "blackout")
        expect(obs.card("Waddle on")).to_be_hidden()
        front.control("media", "light")
        front.push(song("Newest"))
        expect(obs.card("Newest")).to_be_visible()
        expect(obs.card("Waddle on")).to_have_count(0)
        assert obs.complaints == []


def test_alerts_wait_for_each_other_and_gifts_of_one_are_one(
    front: OverlayFront, chromium: Browser
) -> None:
    def alert(kind: str, name: str, **details: object) -> General:
        shown = {"name": name, "style": {"type": kind}, **details}
        return General(content_type="alert", content="", seconds=1, details=shown)

    front.push(alert("raid", "Max", amount=42))
    gifts = [front.push(alert("gift", "Olga")) for _ in range(10)]
    with browser_source(chromium, front.page("general")) as obs:
        expect(obs.card("Max")).to_contain_text("42")
        expect(obs.card("Olga")).to_contain_text("10")
        assert obs.begun[1:] == gifts
        front.push(General(content_type="text", content="stands", seconds=0))
        expect(obs.card("stands")).to_be_visible()
        front.control("general", "clear")
        expect(obs.card()).to_have_count(0)
        obs.page.reload()
        connected(front, "general")
        assert obs.card().count() == 0
        assert obs.complaints == []


def test_hidden_and_shown_again_and_idle_costs_nothing(
    front: OverlayFront, chromium: Browser
) -> None:
    for source in SOURCES:
        with browser_source(chromium, front.page(source), size=USUAL) as obs:
            connected(front, source)
            tab = obs.context.new_cdp_session(obs.page)
            tab.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
            assert cost(chromium) <= MOST_IDLE
            assert obs.complaints == []


def test_the_style_sheet_that_a_streamer_types_into_obs_holds(
    front: OverlayFront, chromium: Browser
) -> None:
    style = "#stage { outline: 9px solid red; background: url('data:image/svg+xml,<svg/>') }"
    for source in SOURCES:
        with browser_source(chromium, front.page(source), css=style) as obs:
            look = obs.page.locator("#stage").evaluate("one => getComputedStyle(one).outlineStyle")

            assert look == "solid"
            assert obs.complaints == []


def test_of_too_many_lines_the_first_in_turn_is_kept(
    front: OverlayFront, chromium: Browser
) -> None:
    front.push(Ticker("first in turn", seconds=60, details={"priority": "high"}))
    for number in range(101):
        front.push(Ticker(f"low {number}", details={"priority": "low"}))
    with browser_source(chromium, front.page("ticker")) as obs:
        expect(obs.card()).to_have_text("first in turn")


def test_a_line_from_right_to_left_begins_at_its_beginning(
    front: OverlayFront, chromium: Browser
) -> None:
    front.push(Ticker("שלום לכולם " * 18, seconds=60))
    with browser_source(chromium, front.page("ticker"), size=USUAL, still=False) as obs:
        expect(obs.card()).to_be_visible()
        right = "one => one.getBoundingClientRect().right"
        ends = [obs.page.locator(name).evaluate(right) for name in (".line", ".window")]

        assert abs(ends[0] - ends[1]) < 2


def test_however_much_is_said_it_stays_on_the_canvas(
    front: OverlayFront, chromium: Browser
) -> None:
    fields = [{"label": "L" * 120, "required": True}] * 12
    address = f"https://example.com/{'a' * 900}"
    form = {"form_description": "word " * 400, "form_fields": fields, "form_submit_url": address}
    alert = {"type": "donation", "name": "N" * 120, "amount": "9" * 120}
    for kind, details in {"form": form, "alert": alert}.items():
        front.push(General(content_type=kind, content="w " * 900, seconds=60, details=details))
        with browser_source(chromium, front.page("general"), size=USUAL) as obs:
            box = obs.card().bounding_box()

            assert box is not None
            assert box["y"] + box["height"] <= USUAL[1]
            assert box["x"] + box["width"] <= USUAL[0]
        front.control("general", "clear")


def test_an_alert_has_its_sign_where_its_picture_does_not_come(
    front: OverlayFront, chromium: Browser
) -> None:
    picture = {"type": "raid", "name": "Ana", "image_url": "https://nobody.invalid/a.png"}
    more = {"tier": "2", "platform": "twitch"}
    front.push(General(content_type="alert", content="", details=picture | more))
    with browser_source(chromium, front.page("general")) as obs:
        expect(obs.card("Ana")).to_contain_text("Raid · 2 · twitch")
        expect(obs.page.locator(".badge .icon")).to_be_visible()
        expect(obs.page.locator(".badge img")).to_have_count(0)


def test_viewers_see_no_error_of_the_house_in_place_of_long_html(
    front: OverlayFront, chromium: Browser
) -> None:
    front.push(General(content_type="html", content="<p>long</p>" + "&" * 8000, seconds=60))
    with browser_source(chromium, front.page("general"), failing="/html-") as obs:
        expect(obs.card()).to_be_attached()
        obs.page.wait_for_timeout(500)
        said = [one.text_content("html") for one in obs.page.frames[1:]]

        assert not any("UNAVAILABLE" in one for one in said if one)
        obs.failing = ""
        expect(obs.page.frame_locator(".framed").locator("p")).to_have_text("long")


def test_a_clip_that_waited_begins_at_its_beginning(front: OverlayFront, chromium: Browser) -> None:
    first = {"title": "First", "duration": 5}
    second = {"title": "Second", "duration": 60}
    front.push(Media(media_type="clip", media_url="", details=first))
    front.push(Media(media_type="clip", media_url="", details=second), ago=30)
    with browser_source(chromium, front.page("media")) as obs:
        expect(obs.card("Second")).to_be_visible(timeout=20_000)
        time = obs.card("Second").locator(".time")
        expect(time).to_have_text(re.compile(r"0:0[0-3] / 1:00"))
        obs.page.reload()
        expect(time).to_have_text(re.compile(r"0:(0[1-9]|1\d) / 1:00"), timeout=20_000)
        assert obs.complaints == []


def test_two_sources_at_one_address_show_the_same_each_once_also_loaded_again(
    front: OverlayFront, chromium: Browser
) -> None:
    """OBS keeps one storage for all of its sources: each sees what the other remembers."""
    with browser_source(chromium, front.page("ticker")) as obs:
        connected(front, "ticker")
        other = BrowserSource(context=obs.context, page=obs.context.new_page())
        other.page.goto(front.page("ticker"))
        eventually(lambda: front.open_sockets("ticker") == 2)
        numbers = [front.push(Ticker(f"line {one}", seconds=2)) for one in range(3)]
        for one in range(3):
            for page in (obs, other):
                expect(page.card(f"line {one}")).to_be_visible(timeout=20_000)
        for page in (obs, other):
            expect(page.card()).to_have_count(0, timeout=20_000)
        long = front.push(Ticker("stays", seconds=20))
        for page in (obs, other):
            expect(page.card("stays")).to_be_visible(timeout=20_000)
        other.page.reload()
        expect(other.card("stays")).to_be_visible(timeout=20_000)
        obs.page.reload()
        expect(obs.card("stays")).to_be_visible(timeout=20_000)
        assert obs.begun == [one for one in (*numbers, long) for _ in range(2)]
        third = BrowserSource(context=obs.context, page=obs.context.new_page())
        third.page.goto(front.page("ticker"))
        expect(third.card("stays")).to_be_visible(timeout=20_000)
        for page in (obs, other, third):
            expect(page.card()).to_have_count(0, timeout=40_000)
        assert obs.complaints == []
