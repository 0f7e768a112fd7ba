"""Commands of a community's own: typed, read in the snapshot, and said with their variables."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import MAX, OLGA, Channel, with_words
from waddlebot.domain.entities import platform_of
from waddlebot.platforms import find_abilities

PLATFORMS = ("twitch", "discord", "slack")


@pytest.mark.parametrize("channel", PLATFORMS, indirect=True)
def test_a_command_of_ones_own_says_its_text(channel: Channel) -> None:
    said = channel.says("!addcom !hello Hi $(user)!")
    assert said == "!hello says: Hi $(user)! Undo: !custom delete hello"
    assert channel.says("!hello", "ana", username="Ana") == "Hi Ana!"
    assert channel.says("!HELLO there", "ana", username="Ana") == "Hi Ana!"
    assert channel.says("!custom", "ana") == "!hello says: Hi $(user)!"
    assert channel.says("!command show hello", "ana") == "!hello says: Hi $(user)!"
    assert channel.says("!help hello", "ana") == "!hello says: Hi $(user)!"
    gone = channel.says("!delcom hello")
    assert gone == "Deleted: !hello. Undo: !custom add hello Hi $(user)!"
    assert channel.says("!hello", "ana") == ""


def test_each_way_to_type_it_leads_to_the_same(channel: Channel) -> None:
    for number, words in enumerate(("custom add", "addcom", "command add", "commands add")):
        assert channel.says(f"!{words} c{number} One").startswith(f"!c{number} says: One")
    for number, words in enumerate(("custom edit", "editcom", "command edit", "commands edit")):
        changed = channel.says(f"!{words} c{number} Two")
        assert changed.startswith(f"!c{number} says: Two Undo: !custom edit -cd=0 -ul=user c"), (
            words
        )
    for number, words in enumerate(("custom delete", "delcom", "command delete", "custom remove")):
        assert channel.says(f"!{words} c{number}").startswith(f"Deleted: !c{number}."), words
    assert channel.says("!custom list", "ana").startswith("There are no custom commands here.")


def test_options_may_stand_behind_the_name(channel: Channel) -> None:
    """They become no text that everybody reads."""
    channel.says("!addcom manners -cd=30 Be kind")
    channel.says("!editcom manners -ul=mod")
    assert (
        channel.says("!custom show manners")
        == "!manners says (for moderators, rests 30 s): Be kind"
    )


def test_undo_is_what_it_was(channel: Channel) -> None:
    shown = "!manners says (for moderators, rests 30 s): Be kind"
    channel.says("!addcom -cd=30 -ul=mod manners Be kind")
    assert channel.says("!custom show manners") == shown
    for change in ("editcom -cd=5 manners Be nice", "custom rest manners none"):
        undo = channel.says(f"!{change}").partition("Undo: ")[2]
        channel.says(undo)
        assert channel.says("!custom show manners") == shown, change
    undo = channel.says("!custom need manners everybody").partition("Undo: ")[2]
    assert channel.says(undo).startswith(shown)
    undo = channel.says("!custom off manners").partition("Undo: ")[2]
    assert channel.says("!manners") == ""
    assert channel.says(undo).startswith(shown)
    undo = channel.says("!delcom manners").partition("Undo: ")[2]
    assert channel.says(undo).startswith(shown)


def test_it_is_for_whom_it_is_said_to_be(channel: Channel) -> None:
    channel.says("!addcom -ul=moderator secret Shh")
    refused = channel.says("!secret", "ana")
    assert refused == "!secret is for moderators only. Ask Max or Olga, or see !why."
    assert channel.says("!secret", MAX) == "Shh"
    assert channel.says("!custom run secret", "ana") == "Type it as !secret."
    channel.says("!alias add hush = !secret")
    assert channel.says("!hush", "bo").startswith("!secret is for moderators only.")
    assert channel.says("!alias add hush2 = !custom run secret") != ""
    assert channel.says("!hush2", "cy").startswith("!secret is for moderators only.")
    assert channel.says("!custom need secret admins") == (
        "You decide for moderators and below, not for those above you."
    )
    channel.says("!custom need secret admins", OLGA)
    assert channel.says("!editcom secret Hah") == "!secret is for admins only."
    assert channel.says("!delcom secret") == "!secret is for admins only."


def test_it_rests_for_everybody_and_alone(channel: Channel) -> None:
    channel.says("!addcom -cd=1h slow Slowly")
    channel.says("!addcom quick Quickly")
    assert channel.says("!slow", "ana") == "Slowly"
    assert channel.says("!slow", "bo").startswith("!slow needs a rest.")
    assert channel.says("!quick", "ana") == "Quickly"
    assert channel.says("!quick", "bo") == "Quickly"
    channel.says("!custom cooldown slow none")
    assert channel.says("!slow", "cy") == "Slowly"


def test_it_rests_for_each_person_beside(channel: Channel) -> None:
    said = channel.says("!addcom -ucd=1h luck Good luck")
    assert said.startswith("!luck says (rests 1 h for each person): Good luck")
    assert channel.says("!luck", "ana") == "Good luck"
    assert channel.says("!luck", "ana").startswith("!luck needs a rest.")
    assert channel.says("!luck", "bo") == "Good luck"
    undone = channel.says("!custom rest luck none each").partition("Undo: ")[2]
    assert undone == "!custom rest luck 3600s each"
    assert channel.says("!luck", "ana") == "Good luck"
    channel.says("!custom rest luck 1h")
    channel.says(undone)
    assert channel.says("!luck", "cy") == "Good luck"
    assert channel.says("!luck", "dan").startswith("!luck needs a rest.")
    assert channel.says("!custom rest luck 1h all").startswith("For each person say it like ")


def test_a_counter_counts_each_line_once(channel: Channel) -> None:
    channel.says("!addcom death Max died $(count) times ($(count))")
    channel.says("!addcom deaths $(getcount death) so far")
    line = {"message_id": "died-once"}
    assert channel.says("!death", "ana", **line) == "Max died 1 times (1)"
    assert channel.says("!death", "ana", **line) == "Max died 1 times (1)"
    assert channel.says("!death", "ana") == "Max died 2 times (2)"
    assert channel.says("!deaths", "ana") == "2 so far"
    assert channel.says("!custom count death 10").startswith("death has come to 10. Undo: ")
    assert channel.says("!death", "bo") == "Max died 11 times (11)"
    channel.says("!custom rename death rip")
    assert channel.says("!rip", "bo") == "Max died 12 times (12)"
    channel.says("!delcom rip")
    channel.says("!addcom death $(count)")
    assert channel.says("!death", "bo") == "13"  # others say it still


def test_what_is_typed_is_never_read_as_a_text(channel: Channel) -> None:
    channel.says("!addcom say $(query)")
    channel.says("!addcom count Counted $(count)")
    for typed in ("$(count)", "$(user", "${eval 1}", "!quote && !help", r"\$(1)"):
        assert channel.says(f"!say {typed}", "ana") == typed


@pytest.mark.parametrize("channel", PLATFORMS, indirect=True)
def test_what_it_says_is_one_message_of_the_platform(channel: Channel) -> None:
    most = find_abilities(platform_of(channel.place)).most_characters
    channel.says("!addcom long $(repeat 20 $(query))")
    said = channel.says(f"!long {'x' * 400}", "ana")
    assert len(said) == most
    assert said.endswith("x…")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!addcom hello", "Say what it says: !custom add hello Hi $(user)!"),
        ("!addcom quote Hi", "!quote is a command of the house already: choose another name."),
        ("!addcom a-b Hi", "The name of a custom command is one word of at most 50 letters"),
        ("!addcom -x=1 hello Hi", "There is no option '-x=1'. There are -cd=30, -ucd=30, -ul=mod"),
        ("!addcom -cd=soon hello Hi", "'soon' is no time. Say how long it rests: 30s, 5m, none."),
        (
            "!addcom -ul=twitch_vip hello Hi",
            "'twitch_vip' is no role here. Say for whom: everybody, moderators, admins, owners.",
        ),
        ("!addcom -cd=2d hello Hi", "A cooldown is a day at most."),
        ("!editcom hello Hi", "There is no custom command 'hello'. See !custom list."),
        ("!delcom hello", "There is no custom command 'hello'. See !custom list."),
        ("!addcom hello $(user", "A variable has no end: '$(user' lacks a ')'."),
        ("!addcom hello $()", "'$()' names no variable."),
        ("!addcom hello $(time Moon)", "'Moon' is no time zone."),
        ("!addcom hello $(random a)", "Say from where to where: $(random 1-6)."),
        ("!addcom hello $(ytvideo 1)", "$(ytvideo …) asks a service"),
        ("!addcom hello $(eval 1)", "$(eval …) runs a program, which no text here does."),
        ("!addcom hello $(lasttip)", "$(lasttip …) is not known here yet."),
        (f"!addcom hello {'x' * 501}", "A custom command has 500 characters at most."),
    ],
)
def test_what_cannot_be_saved_says_why(channel: Channel, line: str, said: str) -> None:
    assert channel.says(line).startswith(said)


def test_names_are_taken_by_one_alone(channel: Channel) -> None:
    channel.says("!addcom hug Hug")
    assert channel.says("!addcom hug Again").startswith("There is a custom command 'hug' already.")
    assert channel.says("!alias add hug = Hug").startswith("There is a custom command 'hug'")
    channel.says("!alias add hi = Hi")
    assert channel.says("!addcom hi Hi").startswith("There is an alias 'hi' already.")
    assert channel.says("!custom rename hug hi").startswith("There is an alias 'hi' already.")
    taken = channel.says("!command rename !quote hug", OLGA)
    assert taken.startswith("There is a custom command 'hug' already.")


def test_with_a_prefix_of_their_own(channel: Channel) -> None:
    with_words(channel, "?")
    assert channel.says("?addcom ?hello Hi").startswith("?hello says: Hi")
    assert channel.says("?hello", "ana") == "Hi"
    assert channel.says("!hello", "ana") == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "-a=!tier compacts",
            "What runs another command is an alias: !alias add compacts = !tier …",
        ),
        ("-c=0", "A counter is set by itself: !custom count compacts 0"),
        ("-x=1", "There is no option '-x=1'."),
    ],
)
def test_options_of_another_bot_say_how_it_is_done_here(
    channel: Channel, typed: str, said: str
) -> None:
    """As Nightbot's moderators write them, before the name and behind it."""
    assert channel.says(f"!commands add {typed.split(maxsplit=1)[0]} !compacts Hi").startswith(said)
    if not typed.startswith("-x"):
        assert channel.says(f"!editcom !compacts {typed}").startswith(said)
