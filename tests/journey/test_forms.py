"""Buttons, menus and forms: what is pressed and filled in, on each platform."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.helpers.house import Chat, House
from tests.helpers.pressing import fills_in, happens, opens, presses, tries
from tests.helpers.signing_in import Browser, somebody
from waddlebot.domain.triggers import DOUBLE_CLICK_SECONDS

PATIENCE = 15.0
BOTH = pytest.mark.parametrize("chat", ["discord", "slack"], indirect=True)
DISCORD = pytest.mark.parametrize("chat", ["discord"], indirect=True)
ON_TWITCH = pytest.mark.parametrize("chat", ["twitch"], indirect=True)
NONE_OF_MINE = "it is none of mine, or not for you"


def told_alone(test: Callable[..., None]) -> Callable[..., None]:
    """What is whispered names no place: two at once would take each other's address."""
    return pytest.mark.xdist_group("forms told alone")(ON_TWITCH(test))  # type: ignore[no-any-return]


def hears(chat: Chat, words: str, *, to: str = "") -> dict[str, object]:
    heard = chat.hears(words, within=PATIENCE, to=to)
    assert heard, (words, chat._seen)
    return heard


def some_words() -> str:
    return f"Waddle {uuid.uuid4().hex[:8]}"


def keeps_a_quote(chat: Chat) -> str:
    words = some_words()
    chat.says("max", f"!addquote {words}")
    hears(chat, "Kept")
    return words


@BOTH
def test_a_button_is_answered(chat: Chat) -> None:
    keeps_a_quote(chat)
    chat.says("ana", "!quote")
    hears(chat, "#")
    presses(chat, "ana", "Another")
    hears(chat, "#")


@BOTH
def test_an_answer_may_stand_in_place_of_what_was_pressed(chat: Chat) -> None:
    keeps_a_quote(chat)
    chat.says("ana", "!quote")
    shown = hears(chat, "#")
    for _ in range(2):  # the button stands below what replaced it, too
        presses(chat, "max", "Another")
        replaced = hears(chat, "#")
        assert (replaced["kind"], replaced["message_id"]) == ("edited", shown["message_id"])
        time.sleep(DOUBLE_CLICK_SECONDS)


@BOTH
def test_a_form_opens_by_a_button_and_its_module_gets_what_was_sent(chat: Chat) -> None:
    chat.says("max", "!addquote")
    hears(chat, "A quote wants words.")
    assert opens(chat, "max", "Keep a quote")["text"] == "Keep a quote"
    words = some_words()
    fills_in(chat, "max", words=words, author="Olga")
    hears(chat, "Kept")
    chat.says("ana", f"!quote {words}")
    assert "Olga" in str(hears(chat, words)["text"])


@DISCORD
def test_after_a_slash_command_a_form_opens_at_once(chat: Chat) -> None:
    chat.says("max", "/waddlebot addquote")
    assert hears(chat, "Keep a quote", to="max")["kind"] == "form"
    fills_in(chat, "max", words=some_words())
    hears(chat, "Kept")


@BOTH
def test_what_nobody_offered_is_refused_alone(chat: Chat) -> None:
    happens(chat, "ana", "button_click", custom_id="memories:another::AAAA")
    assert hears(chat, NONE_OF_MINE, to=chat.viewer)["kind"] == "ephemeral"


@BOTH
def test_a_form_is_for_whoever_asked_for_it_and_counts_once(chat: Chat) -> None:
    chat.says("max", "!addquote")
    hears(chat, "A quote wants words.")
    presses(chat, "olga", "Keep a quote")
    hears(chat, NONE_OF_MINE, to="olga")
    for answer in ("Kept", "That was done already"):
        opens(chat, "max", "Keep a quote")
        fills_in(chat, "max", words=some_words())
        hears(chat, answer)


