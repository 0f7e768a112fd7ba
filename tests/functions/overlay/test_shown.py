"""What a page is given of each answer: every field of the specification, bounded and harmless."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.overlay.shown import ALERTS, MOST_INLINE_BYTES, html_of, shown
from tests.helpers.pushes import a_push
from waddlebot.domain.overlay_pushes import MOST_SECONDS
from waddlebot.domain.overlay_samples import SAMPLES
from waddlebot_sdk import General, Media, Ticker
from waddlebot_sdk.seen_signs import FLAGS

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ODD: tuple[Any, ...] = (None, True, -1, 1e999, "x" * 5000, [], {}, [[]], {"a": []}, "\ud800")
MOST_FRAME_BYTES = 32 * 1024


def told(wire: dict[str, Any], source: str = "ticker") -> dict[str, Any]:
    return shown(a_push(wire, source))


def general(content: str, kind: str = "html", **details: Any) -> dict[str, Any]:
    return told(General(content_type=kind, content=content, details=details).to_wire(), "general")


def test_a_ticker_has_its_text_time_priority_and_style() -> None:
    wire = Ticker("Hi", seconds=7, details={"priority": "high", "style": "success"}).to_wire()

    assert told(wire) == {
        "n": 12,
        "before": 9,
        "source": "ticker",
        "kind": "ticker",
        "at": NOW.timestamp(),
        "until": NOW.timestamp() + 120,
        "text": "Hi",
        "seconds": 7,
        "priority": 1,
        "style": "success",
        "theme": "",
    }


@pytest.mark.parametrize(
    ("said", "meant"),
    [("high", 1), ("Normal", 5), ("low", 10), (3, 3), (0, 1), (99, 10), ("odd", 5), ([], 5)],
)
def test_priorities_are_words_or_one_to_ten(said: object, meant: int) -> None:
    assert told(Ticker("Hi", details={"priority": said}).to_wire())["priority"] == meant


def test_media_has_art_people_and_where_it_is() -> None:
    details: dict[str, Any] = {
        "title": "Waddle",
        "artist": "The Ducks",
        "album": "Pond",
        "service": "spotify",
        "thumbnail_url": "https://img.example.org/a.png",
        "requested_by": "ana",
        "duration": 200,
        "progress": 20.5,
        "queue": [{"title": "Next", "artist": "B"}, 5],
    }
    url = "https://music.example.org/1"
    one = told(Media(media_type="music", media_url=url, details=details).to_wire(), "media")

    assert one["art"] == details["thumbnail_url"]
    for name in ("title", "artist", "album", "service", "requested_by", "duration", "progress"):
        assert one[name] == details[name]
    assert (one["media_type"], one["url"], one["seconds"]) == ("music", url, 180)
    assert one["next"] == [{"title": "Next", "artist": "B", "requested_by": ""}]
    assert one["until"] == NOW.timestamp() + 179.5


def test_what_plays_in_hold_stands() -> None:
    paused = {"duration": 200, "progress": 20, "paused": True}
    one = told(Media(media_type="music", media_url="", details=paused).to_wire(), "media")

    assert (one["paused"], one["seconds"], one["until"]) == (True, 0, NOW.timestamp() + 43200)


def test_each_kind_of_content_has_its_fields() -> None:
    style = {"type": "raid", "theme": "neon"}

    alert = general("Hello!", "alert", name="Max", amount=42, style=style)
    words = general("Words", "announcement", title="News", style="warning")

    assert (alert["kind"], alert["alert"], alert["name"]) == ("alert", "raid", "Max")
    assert (alert["amount"], alert["text"], alert["theme"]) == ("42", "Hello!", "neon")
    assert (words["title"], words["text"], words["style"]) == ("News", "Words", "warning")
    assert general("<p>x</p>", "text")["text"] == "<p>x</p>"
    assert general("x", "video")["kind"] == "text"


def test_a_form_is_told_with_its_fields_and_where_it_is_filled_in() -> None:
    field = {"name": "game", "label": "Which?", "type": "text", "required": True}
    address = "https://waddle.example.org/f/1"
    form = general("Next", "form", form_fields=[field, 7], form_submit_url=address)

    assert form["fields"] == [{"label": "Which?", "type": "text", "required": True}]
    assert (form["title"], form["address"]) == ("Next", address)


def test_long_html_has_an_address_and_every_frame_fits() -> None:
    few, many = "<p>hi</p>", "&" * 8000

    assert general(few)["html"] == few
    long = general(many)
    assert long["html_at"] == "html-12"
    assert "html" not in long
    push = a_push(General(content_type="html", content=many).to_wire(), "general")
    assert len(html_of(push)) > MOST_INLINE_BYTES


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("3:45", 225), ("1:02:03", 3723), ("0:09", 9), ("3:75", 0), ("soon", 0), (30, 30), ("30", 30)],
)
def test_a_song_is_as_long_as_its_clock_says(said: object, seconds: int) -> None:
    wire = Media(media_type="music", media_url="", details={"title": "A", "duration": said})

    assert told(wire.to_wire(), "media")["duration"] == seconds


def test_an_alert_claims_no_kind_that_its_module_did_not_name() -> None:
    assert general("It rains.", "alert", style="urgent")["alert"] == "alert"
    assert general("It rains.", "alert", type="Raid", style="URGENT")["alert"] == "raid"
    assert general("It rains.", "alert", style="URGENT")["style"] == "urgent"


@pytest.mark.parametrize("kind", ["text", "announcement", "alert", "form", "html"])
def test_what_says_nothing_is_passed_over(kind: str) -> None:
    empty = "<script>1</script>" if kind == "html" else " \n "

    assert general(empty, kind)["kind"] == "nothing"
    assert general("Words", kind)["kind"] == kind
    assert told(Ticker(" \n").to_wire())["kind"] == "nothing"
    assert told(Media(media_type="song", media_url="").to_wire(), "media")["kind"] == "nothing"


def test_a_line_of_the_ticker_is_one_line() -> None:
    assert told(Ticker("one\ntwo\t\u2028three").to_wire())["text"] == "one two three"


def test_every_kind_has_a_sample_that_is_what_it_says() -> None:
    kinds = {kind: told(wire, source) for kind, (source, wire) in SAMPLES.items()}

    assert kinds.keys() >= ALERTS | {"text", "html", "form", "alert", "announcement", "clip"}
    assert {one["alert"] for one in kinds.values() if "alert" in one} == ALERTS | {"alert"}
    assert not kinds["clip"]["music"]


def test_controls_are_the_houses_alone() -> None:
    clear = {"response_action": "control", "control": "clear"}

    assert (told(clear)["kind"], told(clear)["seconds"]) == ("clear", 0)
    assert told(clear)["until"] == NOW.timestamp() + MOST_SECONDS
    assert told(Ticker("Hi", details={"control": "clear"}).to_wire())["kind"] == "ticker"
    assert told({"response_action": "control", "control": []})["kind"] == "nothing"


@pytest.mark.parametrize("source", ["ticker", "media", "general"])
def test_whatever_a_module_writes_is_shown_or_left_out(source: str) -> None:
    names = (
        *("title", "style", "priority", "duration", "progress", "queue", "album_art", "paused"),
        *("content", "content_type", "ticker_text", "ticker_duration", "media_type", "media_url"),
        *("form_fields", "form_title", "amount", "name", "type", "theme", "image_url", "control"),
    )
    for odd in ODD:
        for kind in ("alert", "form", "html", "announcement"):
            wire = dict.fromkeys(names, odd) | {"content_type": kind}
            one = told(wire, source)
            assert len(json.dumps(one).encode()) <= MOST_FRAME_BYTES


@pytest.mark.parametrize(
    "address",
    [
        *("http://img.example.org/a", "https://127.0.0.1/a", "https://localhost/a", "data:x"),
        *("https://printer.\uff4cocal/x", "https://nas.localdomain/x"),
        *("javascript:alert(1)", "https://a.local/x", "https://[::1]/", "https://u:p@a.org/"),
        *("https://a.org:8443/", "https://a.org\\@b.org/", "//a.org/x", "https://2130706433/"),
    ],
)
def test_only_addresses_of_the_internet_are_loaded(address: str) -> None:
    wire = Media(media_type="music", media_url="x", details={"album_art": address}).to_wire()

    assert told(wire, "media")["art"] == ""
    assert "src" not in general(f'<img src="{address}" alt="a duck">')["html"]


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u0007", "\u001b", "\ufeff"])
def test_signs_that_turn_or_hide_others_come_to_no_page(sign: str) -> None:
    words = f"a{sign}b"
    option = {"label": words, "votes": 1}
    goals = [{"what": "subs", "target": 5, "title": words, "count": 1}]
    answers = [
        told(Ticker(words).to_wire()),
        told(Media(media_type="clip", media_url="", details={"title": words}).to_wire(), "media"),
        general(words, "text"),
        general(words, "announcement", title=words),
        general(words, "countdown", duration=60),
        general(words, "poll", options=[option]),
        general(words, "form", form_title=words, form_fields=[{"label": words}]),
        general(words, "alert", name=words, line=f"{words} {{name}}", message=words),
        shown(replace(a_push({}, "general"), goals=goals)),
    ]
    for one in answers:
        assert sign not in "".join(_texts(one))
        assert "ab" in str(one)
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}"
    assert general(f"{family}\nnext", "text")["text"] == f"{family}\nnext"
    assert general(f"{FLAGS[0]}{sign}", "text")["text"] == FLAGS[0]


@pytest.mark.parametrize("blank", ["\u3164", "\u2800 ", "\u115f", "\n"])
def test_an_answer_that_looks_like_nothing_makes_no_card(blank: str) -> None:
    assert told(Ticker(blank).to_wire())["kind"] == "nothing"
    assert general(blank, "text")["kind"] == "nothing"
    assert general(blank, "announcement", title=blank)["kind"] == "nothing"


@pytest.mark.parametrize(
    "html",
    [
        "<p>\u200b</p>",
        "<p>&#8203;&nbsp;</p><br>",
        '<div title="a > b"><b>\u3164</b></div>',
        '<img alt=" ">',
        '<img src="javascript:alert(1)">',
        '<span title="<hr>">\u2060</span>',
    ],
)
def test_html_that_looks_like_nothing_makes_no_card(html: str) -> None:
    assert general(html, "html")["kind"] == "nothing"


@pytest.mark.parametrize(
    "html",
    [
        "<p>\u200bhello</p>",
        '<img src="https://example.com/a.png">',
        '<img alt="a duck">',
        '<progress value="1" max="2"></progress>',
        "<hr>",
        "&lt;3",
    ],
)
def test_html_in_which_there_is_anything_to_be_seen_is_shown(html: str) -> None:
    assert general(html, "html")["kind"] == "html"


@pytest.mark.parametrize("most", [120, 200])
def test_what_is_too_long_ends_behind_a_word_and_says_so(most: int) -> None:
    words = "waddling ducks " * 40
    clip = Media(media_type="clip", media_url="", details={"title": words}).to_wire()
    line = told(Ticker(words).to_wire())["text"]
    said = line if most == 200 else told(clip, "media")["title"]
    assert most - 24 <= len(said) <= most
    assert said.endswith(("waddling…", "ducks…"))
    fits = "d" * most
    assert told(Ticker("d" * 200).to_wire())["text"] == "d" * 200
    assert general(fits[:120], "alert", name=fits[:120])["name"] == fits[:120]
    long = told(Ticker("d" * 201).to_wire())["text"]
    assert long == "d" * 199 + "…"
    flags = told(Ticker(FLAGS[0] * 40).to_wire())["text"]
    assert len(flags) <= 200
    assert flags.removesuffix("…").replace(FLAGS[0], "") in {"", "\N{WAVING BLACK FLAG}"}


def _texts(value: object) -> Iterator[str]:
    """All that stand in it, as they are."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
