from __future__ import annotations

from dataclasses import replace

from tests.helpers.events_and_commands import a_command, a_community, a_listener, a_session
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.own_words import OwnWords
from waddlebot.domain.typed import nearest_here
from waddlebot_sdk.roles import Role

USUAL = OwnWords()
TABLE = CommandTable(
    [
        a_command("quote"),
        a_command("memories quote", canonical="quote"),
        a_command("addquote", role=Role.MODERATOR),
        a_command("memories add", canonical="memories add"),
        a_command("memories add quote", canonical="addquote"),
        a_command("help", module="help"),
        a_command("roll", module="roll", prefix="#"),
    ],
    [a_listener("raid", consumes=True), a_listener("raid", module="shoutout")],
)


def found(prefix: str, text: str) -> tuple[str, str] | None:
    result = TABLE.find(prefix, text)
    return (result.trigger.id, result.rest) if result else None


def test_the_longest_path_wins_and_the_rest_stays_as_it_was_typed() -> None:
    assert found("!", 'memories add quote "Waddle  on!"   Ana') == (
        "!addquote",
        '"Waddle  on!"   Ana',
    )
    assert found("!", "memories add  link") == ("!memories add", "link")
    assert found("!", "quote 3\nand more") == ("!quote", "3\nand more")


def test_case_and_spaces_between_the_words_do_not_matter() -> None:
    assert found("!", "MEMORIES   Add QUOTE x") == ("!addquote", "x")


def test_prefixes_are_different_worlds() -> None:
    assert found("#", "roll 2d6") == ("#roll", "2d6")
    assert found("!", "roll") is None


def test_what_is_unknown_is_not_found() -> None:
    for text in ("", "   ", "qoute", "memories", "memories foo", "quotes"):
        assert found("!", text) is None


def test_the_first_word_of_a_longer_command_is_known() -> None:
    assert TABLE.begins("!", "Memories foo")
    assert not TABLE.begins("#", "memories foo")
    assert not TABLE.begins("!", "  ")


def test_a_listener_never_keeps_another_from_hearing() -> None:
    heard = TABLE.listeners("raid")
    assert [listener.module for listener in heard] == ["memories", "shoutout"]
    assert not any(listener.consumes for listener in heard)
    assert TABLE.listeners("follow") == ()


def test_each_command_is_offered_once_in_its_shortest_form() -> None:
    offered = {
        module: [command.typed for command in commands]
        for module, commands in TABLE.modules().items()
    }
    assert offered == {
        "help": ["!help"],
        "memories": ["!addquote", "!memories add", "!quote"],
        "roll": ["#roll"],
    }


def nearest(line: str, words: OwnWords = USUAL, role: Role = Role.USER) -> str | None:
    community = replace(a_community(), words=words)
    return nearest_here(line, a_session(line, community=community, role=role), TABLE)


def test_what_was_probably_meant_is_found() -> None:
    for typed in ("qoute 3", "!qoute 3", "!quote?"):
        assert nearest(typed) == "!quote"
    for typed in ("rol", "!rol"):
        assert nearest(typed) == "#roll"
    for typed in ("xyzzy", "", "!", "hello there", "go"):
        assert nearest(typed) is None


def test_what_somebody_may_not_use_is_not_what_was_meant() -> None:
    assert nearest("addqoute x") is None
    assert nearest("addqoute x", role=Role.MODERATOR) == "!addquote"


def test_what_was_meant_is_called_as_it_is_here() -> None:
    german = OwnWords(prefix="?", names={"zitat": "!quote"})
    assert nearest("?zitta", german) == "?zitat"
    assert nearest("?hlep", german) == "?help"
    assert nearest("?qoute", german) is None  # which may be another bot's


def test_the_commands_below_a_word_are_listed() -> None:
    below = [command.path for command in TABLE.below("!", "Memories")]
    assert below == ["memories add", "memories add quote", "memories quote"]
