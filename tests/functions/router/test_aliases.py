"""Words of a community's own: typed, read in the snapshot, and run as what they stand for."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import MAX, OLGA, Channel, with_words

PLATFORMS = ("twitch", "discord", "slack")


@pytest.mark.parametrize("channel", PLATFORMS, indirect=True)
def test_a_line_is_called_by_a_word_of_ones_own(channel: Channel) -> None:
    """The story of the facts: `!alias add !user "!so user"`, then `!user bob`."""
    channel.says("!addquote Waddle on")

    said = channel.says('!alias add !what "!quote user"')
    assert said == "!what <1> stands for !quote $1 now. Undo: !alias remove what"
    assert channel.says("!what 1", "ana") == "#1: Waddle on"
    assert channel.says("!WHAT 1", "ana") == "#1: Waddle on"
    assert channel.says("!alias", "ana") == "!what = !quote $1."
    assert channel.says("!alias show what", "ana") == "!what <1> stands for !quote $1"
    assert channel.says("!what", "ana") == "Usage: !what <1>. It stands for !quote $1"
    told = channel.says("!help what", "ana")
    assert told.startswith("!what <1> stands for !quote $1. !quote [number-or-words]: ")
    assert channel.says("!alias rm what") == "Removed: !what. Undo: !alias add what = !quote $1"
    assert channel.says("!what 1", "ana") == ""


@pytest.mark.parametrize(
    ("text", "typed", "said"),
    [
        ("text: $2 before $1", 'one "two three"', "two three before one"),
        ("Hello ${1:-you}, says {user}", "", "Hello you, says Ana"),
        ("Hello ${1:-you there}!", "Bo", "Hello Bo!"),
        ("$1, then $2-", 'a "b c" d', 'a, then "b c" d'),
        ("<$*>", " as  it   is ", "<as  it   is>"),
        ("{arg2} {arg1} {all_args}", "a b", "b a a b"),
        (r"It costs \$5 and 100%", "", "It costs $5 and 100%"),
        ('"$1" is one', 'a"b', '"a\'b" is one'),
        ("random: $1! | $1!", "hey", "hey!"),
        ("time: at %% $1", "noon", "at % noon"),
        ("text: !quote is a command && nothing runs", "", "!quote is a command && nothing runs"),
    ],
)
def test_places_are_filled_as_a_shell_fills_them(
    channel: Channel, text: str, typed: str, said: str
) -> None:
    assert " stands for " in channel.says(f"!alias add word = {text}")
    assert channel.says(f"!word {typed}", "ana", username="Ana") == said


def test_what_is_typed_behind_it_comes_last_where_it_has_no_place(channel: Channel) -> None:
    channel.says("!alias add keep = !addquote Max said")
    channel.says("!keep good things")
    assert channel.says("!quote 1") == "#1: Max said good things"


def test_a_counter_counts_each_line_once(channel: Channel) -> None:
    channel.says("!alias add death = counter deaths: Max died {count} times")
    channel.says("!alias add deaths = counter deaths +0: {count} so far")
    line = {"message_id": "died-once"}
    assert channel.says("!death", "ana", **line) == "Max died 1 times"
    assert channel.says("!death", "ana", **line) == "Max died 1 times"
    assert channel.says("!death", "ana") == "Max died 2 times"
    assert channel.says("!deaths", "ana") == "2 so far"
    assert channel.says("!alias rename death rip").startswith("death is !rip now.")
    assert channel.says("!rip", "ana") == "Max died 3 times"
    channel.says("!alias remove rip")
    assert channel.says("!deaths", "ana") == "3 so far"
    channel.says("!alias remove deaths")
    channel.says("!alias add deaths = counter: {count}")
    assert channel.says("!deaths", "ana") == "4"  # for a day it counts on


def test_callers_have_their_own_rights_and_the_targets_limit(channel: Channel) -> None:
    channel.says("!alias add keep = !addquote $*")
    refused = channel.says("!keep Mine", "ana")
    assert refused == "!addquote is for moderators only. Ask Max or Olga, or see !why."
    channel.says("!limits set quote 1 in 1h")
    channel.says("!alias add q = !quote")
    assert channel.says("!quote", "ana").startswith("No quotes yet")
    assert channel.says("!alias add two = !quote") != ""
    channel.says("!addquote One")
    assert channel.says("!q 1", "bo") == "#1: One"
    assert channel.says("!quote 1", "bo").startswith("!quote needs a rest.")
    assert channel.says("!command off !quote", OLGA)
    assert channel.says("!q 1", "cy") == ""


def test_aliases_are_for_moderators_and_read_by_all(channel: Channel) -> None:
    for line in ("add hi = Hello", "edit hi = Hello", "remove hi", "rename hi ho"):
        told = channel.says(f"!alias {line}", "ana")
        assert told.endswith("is for moderators only. Ask Max or Olga, or see !why."), line
    assert channel.says("!alias list", "ana").startswith("There are no aliases here.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!alias add", "Usage: !alias add <name> [text]"),
        ("!alias add hi", "Say what it stands for."),
        ("!alias add h-i = Hello", "The name of an alias is one word of at most 50 letters"),
        ("!alias add quote = Hello", "!quote is a command already, and no alias hides one"),
        ("!alias add command = Hello", "!command is a command already"),
        ("!alias add waddlebot = Hello", "!waddlebot is a command already"),
        ("!alias add hi = !quote && and more", "Each step of a chain is a command: 'and more'"),
        ("!alias add hi = !$1 x", "Which command it runs is no argument of an alias."),
        ("!alias add hi = !do$1 x", "Which command it runs is no argument of an alias."),
        ("!alias add hi = $21", "There are the places $1 to $20, $2- and $*."),
        ("!alias add hi = $0", "There are the places $1 to $20, $2- and $*."),
        ("!alias add hi = random: one", "Of random lines there are two at least"),
        ("!alias add hi = time: %9999999d", "'%9' is no part of a time."),
        ("!alias add hi = text:", "Say what it stands for"),
        ("!alias add hi = " + "x" * 501, "An alias stands for 500 characters at most."),
        ("!alias add hi = " + " && ".join(["!quote"] * 6), "!hi would run more than 5 commands."),
        ("!alias add hi = !hi", "That alias would lead back to itself: !hi → !hi."),
        ("!alias add hi = !verify 123", "What is typed behind !verify is a secret"),
        ("!alias edit hi = Hello", "There is no alias 'hi'. See !alias list."),
        ("!alias remove hi", "There is no alias 'hi'. See !alias list."),
        ("!alias rename hi ho", "There is no alias 'hi'. See !alias list."),
        ("!alias show hi", "There is no alias 'hi'. See !alias list."),
        ("!alias run hi", "There is no alias 'hi'. See !alias list."),
        ("!alias fly", "alias: Words of your own for commands."),
    ],
)
def test_what_cannot_be_is_said(channel: Channel, line: str, said: str) -> None:
    assert channel.says(line).startswith(said)
    assert channel.says("!alias").startswith("There are no aliases here.")


def test_a_command_that_is_not_there_yet_is_hinted_at_and_told(channel: Channel) -> None:
    assert "There is no !fly yet." in channel.says("!alias add up = !fly high")
    assert channel.says("!up") == "!up stands for !fly high, but there is no !fly here."


def test_aliases_lead_to_aliases_and_never_back(channel: Channel) -> None:
    channel.says("!addquote One")
    channel.says("!alias add a = !quote $1")
    for name, before in ("ba", "cb", "dc", "ed"):
        assert " stands for " in channel.says(f"!alias add {name} = !{before} ${{1:-1}}")
    assert channel.says("!e", "ana") == "#1: One"
    deep = channel.says("!alias add f = !e 1")
    assert deep == "!f leads from alias to alias more than 5 times."
    back = channel.says("!alias edit a = !e 1")
    assert back == "That alias would lead back to itself: !a → !e → !d → !c → !b → !a."
    assert channel.says("!alias rename a first").startswith("a is !first now.")
    assert channel.says("!e", "ana") == "#1: One"
    assert channel.says("!alias show b").endswith("stands for !first ${1:-1}")


def test_a_loop_that_a_name_closes_later_is_refused(channel: Channel) -> None:
    channel.says("!alias add a = !b")
    channel.says("!alias add c = !a")
    back = "That alias would lead back to itself: "
    assert channel.says("!alias add b = !c").startswith(back)
    assert channel.says("!alias rename c b").startswith(back)


def test_a_loop_that_is_kept_nevertheless_is_told_and_ends(channel: Channel) -> None:
    """As a release that knew no better may have written it."""
    channel.says("!alias add a = !b")
    channel.database.write(
        "INSERT INTO aliases (community_id, alias, text) VALUES (%(id)s, 'b', '!a')",
        {"id": channel.community},
    )
    channel.says("!alias add other = Hello")  # the routers read anew
    assert channel.says("!other") == "Hello"
    assert channel.says("!a") == "That alias would lead back to itself: !a → !b → !a."


def test_a_command_that_comes_later_goes_before_the_alias(channel: Channel) -> None:
    channel.says("!alias add shelf = Hello")
    assert channel.says("!shelf") == "Hello"
    with_words(channel, "!", shelf="!quotes")
    assert channel.says("!shelf") != "Hello"
    assert "A command came later" in channel.says("!alias show shelf")


def test_own_words_are_understood_and_named(channel: Channel) -> None:
    with_words(channel, "?", show="!quote", keep="!addquote")
    channel.says("?keep One")
    said = channel.says("?alias add w = ?show $1 && !show 1")
    assert said == "?w <1> stands for ?show $1 && ?show 1 now. Undo: ?alias remove w"
    assert channel.says("?w 1", "ana") == "#1: One / #1: One"
    assert channel.says("!w 1", "ana") == ""
    assert channel.says("?w", "ana") == "Usage: ?w <1>. It stands for ?show $1 && ?show 1"
    with_words(channel, "?", see="!quote")
    assert channel.says("?w 1", "bo") == "#1: One / #1: One"


@pytest.mark.parametrize("channel", PLATFORMS, indirect=True)
def test_where_somebody_talks_to_the_bot_the_prefix_may_be_left_off(channel: Channel) -> None:
    channel.says("!alias add hi = Hello $1")
    for line in ("hi Bo", "!hi Bo"):
        assert channel.says(line, "ana", message_type="slashCommand") == "Hello Bo"


@pytest.mark.parametrize("channel", ["slack"], indirect=True)
def test_nobody_is_pinged_by_what_an_alias_says(channel: Channel) -> None:
    """On Discord and Twitch nothing that is sent pings anybody, whatever it says."""
    channel.says("!alias add all = <!everyone> $*")
    said = channel.says("!all <!channel> <!here> <!subteam^S1|@mods>", "ana")
    for ping in ("<!everyone", "<!channel", "<!here", "<!subteam"):
        assert ping not in said, said


def test_what_becomes_too_long_is_not_said(channel: Channel) -> None:
    channel.says("!alias add long = text: " + "$*" * 100)
    assert channel.says("!long " + "x" * 300, "ana").startswith("That alias becomes longer than")
    assert channel.says("!long x", "ana") == "x" * 100


def test_a_hundred_aliases_are_enough(channel: Channel) -> None:
    channel.database.write(
        """
        INSERT INTO aliases (community_id, alias, text)
        SELECT %(id)s, 'a' || n, 'Hello' FROM generate_series(1, 100) AS n
        """,
        {"id": channel.community},
    )
    assert channel.says("!alias add hi = Hello").startswith("There are 100 aliases already.")
    channel.says("!alias remove a1")
    assert " stands for " in channel.says("!alias add hi = Hello")


def test_a_rule_forbids_what_an_alias_would_say(channel: Channel) -> None:
    channel.says("!rules add contains banana block")
    channel.says("!alias add fruit = ban${1:-ana}")
    assert "banana" not in channel.says("!fruit", "ana")


def test_why_tells_which_alias_ran_it(channel: Channel) -> None:
    channel.says("!alias add q = !quote")
    channel.says("!q", "ana")
    assert channel.says("!why", "ana") == "!quote ran because of alias q."


def test_while_aliases_are_off_there_are_none(channel: Channel) -> None:
    channel.says("!alias add hi = Hello")
    channel.says("!command off alias", OLGA)
    assert channel.says("!hi", MAX) == ""
