# ruff: noqa: RUF001 - it is what they look like that matters
"""Aliases and custom commands called in every script, on each platform, and none like another."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import OLGA, Channel, with_words

PLATFORMS = ("twitch", "discord", "slack")
NAMES = ("ครับ", "می\u200cخواهم", "नमस्ते", "привет", "👩\u200d💻", "🐧", "été")


@pytest.mark.parametrize("channel", PLATFORMS, indirect=True)
def test_a_name_of_any_script_is_typed(channel: Channel) -> None:
    for number, name in enumerate(NAMES):
        other = f"{name}{name}"
        said = channel.says(f"!alias add !{name} = Hello $1")
        assert said == f"!{name} <1> stands for Hello $1 now. Undo: !alias remove {name}"
        assert channel.says(f"!{name} Bo", f"ana{number}") == "Hello Bo"
        assert channel.says(f"!{name.upper()} Bo", f"ana{number}") == "Hello Bo"
        assert channel.says(f"!addcom {other} Hi $(1)").startswith(f"!{other} says: Hi $(1)")
        assert channel.says(f"!{other} Bo", f"ana{number}") == "Hi Bo"
        led = channel.says(f"!alias edit {name} = !{other} $1 && !{other} you")
        assert led.startswith(f"!{name} <1> stands for !{other} $1 && !{other} you now.")
        assert channel.says(f"!{name} Bo", f"ana{number}") == "Hi Bo / Hi you"
        assert channel.says(f"!help {name}", f"ana{number}").startswith(f"!{name} <1> stands for")
        assert channel.says(f"!custom show {other}") == f"!{other} says: Hi $(1)"


def test_a_counter_is_called_like_its_alias(channel: Channel) -> None:
    channel.says("!alias add 🐧 = counter: {count}")
    channel.says("!alias add all = counter 🐧 +0: {count} so far")
    assert channel.says("!🐧") == "1"
    assert channel.says("!all") == "1 so far"
    assert channel.says("!alias rename 🐧 ครับ").startswith("🐧 is !ครับ now.")
    assert channel.says("!ครับ") == "2"
    assert channel.says("!all") == "2 so far"


@pytest.mark.parametrize("channel", ["slack"], indirect=True)
def test_an_emoji_is_what_slack_writes_for_it(channel: Channel) -> None:
    said = channel.says("!alias add :penguin: = Waddle")
    assert said == "!🐧 stands for Waddle now. Undo: !alias remove 🐧"
    for typed in ("!:penguin:", "!🐧"):
        assert channel.says(typed, "ana") == "Waddle"
    assert channel.says("!alias remove :penguin:").startswith("Removed: !🐧.")


def test_what_a_keyboard_made_of_it_is_the_same_name(channel: Channel) -> None:
    channel.says("!alias add ｈｉ = Hello")
    for typed in ("!hi", "！ｈｉ", "!Hi", "!h\u200bi"):
        assert channel.says(typed, "ana") == "Hello", typed
    assert channel.says("!alias add ｈi = Hello").startswith("There is an alias 'hi' already.")


# Cyrillic, Greek, a small capital, a letter of mathematics.
@pytest.mark.parametrize("name", ["hеlр", "quοte", "ʜelp", "𝗵еlp"])
def test_no_name_looks_like_a_command(channel: Channel, name: str) -> None:
    for line in ("!alias add {} = Hello", "!addcom {} Hello", "!command rename quotes {}"):
        said = channel.says(line.format(name), OLGA)
        assert " looks like !" in said, (line, said)
        assert said.endswith(", which is there: choose another name.")


def test_no_name_looks_like_another_of_theirs(channel: Channel) -> None:
    channel.says("!alias add copy = Hello")
    channel.says("!addcom hug Hug")
    with_words(channel, "!", zitat="!quote")
    copied, hugged, quoted = "сору", "һug", "zіtаt"
    for line in ("!alias add {} = Hi", "!addcom {} Hi"):
        assert channel.says(line.format(copied)) == (
            f"'{copied}' looks like !copy, which is there: choose another name."
        )
        assert f"'{hugged}' looks like !hug" in channel.says(line.format(hugged))
        assert f"'{quoted}' looks like !zitat" in channel.says(line.format(quoted))
    assert "looks like" in channel.says(f"!alias rename copy {hugged}")
    assert channel.says(f"!alias rename copy {copied}").startswith(f"copy is !{copied} now.")
    assert channel.says("!alias add copy = Hi") == (
        f"'copy' looks like !{copied}, which is there: choose another name."
    )
    assert channel.says("!addcom щи Soup").startswith("!щи says")
    assert channel.says("!addcom ши Tyres").startswith("!ши says")


@pytest.mark.parametrize(
    "name", ["a-b", "_a", "h\u0335\u0336\u0337\u0338\u0335i", "<@300>", "\u2800"]
)
def test_what_is_no_name_is_said(channel: Channel, name: str) -> None:
    assert "one word of at most 50 letters, digits, emoji and _." in channel.says(
        f"!alias add {name} = Hello"
    )
    assert channel.says(f"!addcom {name} Hello") != ""
