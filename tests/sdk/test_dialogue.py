from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from waddlebot_sdk import (
    Answer,
    Call,
    Chat,
    May,
    Module,
    React,
    Role,
    Ticker,
    command,
    on,
    say_command,
)
from waddlebot_sdk.dialogue import Dialogue, find_typed
from waddlebot_sdk.wire_texts import NotAResponse


@command("note [words]", "Show a note.", example="note milk")
def note(call: Call, _tools: None) -> Answer:
    return Chat(f"note({call.text})")


@command("note add <words>", "Keep a note.", example="note add milk", role=Role.MODERATOR)
def note_add(call: Call, _tools: None) -> Answer:
    return [Chat(f"added({call.text}) at {call.occurred_at:%H:%M}"), Ticker("a new note")]


def thank(call: Call, _tools: None) -> Answer:
    return Chat(f"Thank you, {call.user.name if call.user else 'somebody'}!")


MODULE: Module[None] = Module(
    name="notes", summary="Notes.", commands=(note, note_add), listens=(on("follow", thank),)
)


@pytest.fixture
def chat() -> Dialogue[None]:
    return Dialogue(MODULE, None, now=datetime(2026, 1, 5, 9, tzinfo=UTC))


def test_the_longest_path_wins_in_any_case(chat: Dialogue[None]) -> None:
    chat.says("Max", "!NOTE  Add milk  and bread", role="moderator")
    chat.says("Max", "!note address")

    assert chat.heard() == ["added(milk  and bread) at 09:00", "note(address)"]


def test_what_was_heard_once_is_not_heard_again(chat: Dialogue[None]) -> None:
    chat.says("Ana", "!note")

    assert chat.heard() == ["note()"]
    assert chat.heard() == []


def test_a_role_that_is_too_low_is_told_what_is_needed(chat: Dialogue[None]) -> None:
    chat.says("Ana", "!note add milk")

    assert chat.heard() == ["!note add needs moderator."]
    assert chat.shown() == []


@pytest.mark.parametrize("line", ["hello", "!unknown", "#note", "!notes", "note", "!"])
def test_what_is_no_command_is_met_with_silence(chat: Dialogue[None], line: str) -> None:
    chat.says("Ana", line)

    assert chat.heard() == []


def test_the_overlay_is_seen_apart_from_chat(chat: Dialogue[None]) -> None:
    chat.says("Max", "!note add milk", role="owner")

    assert chat.shown() == [Ticker("a new note")]


def test_time_passes_when_told_to(chat: Dialogue[None]) -> None:
    chat.wait(timedelta(minutes=30))
    chat.says("Max", "!note add milk", role="moderator")

    assert chat.heard() == ["added(milk) at 09:30"]


def test_events_happen_to_somebody_or_nobody(chat: Dialogue[None]) -> None:
    chat.happens("follow", to="Ana")
    chat.happens("follow")
    chat.happens("raid")

    assert chat.heard() == ["Thank you, Ana!", "Thank you, somebody!"]


def test_what_is_done_besides_is_seen_apart_and_only_what_is_declared_is_done() -> None:
    @command("cheer", "Cheer.", example="cheer")
    def cheer(call: Call, _tools: None) -> Answer:
        return [Chat(f"may {', '.join(call.may)}"), React("🎉")]

    module: Module[None] = Module(name="cheer", summary="Cheers.", commands=(cheer,))
    chat = Dialogue(replace(module, may=frozenset({May.REACT})), None)
    chat.says("Ana", "!cheer")
    assert (chat.heard(), chat.done(), chat.shown()) == (["may react"], [React("🎉")], [])

    with pytest.raises(NotAResponse, match="cheer declares no 'react' in `may`"):
        Dialogue(module, None).says("Ana", "!cheer")


def test_a_line_is_read_into_path_and_rest() -> None:
    typed = find_typed(MODULE, "!note add “Waddle on!” Ana")

    assert typed is not None
    assert (typed.path, typed.text) == ("note add", "“Waddle on!” Ana")


def test_what_a_sentence_says_to_type_reads_as_most_communities_type_it() -> None:
    @command("milk", "Say where milk is.", example="milk")
    def milk(_call: Call, _tools: None) -> Answer:
        return Chat(f"Nowhere. Note it: {say_command('note add milk')}")

    chat = Dialogue(Module(name="milk", summary="Milk.", commands=(milk,)), None)
    chat.says("Ana", "!milk")
    chat.says("Ana", "!milk please")

    assert chat.heard() == ["Nowhere. Note it: !note add milk", "Usage: !milk. Example: !milk"]
