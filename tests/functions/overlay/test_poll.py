"""A poll as a module tells it, and as it stands on the page: in its place, until it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from functions.overlay.shown import shown
from tests.helpers.alerts import RAID
from tests.helpers.browser import SCREENSHOTS
from tests.helpers.obs import CANVAS, USUAL, BrowserSource, browser_source
from tests.helpers.overlay_front import OverlayFront
from waddlebot.domain.overlay_pushes import life_of
from waddlebot.stores.overlays import NumberedPush
from waddlebot_sdk import General

PATIENCE_MS = 20_000
NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
GAMES = ("Celeste", "Hades", "Portal", "Stardew Valley", "Untitled Goose Game", "Zelda")


def a_poll(question: str, *votes: int, seconds: int = 0, **more: Any) -> General:
    options = [{"label": name, "votes": count} for name, count in zip(GAMES, votes, strict=False)]
    details = {"poll_id": "17", "options": options, **more}
    return General(content_type="poll", content=question, seconds=seconds, details=details)


def told(response: General, *, by: str = "games") -> dict[str, Any]:
    wire = {**response.to_wire(), "told_by": by}
    until = NOW + life_of("general", wire)
    return shown(
        NumberedPush(number=1, source="general", content=wire, made_at=NOW, expires_at=until)
    )


def test_of_what_a_module_tells_so_much_is_shown_as_there_is_room_for() -> None:
    options = [
        {"label": "A", "votes": 3},
        {"label": "<b>B</b>", "votes": -1},
        {"label": "x" * 200, "votes": "12"},
        {"votes": 3},
        7,
        *({"label": str(number), "votes": 10**30} for number in range(9)),
    ]
    seen = told(a_poll("Which?", options=options, ends_at="2026-11-28T21:00:00+01:00"))

    assert (seen["kind"], seen["poll"], seen["text"]) == ("poll", "games:17", "Which?")
    assert [one["votes"] for one in seen["options"]] == [3, 0, 12, 10**9, 10**9, 10**9]
    assert len(seen["options"][2]["label"]) == 60
    assert seen["ends"] == NOW.timestamp()


@pytest.mark.parametrize(
    ("ends_at", "ends"),
    [
        (1795888800, 1795888800),
        ("2026-11-28T20:00:00Z", NOW.timestamp()),
        ("2026-11-28T20:00:00", NOW.timestamp()),
        *((one, 0) for one in ("soon", "", None, True, float("inf"), [], {}, -5, "9" * 400)),
    ],
)
def test_an_end_is_a_moment_or_none(ends_at: Any, ends: float) -> None:
    assert told(a_poll("Which?", 1, 2, ends_at=ends_at))["ends"] == ends


def test_a_poll_without_an_end_has_its_seconds() -> None:
    assert told(a_poll("Which?", 1, seconds=30))["until"] == NOW.timestamp() + 45
    assert told(a_poll("Which?", 1, seconds=0))["until"] == NOW.timestamp() + 3600
    assert told(a_poll("Which?", 1, ends_at="soon"))["until"] == NOW.timestamp() + 3600


def test_a_module_speaks_of_its_own_polls_alone() -> None:
    mine, theirs = told(a_poll("Which?", 1)), told(a_poll("Which?", 1), by="songs")
    claims = told(a_poll("Which?", 1, told_by="games"), by="songs")

    assert mine["poll"] != theirs["poll"]
    assert claims["poll"] == theirs["poll"]


def counts(obs: BrowserSource, *said: str) -> None:
    expect(obs.page.locator(".poll-count")).to_have_text(list(said), timeout=PATIENCE_MS)


def test_votes_are_counted_in_place_and_the_result_stays_for_a_while(
    front: OverlayFront, chromium: Browser
) -> None:
    ends_at = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    with browser_source(chromium, front.page("general")) as obs:
        front.push(a_poll("<i>Which game?</i>", 0, 0, ends_at=ends_at))
        counts(obs, "0 % · 0", "0 % · 0")
        poll = obs.page.locator(".poll")
        expect(poll).to_contain_text("<i>Which game?</i>")
        poll.evaluate("one => { one.isTheSame = true }")
        front.push(a_poll("<i>Which game?</i>", 1500, 500, ends_at=ends_at))
        counts(obs, "75 % · 1,500", "25 % · 500")
        expect(obs.page.locator(".poll-option.is-first")).to_contain_text("Celeste")
        assert poll.evaluate("one => one.isTheSame")
        front.push(a_poll("Another", 1, poll_id="18", ends_at=ends_at))
        expect(poll).to_have_count(2)
        front.push(a_poll("Another", poll_id="18"))
        expect(poll).to_have_count(1)
        obs.page.reload()
        counts(obs, "75 % · 1,500", "25 % · 500")
        front.push(a_poll("<i>Which game?</i>", 1, 3, ends_at=datetime.now(UTC).isoformat()))
        counts(obs, "25 % · 1", "75 % · 3")
        expect(poll.locator(".poll-left")).to_have_text("Closed")
        front.control("general", "clear")
        expect(poll).to_have_count(0)
        front.push(a_poll("Over", 1, ends_at=1))
        front.push(a_poll("Shows", 1, poll_id="19"))
        expect(poll).to_have_text(["ShowsCeleste100 % · 1"])
        assert obs.complaints == []


def test_polls_of_two_modules_with_one_id_stand_beside_each_other(
    front: OverlayFront, chromium: Browser
) -> None:
    polls = {by: a_poll(by, 1).to_wire() | {"told_by": by} for by in ("games", "songs")}
    with browser_source(chromium, front.page("general")) as obs:
        front.write("general", polls["games"])
        front.write("general", polls["songs"])
        expect(obs.page.locator(".poll")).to_have_count(2, timeout=PATIENCE_MS)
        front.write("general", a_poll("songs").to_wire() | {"told_by": "songs"})
        expect(obs.page.locator(".poll-title")).to_have_text(["games"])


@pytest.mark.parametrize("size", [CANVAS, USUAL, (390, 844)])
def test_a_poll_of_six_is_within_the_picture(
    front: OverlayFront, chromium: Browser, size: tuple[int, int]
) -> None:
    """Its pictures are for people to look at: tests/screenshots."""
    database, community = front.database, {"id": front.community}
    database.write("INSERT INTO goals VALUES (%(id)s, 'subs', 50, 'A microphone', 12)", community)
    database.write("INSERT INTO event_lists VALUES (%(id)s, 5)", community)
    for name in ("Ana", "Ben"):
        raid = {**RAID, "name": name, "listed": True, "duration": 0}
        front.write("general", raid)
    ends_at = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    question = "Which of all these games shall we play on the next evening?"
    front.push(a_poll(question, 1200, 900, 40, 7, 0, 2153, ends_at=ends_at))
    with browser_source(chromium, front.page("general"), size=size) as obs:
        expect(obs.page.locator(".poll-option")).to_have_count(6, timeout=PATIENCE_MS)
        expect(obs.card("Ben raids")).to_be_visible()
        ground = "linear-gradient(120deg, #1d3b2f, #c8b88a 45%, #fafafa 60%, #101014)"
        obs.page.evaluate(f"document.body.style.background = '{ground}'")
        obs.picture(SCREENSHOTS / f"poll-{size[0]}.png")
        alert = obs.card("Ben raids").bounding_box()
        for one in (".poll", ".goal", *(f".poll-option >> nth={n}" for n in range(6))):
            box = obs.page.locator(one).bounding_box()
            assert box
            assert alert
            is_below = alert["y"] + alert["height"] <= box["y"]
            assert is_below or alert["x"] + alert["width"] <= box["x"]
            assert box["x"] + box["width"] <= size[0]
            assert box["y"] + box["height"] <= size[1]
        assert obs.complaints == []
