"""Style sheets of communities: what asks for anything is refused, what dresses the page does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from tests.functions.overlay.css_attacks import ATTACKS, TRICKS
from tests.helpers.obs import browser_source
from tests.helpers.overlay_front import OverlayFront
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.overlay_looks.clean_css import MOST_BYTES, clean_css
from waddlebot.decisions.parts.overlay_looks.deeds import set_css, set_theme
from waddlebot.domain.errors import Refusal
from waddlebot.domain.overlay_themes import THEMES
from waddlebot.stores.overlay_looks import find_look
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk import General

PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
USUAL = f"""
/* what streamers write */
@media (min-width: 600px) {{ .chat {{ left: auto; right: 2rem; width: calc(30% - 1rem) }} }}
.chat-line {{ --ground: rgb(0 0 0 / 0.4); background: var(--ground) url({PIXEL}) }}
.chat-line:nth-child(2n) > .chat-name::after {{ content: ": " }}
[data-theme="neon"] .title {{ text-shadow: 0 0 1em color-mix(in oklab, red, blue) }}
@keyframes in {{ from {{ opacity: 0; transform: rotate(2deg) }} to {{ opacity: 1 }} }}
.card {{ animation: in 0.3s cubic-bezier(0.2, 0.9, 0.3, 1); filter: drop-shadow(0 0 4px #000) }}
.card.alert {{ border-radius: 0; & .title {{ color: oklch(80% 0.2 60) !important }} }}
"""


@pytest.mark.parametrize("css", ATTACKS)
def test_what_asks_for_anything_is_refused_with_a_sentence(css: str) -> None:
    with pytest.raises(Refusal) as refused:
        clean_css(css)

    assert refused.value.code == "INVALID_CSS"
    assert "evil" not in refused.value.say
    assert len(refused.value.say) < 200


@pytest.mark.parametrize(
    "css", [USUAL, *TRICKS, "", "p{color:red}", "@layer a, b; p { width: 1px }"]
)
def test_what_dresses_the_page_is_kept_and_read_again_is_the_same(css: str) -> None:
    kept = clean_css(css)

    assert clean_css(kept) == kept
    assert "what streamers write" not in kept
    words = set(re.findall(r"[\w-]{3,}", re.sub(r"/\*.*?\*/", "", css)))
    assert words <= set(re.findall(r"[\w-]{3,}", kept))


@pytest.mark.parametrize(
    ("css", "why"),
    [
        ("p { color: red }\n" * 2_000, f"{MOST_BYTES:,} bytes at most"),
        ("p { width: " + "(" * 5_000 + "}", "nested too deep"),
        ("p { width: " + '(")"' * 3_900, "nested too deep"),
        ("p" + "{/*}*/p" * 2_000, "nested too deep"),
        ("p { width: " + "(\\) " * 3_900, "nested too deep"),
        ("\n\np { width: expression(1) }", "(line 3)"),
    ],
)
def test_the_sentence_says_what_is_wrong_and_where(css: str, why: str) -> None:
    with pytest.raises(Refusal, match=re.escape(why)):
        clean_css(css)


@pytest.mark.parametrize(
    "css",
    [
        ".a\\d800 b { color: red }",
        "p::before { content: '\\dfff' }",
        "p { --\ud83d: red } q { top: 0 }",
    ],
)
def test_half_a_sign_is_what_css_says_it_is_and_the_rest_holds(
    front: OverlayFront, versions: Versions, css: str
) -> None:
    """It was an error of the house: nothing can keep it."""
    _dress(front, versions, f"{css} .card {{ color: rgb(1, 2, 3) }}")
    kept = find_look(front.database, front.community).css
    assert "\ufffd" in kept
    assert "rgb(1, 2, 3)" in kept
    assert clean_css(kept) == kept


def test_in_the_browser_none_of_them_asks_or_runs(
    front: OverlayFront, chromium: Browser, versions: Versions
) -> None:
    """Whatever the house takes of them, all together."""
    assert len(ATTACKS) >= 30
    _dress(front, versions, "\n".join([*_taken(*ATTACKS, *TRICKS), USUAL]))
    asked: list[str] = []
    with browser_source(chromium, front.page("general")) as obs:
        obs.context.on("request", lambda request: asked.append(request.url))
        obs.page.reload()
        look = {"type": "raid", "theme": "neon"}
        front.push(
            General(content_type="alert", content="opened", seconds=0, details={"style": look})
        )
        expect(obs.page.locator(".card .title")).to_have_css("color", re.compile("oklch"))
        size = obs.page.evaluate("[innerWidth, innerHeight, scrollX, scrollY, top === window]")
        assert size == [1920, 1080, 0, 0, True]
        ours = front.page("general").partition("/overlay")[0]
        assert [one for one in asked if not one.startswith((ours, "data:"))] == []
        assert obs.page.evaluate("typeof top.ran") == "undefined"
        assert obs.complaints == []


def _taken(*css: str) -> Iterator[str]:
    for one in css:
        with suppress(Refusal):
            yield clean_css(one)


def test_obs_s_own_style_sheet_comes_after_the_community_s(
    front: OverlayFront, chromium: Browser, versions: Versions
) -> None:
    _dress(front, versions, ".card { color: rgb(1, 2, 3) }")
    css = ".card { color: rgb(4, 5, 6) }"
    with browser_source(chromium, front.page("general"), css=css) as obs:
        front.push(General(content="dressed", seconds=0))
        expect(obs.card("dressed")).to_have_css("color", "rgb(4, 5, 6)")


def test_an_open_page_is_dressed_anew_and_a_module_s_theme_is_its_own(
    front: OverlayFront, chromium: Browser, versions: Versions
) -> None:
    with browser_source(chromium, front.page("general")) as obs:
        ground = "getComputedStyle(document.querySelector('.card')).backgroundColor"
        front.push(General(content="as usual", seconds=0))
        expect(obs.card("as usual")).to_be_visible()
        before = obs.page.evaluate(ground)
        grounds = {before}
        for theme in [one for one in THEMES if one != "night"]:
            _theme(front, versions, theme)
            front.control("general", "look")
            expect(obs.card()).not_to_have_css("background-color", before)
            before = obs.page.evaluate(ground)
            grounds.add(before)
        assert len(grounds) == len(THEMES)
        front.push(General(content="its own", seconds=0, details={"style": {"theme": "day"}}))
        expect(obs.card("its own")).to_have_css("color", "rgb(20, 26, 41)")
        assert obs.complaints == []


def _dress(front: OverlayFront, versions: Versions, css: str) -> None:
    with editing(front.database, versions) as edit:
        set_css(edit, _asker(front), css=css, now=datetime.now(UTC))


def _theme(front: OverlayFront, versions: Versions, theme: str) -> None:
    with editing(front.database, versions) as edit:
        set_theme(edit, _asker(front), theme=theme, now=datetime.now(UTC))


def _asker(front: OverlayFront) -> Asker:
    return Asker.of_the_house("tests", front.community)
