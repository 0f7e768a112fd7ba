"""Videos in the players of their platforms: what plays, and what is there where none does."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers.browser import SCREENSHOTS
from tests.helpers.obs import CANVAS, USUAL, BrowserSource, browser_source
from tests.helpers.overlay_front import TOKEN, OverlayFront, connected
from tests.helpers.patience import eventually
from tests.helpers.players import Players
from waddlebot.domain.overlay_players import PLAYERS_AT, played_by, player_origins
from waddlebot_sdk import Media

PATIENCE_MS = 20_000
SILENT_MS = 10_500
PHONE = (390, 844)
VIDEO = "https://www.youtube.com/watch?v={}"
CLIP = "https://clips.twitch.tv/{}"


def plays(front: OverlayFront, url: str, title: str, **details: object) -> int:
    told = {"title": title, "duration": 60, **details}
    return front.push(Media(media_type="clip", media_url=url, details=told))


def is_without_player(obs: BrowserSource, title: str, url: str) -> None:
    """Its title, its picture and where it is."""
    card = obs.card(title)
    expect(card.locator(".player")).to_have_count(0, timeout=PATIENCE_MS)
    expect(card.locator(".art")).to_be_visible()
    expect(card.locator(".url")).to_have_text(url)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (VIDEO.format("dQw4w9WgXcQ"), ("youtube", "dQw4w9WgXcQ")),
        ("https://youtu.be/dQw4w9WgXcQ?t=3", ("youtube", "dQw4w9WgXcQ")),
        ("https://music.youtube.com/watch?list=1&v=dQw4w9WgXcQ", ("youtube", "dQw4w9WgXcQ")),
        ("https://m.youtube.com/shorts/dQw4w9WgXcQ", ("youtube", "dQw4w9WgXcQ")),
        (CLIP.format("Waddle-On_7"), ("twitch", "Waddle-On_7")),
        ("https://www.twitch.tv/max/clip/WaddleOn", ("twitch", "WaddleOn")),
        ("https://www.twitch.tv/max", ("", "")),
        ("https://youtube.com.example.org/watch?v=dQw4w9WgXcQ", ("", "")),
        ("https://youtube.com@example.org/watch?v=dQw4w9WgXcQ", ("", "")),
        (VIDEO.format("dQw4w9WgXcQ%22x"), ("", "")),
        (CLIP.format("embed"), ("", "")),
        (CLIP.format("a%26parent=b"), ("", "")),
        ("https://[", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_player_is_found_by_the_whole_host(address: str, found: tuple[str, str]) -> None:
    assert played_by(address) == found


def test_what_is_set_and_is_no_origin_gets_into_no_policy() -> None:
    wrong = dict.fromkeys(PLAYERS_AT.values(), "https://a.example; script-src *")

    assert player_origins(wrong) == player_origins({})


@pytest.mark.parametrize("size", [CANVAS, USUAL, PHONE])
def test_a_video_and_a_clip_play_where_they_are_seen_and_learn_no_token(
    front: OverlayFront, chromium: Browser, players: Players, size: tuple[int, int]
) -> None:
    """Its pictures are for people to look at: tests/screenshots."""
    plays(front, VIDEO.format("playsplays1"), "A video")
    with browser_source(chromium, front.page("media"), size=size) as obs:
        for title, path in (
            ("A video", "/embed/playsplays1?"),
            ("A clip", "/embed?clip=plays-1&parent=127.0.0.1&"),
        ):
            expect(obs.card(title).locator(".is-playing .player")).to_be_visible(
                timeout=PATIENCE_MS
            )
            assert players.asked[-1].startswith(path)
            box = obs.card(title).locator(".player").bounding_box()
            card = obs.card(title).bounding_box()
            assert box
            assert card
            assert size == PHONE or (box["width"] >= 400 and box["height"] >= 300)
            assert card["y"] >= 0
            assert card["y"] + card["height"] <= size[1]
            obs.picture(SCREENSHOTS / f"player-{title[2:]}-{size[0]}.png")
            if title == "A video":
                plays(front, CLIP.format("plays-1"), "A clip")
                front.control("media", "skip")
        assert set(players.referrers) == {f"http://127.0.0.1:{front.port}/"}
        assert TOKEN not in str(players.asked)
        assert obs.complaints == []


@pytest.mark.usefixtures("players")
def test_a_player_that_refuses_gives_way_and_the_queue_goes_on(
    front: OverlayFront, chromium: Browser
) -> None:
    refused = {
        "no video": VIDEO.format("errorerror1"),
        "no frame": CLIP.format("refuses-1"),
        "no clip": CLIP.format("error-1"),
    }
    for title, url in refused.items():
        plays(front, url, title)
    plays(front, VIDEO.format("endsendsend"), "ends")
    last = plays(front, CLIP.format("plays-2"), "plays")
    with browser_source(chromium, front.page("media"), size=USUAL) as obs:
        for title, url in refused.items():
            expect(obs.card(title)).to_be_visible(timeout=PATIENCE_MS)
            is_without_player(obs, title, url)
            obs.picture(SCREENSHOTS / f"player-{title[3:]}-refused.png")
            front.control("media", "skip")
        expect(obs.card("plays").locator(".is-playing")).to_be_visible(timeout=PATIENCE_MS)
        assert obs.begun[-1] == last
        assert len(obs.begun) == 5
        assert obs.blank == []


@pytest.mark.usefixtures("players")
@pytest.mark.parametrize("url", [VIDEO.format("silentsilen"), VIDEO.format("refusesrefu")])
def test_a_player_that_is_silent_for_ten_seconds_gives_way(
    front: OverlayFront, chromium: Browser, url: str
) -> None:
    with browser_source(chromium, front.page("media"), size=USUAL) as obs:
        connected(front, "media")
        obs.context.clock.install()
        obs.page.reload()
        assert eventually(lambda: front.open_sockets("media") == 1)
        plays(front, url, "Silent")
        expect(obs.card("Silent").locator(".player")).to_be_attached(timeout=PATIENCE_MS)
        obs.page.clock.fast_forward(SILENT_MS)
        is_without_player(obs, "Silent", url)


def test_what_is_paused_has_no_player_and_another_song_takes_its_place(
    front: OverlayFront, chromium: Browser, players: Players
) -> None:
    def song(title: str, *, paused: bool = False) -> None:
        details = {"title": title, "duration": 200, "progress": 61, "paused": paused}
        url = VIDEO.format("playsplays1")
        front.push(Media(media_type="music", media_url=url, details=details))

    with browser_source(chromium, front.page("media"), size=USUAL) as obs:
        song("Waddle on")
        expect(obs.card("Waddle on").locator(".is-playing")).to_be_visible(timeout=PATIENCE_MS)
        assert any(f"start={second}" in players.asked[-1] for second in range(61, 75))
        song("Waddle on", paused=True)
        expect(obs.card("Paused")).to_be_visible(timeout=PATIENCE_MS)
        expect(obs.page.locator(".player")).to_have_count(0)
        assert obs.complaints == []


@pytest.mark.usefixtures("players")
def test_a_clip_that_would_be_more_than_a_clip_stays_in_its_place(
    front: OverlayFront, chromium: Browser
) -> None:
    """Pressed as well: OBS has a window in which people do."""
    asked: list[str] = []
    with browser_source(chromium, front.page("media"), size=USUAL) as obs:
        obs.context.on("request", lambda request: asked.append(request.url))
        for name in ("download", "popup"):
            obs.page.on(name, lambda _, name=name: asked.append(f"evil {name}"))
        obs.page.on("dialog", lambda one: (asked.append("evil dialog"), one.dismiss()))
        plays(front, CLIP.format("escapes-1"), "Escapes")
        player = obs.card("Escapes").locator(".is-playing .player")
        expect(player).to_be_visible(timeout=PATIENCE_MS)
        for _ in range(3):
            player.click()
        last = plays(front, CLIP.format("plays-1"), "The next")
        front.control("media", "skip")
        obs.has_begun(last)
        expect(obs.card("The next").locator(".is-playing")).to_be_visible(timeout=PATIENCE_MS)
        assert [one for one in asked if "evil" in one] == []
        assert obs.page.url == front.page("media")
        assert obs.page.evaluate("typeof ran") == "undefined"
        assert len(obs.context.pages) == 1


def test_media_alone_frames_the_two_players_and_nothing_else(
    front: OverlayFront, chromium: Browser, players: Players
) -> None:
    with browser_source(chromium, front.page("media")) as obs:
        answer = obs.page.request.get(front.page("media"))
        rules = [one.strip() for one in answer.headers["content-security-policy"].split(";")]
        assert f"frame-src {players.origin} {players.origin}" in rules
        assert "sandbox allow-scripts allow-same-origin" in rules
        assert answer.headers["referrer-policy"] == "strict-origin"
        assert player_origins({}) == {
            "youtube": "https://www.youtube-nocookie.com",
            "twitch": "https://clips.twitch.tv",
        }
        for other in ("ticker", "general"):
            answer = obs.page.request.get(front.page(other))
            assert "frame-src 'self';" in answer.headers["content-security-policy"]
            assert answer.headers["referrer-policy"] == "no-referrer"
