"""The chat on a page of `general`, in the browser that OBS ships: by sockets, and by asking."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.browser import SCREENSHOTS
from tests.helpers.chat_on_page import ChatOnPage
from tests.helpers.obs import USUAL, BrowserSource, browser_source
from tests.helpers.patience import eventually
from waddlebot.domain.overlay_themes import THEMES
from waddlebot.stores.chat_boxes import ChatBoxes
from waddlebot.stores.overlay_looks import OverlayLook, OverlayLooks
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk import General

CONTRAST = Path(__file__).parents[2] / "helpers" / "contrast.js"
LEAST_CONTRAST = 4.5
SIZES = ((1920, 1080), (1280, 720), (390, 844))


def test_lines_come_by_the_socket_and_what_was_missed_is_asked_for(
    chat: ChatOnPage, chromium: Browser
) -> None:
    with browser_source(chromium, chat.front.page("general")) as obs:
        asked = obs.asked_by_then()
        first = chat.says("first")
        _sees(obs, "first")
        chat.says("was lost on its way", is_told=False)
        chat.says("third")
        _sees(obs, "first", "was lost on its way", "third")
        assert obs.asked_by_then() <= asked + 1
        chat.deletes(first)
        _sees(obs, "was lost on its way", "third")
        obs.page.reload()
        _sees(obs, "was lost on its way", "third")
        assert obs.complaints == []


def test_what_is_changed_where_it_was_written_stands_where_it_stood(
    chat: ChatOnPage, chromium: Browser
) -> None:
    with browser_source(chromium, chat.front.page("general")) as obs:
        first = chat.says("frist")
        chat.says("second")
        _sees(obs, "frist", "second")
        chat.changes(first, "first, and ten")
        _sees(obs, "first, and ten", "second")
        chat.changes(first, "not this", is_told=False)
        chat.changes(first, "first")
        _sees(obs, "first", "second")
        obs.page.reload()
        _sees(obs, "first", "second")
        chat.deletes(first)
        _sees(obs, "second")
        assert obs.complaints == []


def test_without_a_socket_a_page_asks(chat: ChatOnPage, chromium: Browser) -> None:
    chat.front.has_sockets = False
    with browser_source(chromium, chat.front.page("general")) as obs:
        first = chat.says("first", is_told=False)
        _sees(obs, "first")
        chat.says("second", is_told=False)
        chat.deletes(first, is_told=False)
        _sees(obs, "second")


def test_words_of_people_are_text_and_pictures_come_from_platforms_alone(
    chat: ChatOnPage, chromium: Browser
) -> None:
    evil = "<img src=x onerror=top.ran=1><script>top.ran=1</script>"
    with browser_source(chromium, chat.front.page("general")) as obs:
        asked: list[str] = []
        obs.context.on("request", lambda one: asked.append(one.url))
        obs.context.route("https://**", lambda route: route.abort())
        emotes = [
            *(["emote", "twitch", "25", "Kappa"], ["emote", "discord", "123", "party"]),
            *(["emote", "twitch", "../../x", "Climbs"], ["emote", "evil.example.org", "1", "Evil"]),
        ]
        chat.says(evil, name=evil, color="url(https://evil.example.org)", badges=[evil, "vip"])
        chat.says("", parts=emotes)
        _sees(obs, evil, "KappapartyClimbsEvil")
        assert sorted(one for one in asked if one.startswith("https://")) == [
            "https://cdn.discordapp.com/emojis/123.webp?size=64&quality=lossless",
            "https://static-cdn.jtvnw.net/emoticons/v2/25/default/dark/2.0",
        ]
        assert obs.page.locator(".chat script, .chat img[src=x]").count() == 0
        assert obs.page.locator(".chat-badge").count() == 1
        assert obs.page.evaluate("typeof top.ran") == "undefined"


def test_so_many_lines_are_shown_and_each_goes_when_it_is_old(
    chat: ChatOnPage, chromium: Browser
) -> None:
    with browser_source(chromium, chat.front.page("general")) as obs:
        obs.asked_by_then()
        for number in range(20):
            chat.says(f"line {number}")
        _sees(obs, *(f"line {number}" for number in range(8, 20)))
        chat.says("is nearly too old", at=time.time() - 88)
        expect(_lines(obs).filter(has_text="too old")).to_have_count(1)
        expect(_lines(obs).filter(has_text="too old")).to_have_count(0, timeout=30_000)


def test_no_part_of_a_line_is_cut_off_whatever_grows_later(
    chat: ChatOnPage, chromium: Browser
) -> None:
    with browser_source(chromium, chat.front.page("general"), size=USUAL) as obs:
        obs.asked_by_then()
        for number in range(9):
            chat.says(f"line {number}")
        expect(_lines(obs).last).to_contain_text("line 8")
        assert _is_whole(obs)
        before = _lines(obs).count()
        obs.page.evaluate("document.querySelector('.chat').style.fontSize = '1.5em'")
        expect(_lines(obs)).not_to_have_count(before)
        assert eventually(lambda: _is_whole(obs))
        obs.page.set_viewport_size({"width": 800, "height": 480})
        assert eventually(lambda: _is_whole(obs))
        assert obs.complaints == []


def test_what_obs_shows_is_cleared_or_off_with_its_chat(
    chat: ChatOnPage, chromium: Browser, versions: Versions
) -> None:
    with browser_source(chromium, chat.front.page("general")) as obs:
        chat.says("first")
        _sees(obs, "first")
        chat.front.control("general", "clear")
        _sees(obs)
        chat.says("second")
        _sees(obs, "second")
        with editing(chat.front.database, versions) as edit:
            ChatBoxes(edit, chat.front.community).remove()
        chat.front.control("general", "chat")
        _sees(obs)


@pytest.mark.parametrize("theme", THEMES)
def test_each_theme_is_read_on_any_size(
    chat: ChatOnPage, chromium: Browser, versions: Versions, theme: str
) -> None:
    """Its pictures are for people to look at: tests/screenshots."""
    with editing(chat.front.database, versions) as edit:
        OverlayLooks(edit, chat.front.community).put(OverlayLook(theme=theme), OverlayLook())
    _talk(chat)
    raid = {"name": "Penelope", "amount": 42, "style": {"type": "raid"}}
    chat.front.push(General(content_type="alert", content="", seconds=0, details=raid))
    for size in SIZES:
        with browser_source(chromium, chat.front.page("general"), size=size) as obs:
            expect(obs.card("Penelope")).to_be_visible()
            expect(_lines(obs).last).to_contain_text("No_spaces_at_all")
            assert 4 <= _lines(obs).count() <= 7  # as many as there is room for
            obs.page.evaluate(
                "Promise.all([document.fonts.ready,"
                " ...document.getAnimations().map((one) => one.finished)])"
            )
            assert obs.page.evaluate("document.fonts.check('20px Inter')")
            ground = "linear-gradient(120deg, #1d3b2f, #c8b88a 45%, #fafafa 60%, #101014)"
            obs.page.evaluate(f"document.body.style.background = '{ground}'")
            obs.picture(SCREENSHOTS / f"chat-{theme}-{size[0]}.png")
            box = obs.page.locator(".chat").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size[0]
            assert obs.complaints == []


def _talk(chat: ChatOnPage) -> None:
    chat.says("Good evening, everybody!", badges=["broadcaster", "subscriber"])
    chat.says("hi from the server", platform="discord", name="Ben", color="#5865f2")
    chat.says("hello from work \N{WAVING HAND SIGN}", platform="slack", name="Cho", color="#f2d74e")
    chat.says("a line that is long enough to break: " + "waddle " * 14, badges=["moderator"])
    chat.says("\u05e9\u05dc\u05d5\u05dd \u05dc\u05db\u05d5\u05dc\u05dd!", name="\u05d3\u05d5\u05d3")
    chat.says("dark names are read as well", color="#00008b", badges=["vip"], name="Max")
    chat.says("w" * 120, platform="discord", name="No_spaces_at_all", color="#ff7a6b")


def _is_whole(obs: BrowserSource) -> bool:
    boxes = [obs.page.locator(one).first.bounding_box() for one in (".chat", ".chat-line")]
    chat, first = boxes
    assert chat
    return first is not None and first["y"] >= chat["y"] - 0.5


def _lines(obs: BrowserSource) -> Any:
    return obs.page.locator(".chat-line.is-shown")


def _sees(obs: BrowserSource, *texts: str) -> None:
    """These lines and no others, without their names."""
    expect(obs.page.locator(".chat-line.is-shown .chat-words")).to_have_text(
        list(texts), timeout=30_000
    )
