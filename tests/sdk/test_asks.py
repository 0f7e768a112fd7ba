"""Buttons, menus and forms in the SDK: their bounds, their JSON, and tests that read as chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from waddlebot_sdk import (
    Answer,
    Button,
    Buttons,
    Call,
    Chat,
    Field,
    Form,
    General,
    Module,
    NotUnderstood,
    Option,
    Role,
    Select,
    Style,
    Terms,
    command,
    on,
)
from waddlebot_sdk.asks import Ask
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.responses import from_wire, to_wire
from waddlebot_sdk.wire_texts import NotAResponse

CAKE = Form("A cake", "cake", (Field("kind", "Which?"), Field("why", "Why?", required=False)), "7")
KEEP = Buttons(
    "Keep it?",
    (Button("Keep", "keep", "7"), Button("Drop", "drop", style=Style.DANGER)),
    Terms(asker_alone=True, once=True, role=Role.USER, minutes=5),
    needed=False,
)
PIE = Select("Which pie?", "pie", (Option("Apple", "a", about="sweet"), Option("Cherry")))


@pytest.mark.parametrize("ask", [CAKE, KEEP, PIE])
def test_it_is_the_same_on_the_wire_and_back(ask: Ask) -> None:
    assert from_wire(to_wire(ask, session_id="s")) == (ask,)


def test_a_form_without_an_action_is_shown_and_nobody_is_asked() -> None:
    [shown] = from_wire({"response_action": "form", "form_title": "Next game"})
    assert isinstance(shown, General)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Buttons("x", ()),
        lambda: Buttons("x", tuple(Button(str(n), f"a{n}") for n in range(6))),
        lambda: Buttons("", (Button("x", "x"),)),
        lambda: Buttons("x", (Button("x", "x"), Button("y", "x"))),
        lambda: Button("x" * 76, "x"),
        lambda: Button("two\nlines", "x"),
        lambda: Button("x", "Not a word"),
        lambda: Button("x", "x", "a:b"),
        lambda: Button("x", "x", "c" * 17),
        lambda: Select("x", "x", tuple(Option(str(n)) for n in range(26))),
        lambda: Form("x" * 46, "x", (Field("x", "x"),)),
        lambda: Form("x", "x", tuple(Field(f"x{n}", "x") for n in range(6))),
        lambda: Field("x", "x", most_characters=3001),
        lambda: Field("x", "x", value="xx", most_characters=1),
        lambda: Terms(minutes=0),
    ],
)
def test_what_does_not_fit_everywhere_is_refused_where_it_is_made(make: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        make()


@pytest.mark.parametrize(
    "wire",
    [
        {"response_action": "buttons", "chat_message": "x", "buttons": "y"},
        {"response_action": "buttons", "chat_message": "x", "buttons": [{"label": 1}]},
        {"response_action": "buttons", "chat_message": "x", "buttons": [], "role": "king"},
        {"response_action": "select", "chat_message": "x", "action": "a", "options": [7]},
        {"response_action": "form", "form_title": "x", "form_action": ["a"], "form_fields": []},
        {"response_action": "form", "form_title": "x", "form_action": "a", "form_fields": [{}]},
        {"response_action": "buttons", "chat_message": "x", "minutes": "9", "buttons": [{}]},
    ],
)
def test_a_strangers_json_is_no_answer_where_it_is_none(wire: dict[str, Any]) -> None:
    with pytest.raises(NotAResponse):
        from_wire(wire)


@command("bake", "Bake.", example="bake", role=Role.MODERATOR)
def bake(_call: Call, _tools: None) -> Answer:
    return CAKE


@command("ask", "Ask.", example="ask")
def ask(_call: Call, _tools: None) -> Answer:
    return [KEEP, PIE]


def baked(call: Call, _tools: None) -> Answer:
    kind = call.data["fields"]["kind"]
    if kind == "none":
        raise NotUnderstood("That is no cake.")
    return Chat(f"{kind} for {call.data['context']}")


def taken(call: Call, _tools: None) -> Answer:
    return Chat(f"{call.data['action']} {call.data['context']}{call.data['values']}")


MODULE: Module[None] = Module(
    name="bakery",
    summary="Bakes.",
    commands=(bake, ask),
    listens=(
        on("modal_submit", baked, action="cake"),
        on("button_click", taken, action="keep"),
        on("select_menu", taken),
    ),
)


def test_a_dialogue_presses_chooses_and_fills_in() -> None:
    chat = Dialogue(MODULE, None)
    chat.says("Ana", "!ask")
    chat.clicks("Max", "Keep")
    chat.clicks("Ana", "Keep")
    chat.chooses("Max", "Cherry")
    assert chat.heard() == [
        *("Keep it?", "Which pie?", "That is for whoever asked for it."),
        *("keep 7[]", "pie ['Cherry']"),
    ]
    with pytest.raises(AssertionError, match="nothing like that"):
        chat.clicks("Ana", "Keep")


def test_a_dialogue_sends_a_form_as_its_person_alone() -> None:
    chat = Dialogue(MODULE, None)
    chat.says("Max", "!bake", role="moderator")
    assert chat.offered() == CAKE
    with pytest.raises(AssertionError, match="without Which"):
        chat.submits("Max", {})
    chat.submits("Ana", {"kind": "Lemon"}, role="moderator")
    chat.submits("Max", {"kind": "Lemon"}, role="user")
    chat.submits("Max", {"kind": "Lemon"}, role="moderator")
    assert chat.heard()[1:] == [
        *("That is for whoever asked for it.", "That needs moderator.", "Lemon for 7"),
    ]
    assert chat.offered() is None


def test_a_label_may_have_signs_that_join_others() -> None:
    coder, wish = (
        "\N{WOMAN}\u200d\N{PERSONAL COMPUTER} Code",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    )
    assert Button(coder, "code").label == coder
    assert Form(wish, "keep", (Field("words", wish, placeholder=coder),)).title == wish
    for odd in ("a\nb", "\u202eevil", "\u200d\u200d"):
        with pytest.raises(ValueError, match=r"a button's label"):
            Button(odd, "code")