@DISCORD
def test_a_form_whose_answer_came_too_late_is_opened_by_the_next_press(
    chat: Chat, house: House
) -> None:
    chat.says("max", "!addquote")
    hears(chat, "A quote wants words.")
    fault = {"on": "discord", "what": "unheard", "channel": chat.channel}
    assert house.post("/stand-ins/break", fault) == {"broken": "unheard"}
    assert not tries(chat, "max", "button_click", label="Keep a quote")["accepted"]
    hears(chat, "did not respond", to="max")
    opens(chat, "max", "Keep a quote")
    fills_in(chat, "max", words=some_words())
    hears(chat, "Kept")


@BOTH
def test_what_cannot_be_used_is_said_and_may_be_sent_again(chat: Chat) -> None:
    chat.says("max", "!addquote")
    hears(chat, "A quote wants words.")
    for words, answer in ((" ", "A quote wants words."), (some_words(), "Kept")):
        opens(chat, "max", "Keep a quote")
        fills_in(chat, "max", words=words)
        hears(chat, answer)


@DISCORD
def test_a_double_click_is_one_click(chat: Chat) -> None:
    keeps_a_quote(chat)
    chat.says("ana", "!quote")
    hears(chat, "#")
    presses(chat, "ana", "Another")
    presses(chat, "ana", "Another")
    hears(chat, "#")
    assert chat.silent()


@told_alone
def test_on_twitch_a_form_is_a_page_whose_address_is_told_alone(chat: Chat) -> None:
    chat.says("max", "!addquote")
    told = hears(chat, "Fill it in here:", to="max")
    assert told["kind"] == "private"
    address = str(told["text"]).split("here: ")[1]
    browser = Browser(chat.house)
    path = urlsplit(address).path
    shown = browser.get(path)
    assert "What was said" in shown.text
    words = some_words()
    assert "Kept" in browser.post(path, words=words, author="Olga", csrf="").text
    assert "Kept" in browser.post(path, words=words, author="Olga", csrf="").text
    assert "That was done already" in browser.post(path, words=some_words(), csrf="").text
    chat.says("ana", f"!quote {words}")
    assert "Olga" in str(hears(chat, words)["text"])


@told_alone
def test_an_address_that_others_read_is_for_its_person_alone(chat: Chat) -> None:
    chat.says("max", "!addquote")
    told = hears(chat, "Fill it in here:", to="max")
    path = urlsplit(str(told["text"]).split("here: ")[1]).path.partition(".")[0]
    browser = Browser(chat.house)
    assert "Sign in with that account" in browser.get(path).text
    browser.signs_in("twitch", somebody())
    assert "Sign in with that account" in browser.get(path).text
    browser.signs_in("twitch", "max")
    assert "What was said" in browser.get(path).text
    assert "signed out meanwhile" in browser.post(path, words="x", csrf="made up").text
    assert "Kept" in browser.post(path, words=some_words(), csrf=browser.csrf()).text


@told_alone
def test_a_form_that_is_not_there_says_so(chat: Chat) -> None:
    page = Browser(chat.house).get("/forms/nothing")
    assert page.status == 404
    assert "no longer kept" in page.text
    assert "Sign in" not in page.text  # which would mend nothing


@told_alone
def test_the_address_of_a_form_is_in_no_log(chat: Chat, house: House) -> None:
    chat.says("max", "!addquote")
    told = hears(chat, "Fill it in here:", to="max")
    path = urlsplit(str(told["text"]).split("here: ")[1]).path
    browser = Browser(house)
    assert "What was said" in browser.get(path).text
    assert "is still empty" in browser.post(path, words="", csrf="").text
    assert "Kept" in browser.post(path, words=some_words(), csrf="").text
    odd = (("PUT", path), ("GET", f"{path}/more"), ("GET", f"{path}%00"), ("GET", f"{path}x"))
    assert {house.ask(method, at)[0] // 100 for method, at in odd} == {4}
    assert house.ask("POST", path, body=b"\xff=" + b"%" * 2_000_000)[0] in (400, 413)
    logs = [one for one in (house.home / "logs").rglob("*") if one.is_file()]
    assert any("identity" in one.name for one in logs)
    secrets = [part.encode() for part in path.removeprefix("/forms/").split(".")]
    for one in (*logs, house.home / "terminal"):
        written = one.read_bytes()
        assert [part for part in secrets if part in written] == [], one.name
