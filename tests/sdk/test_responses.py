from __future__ import annotations

from typing import Any

import pytest

from waddlebot_sdk import (
    Announce,
    Chat,
    DeleteLine,
    Failed,
    General,
    Media,
    React,
    Response,
    SayElsewhere,
    ShoutOut,
    Ticker,
)
from waddlebot_sdk.bounded import MOST_TEXT_BYTES
from waddlebot_sdk.responses import from_wire, to_wire
from waddlebot_sdk.wire_texts import NotAResponse

EVERY_KIND: list[Response] = [
    Chat("Hello"),
    Chat("For you", private=True),
    Chat("For you or nobody", private=True, secret=True),
    Ticker("New quote", seconds=5),
    Media(media_type="video", media_url="https://example.org/v.mp4", details={"loop": True}),
    General(content_type="html", content="<b>hi</b>", seconds=3),
    General(content="Stays", seconds=0, details={"style": {"theme": "neon"}, "title": "News"}),
    Failed("That did not work.", error="boom"),
    Announce("The cake is ready"),
    React("🎂"),
    DeleteLine(),
    ShoutOut("@penguin_lagoon"),
    SayElsewhere("Cake next door", "twitch:channel:2"),
]


@pytest.mark.parametrize("response", EVERY_KIND, ids=lambda kind: type(kind).__name__)
def test_every_response_survives_the_wire(response: Response) -> None:
    assert from_wire(to_wire(response, session_id="sess_1")) == (response,)


def test_an_answer_may_be_nothing_one_response_or_several() -> None:
    assert to_wire(None, session_id="s") == []
    assert len(to_wire([Chat("a"), Ticker("b")], session_id="s")) == 2
    assert to_wire(Chat("a"), session_id="s")[0]["session_id"] == "s"


@pytest.mark.parametrize(
    ("wire", "complaint"),
    [
        ("hello", "a JSON object, not str"),
        ([{"response_action": "chat", "chat_message": "x"}] * 6, "6 responses; 5 at most"),
        ({"response_action": "shout"}, "it must be one of"),
        ({"response_action": ["chat"]}, "it must be one of"),
        ({"response_action": "chat"}, "chat_message must be text"),
        ({"response_action": "chat", "chat_message": 5}, "chat_message must be text"),
        ({"response_action": "announce", "chat_message": " "}, "there is nothing to say"),
        ({"response_action": "react", "emoji": ""}, "emoji is one emoji"),
        ({"response_action": "react", "emoji": "x" * 65}, "emoji is one emoji"),
        ({"response_action": "react", "emoji": "hello"}, "such as 🎂 or :cake:, not 'hello'"),
        ({"response_action": "react", "emoji": "🎂🎂"}, "emoji is one emoji"),
        ({"response_action": "react", "emoji": "../../../thread-members"}, "emoji is one emoji"),
        ({"response_action": "shout_out", "person": "a b"}, "person is the id of an account"),
        ({"response_action": "say_elsewhere", "chat_message": "x"}, "place must be text"),
        (
            {"response_action": "say_elsewhere", "chat_message": "x", "place": "x" * 201},
            "place is the id of a place",
        ),
        ({"response_action": "general", "response_data": []}, "content_type must be text"),
        ({"response_action": "general", "response_data": [1]}, "must be an object"),
        ({"response_action": "general", "content_type": "text"}, "content must be text"),
        ({"response_action": "media", "media_type": "clip"}, "media_url must be text"),
        (
            {"response_action": "ticker", "ticker_text": "x", "ticker_duration": -1},
            "a number of seconds",
        ),
    ],
)
def test_rubbish_is_refused_with_a_sentence_for_the_developer(wire: object, complaint: str) -> None:
    with pytest.raises(NotAResponse, match=complaint):
        from_wire(wire)


@pytest.mark.parametrize("letter", ["x", "ß", "🐧", "👨‍👩‍👧‍👦"])
def test_a_text_is_cut_between_letters_at_eight_kilobytes(letter: str) -> None:
    (answer,) = from_wire({"response_action": "chat", "chat_message": letter * 9_000})

    assert isinstance(answer, Chat)
    assert MOST_TEXT_BYTES - 8 < len(answer.text.encode()) <= MOST_TEXT_BYTES
    assert answer.text.endswith("…")


def test_a_text_of_eight_kilobytes_is_whole() -> None:
    text = "x" * MOST_TEXT_BYTES

    assert from_wire({"response_action": "chat", "chat_message": text}) == (Chat(text),)


def test_a_form_is_shown_on_the_general_source() -> None:
    fields = [{"name": "game", "label": "Which game?", "type": "text", "required": True}]
    wire = {"response_action": "form", "form_title": "Next game", "form_fields": fields}

    [answer] = from_wire(wire)

    assert answer == General(
        content_type="form",
        content="Next game",
        details={"form_title": "Next game", "form_fields": fields},
    )


@pytest.mark.parametrize(
    "wire",
    [
        {"response_action": "media", "media_type": "song", "title": "So long", "artist": "Gus"},
        {"response_action": "general", "content_type": "image", "file_url": "/files/7/a.png"},
        {"response_action": "general", "content_type": "Alert", "name": "Ana"},
        {"response_action": "general", "content_type": "countdown", "duration": 60},
    ],
)
def test_a_field_that_others_stand_for_may_be_missing(wire: dict[str, Any]) -> None:
    [answer] = from_wire(wire)

    assert isinstance(answer, Media | General)
    assert from_wire(to_wire(answer, session_id="s")) == (answer,)


def test_half_a_second_is_no_stay_without_end() -> None:
    details = {"content_type": "text", "content": "x", "duration": 0.5}
    wire = {"success": True, "response_action": "general", "response_data": details}

    assert from_wire(wire) == (General(content="x", seconds=1),)


@pytest.mark.parametrize(
    "wire",
    [
        {"response_action": "ticker", "ticker_text": "Hi", "priority": "high"},
        {"response_action": "media", "media_type": "song", "media_url": "", "priority": "high"},
        {"response_action": "general", "content_type": "text", "content": "x", "priority": "high"},
        {"response_action": "form", "form_title": "x", "response_data": {"priority": "high"}},
    ],
)
def test_what_stands_beside_the_details_is_one_of_them(wire: dict[str, Any]) -> None:
    [one] = from_wire({"session_id": "s", "success": True, **wire})

    assert isinstance(one, Ticker | Media | General)
    assert one.details["priority"] == "high"
    assert not one.details.keys() & {"session_id", "success", "response_action", "media_type"}
