"""What a module offers while somebody types one of its arguments."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from waddlebot_sdk import Call, Chat, Choice, DeclarationWrong, Module, Role, command
from waddlebot_sdk.completing import ask_completing
from waddlebot_sdk.completions import at_cursor, choices_from_wire, chosen
from waddlebot_sdk.declared import read_declaration
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.door import serve
from waddlebot_sdk.grammar import parse_usage


def songs(call: Call, _tools: None) -> Iterator[Choice]:
    genre = call.arguments.get("genre", "any")
    yield Choice(f"{genre} {call.text}", "as it was typed")


@command(
    "play <genre> [song]",
    "Play something.",
    example="play rock",
    completes={"genre": ("rock", "prog rock", "jazz"), "song": songs},
)
def play(_call: Call, _tools: None) -> Chat:
    return Chat("It plays.")


@command("mute", "Be quiet.", example="mute", role=Role.MODERATOR)
def mute(_call: Call, _tools: None) -> Chat:
    return Chat("…")


@command(
    "ban <who>", "Ban.", example="ban x", role=Role.MODERATOR, completes={"who": ("max", "olga")}
)
def ban(_call: Call, _tools: None) -> Chat:
    return Chat("…")


MODULE: Module[None] = Module(name="songs", summary="Songs.", commands=(play, mute, ban))


def test_few_words_are_offered_by_what_is_typed_those_that_begin_so_first() -> None:
    chat = Dialogue(MODULE, None)
    assert chat.completes("!play ") == ["rock", "prog rock", "jazz"]
    assert chat.completes("!play RO") == ["rock", "prog rock"]
    assert chat.completes("!play nothing") == []
    assert chat.heard() == []


def test_a_function_knows_what_stands_before_and_what_is_typed() -> None:
    chat = Dialogue(MODULE, None)
    assert chat.completes('!play "prog rock" the long') == ["prog rock the long"]


def test_nothing_is_offered_behind_what_somebody_may_not_use_or_what_takes_nothing() -> None:
    chat = Dialogue(MODULE, None)
    assert chat.completes("!ban m") == []
    assert chat.completes("!ban m", role="moderator") == ["max"]
    assert chat.completes("!mute ", role="moderator") == []
    assert chat.completes("!play") == []
    assert chat.completes("hello") == []


def test_an_argument_that_is_not_there_cannot_be_completed() -> None:
    with pytest.raises(ValueError, match="no argument 'song'"):
        command("skip", "Skip.", example="skip", completes={"song": songs})


def test_twenty_five_of_a_hundred_characters_are_what_any_platform_takes() -> None:
    offered = [Choice(f"{number}", "x" * 300) for number in range(40)]
    kept = chosen([Choice("x" * 101), Choice(" "), Choice("a\nb"), *offered], "")
    assert len(kept) == 25
    assert kept[0].value == "0"
    assert len(kept[0].shown) == 100


@pytest.mark.parametrize(
    "wire",
    [
        None,
        [],
        {"choices": "all"},
        {"choices": [1, None, {"value": 3}, {"shown": "x"}]},
        [{"value": "x"}],
    ],
)
def test_what_is_no_choice_is_left_out(wire: object) -> None:
    assert choices_from_wire(wire) == ()


@pytest.mark.parametrize(
    ("text", "argument", "typed"),
    [
        (" ", "a", ""),
        (" one", "a", "one"),
        (" one ", "b", ""),
        (' "one two', "b", "two"),
        (' "one two" thr', "b", "thr"),
        (" one two three ", "b", "two three "),
    ],
)
def test_the_cursor_is_in_the_argument_that_is_not_done(
    text: str, argument: str, typed: str
) -> None:
    found = at_cursor(parse_usage("go <a> [b]"), text)
    assert found is not None
    assert (found.argument, found.typed) == (argument, typed)


DECLARED = """
    name = "dinner"
    summary = "Says what there is."

    [[commands]]
    usage = "dinner <main> [side]"
    summary = "Order something."
    example = "dinner soup"
    completes = { main = ["soup", "stew"], side = "sides" }
"""
CODE = """
    from waddlebot_sdk import Chat

    def dinner(call):
        return Chat("It comes.")

    def sides(call):
        return [f"{call.arguments['main']} with {one}" for one in ("rice", "bread")]
"""


def folder_of(tmp_path: Path, declared: str = DECLARED) -> Path:
    folder = tmp_path / "dinner"
    folder.mkdir()
    (folder / "waddlebot.toml").write_text(textwrap.dedent(declared))
    (folder / "commands.py").write_text(textwrap.dedent(CODE))
    return folder


def served(folder: Path) -> Module[None]:
    from waddlebot_sdk.folder import with_code

    code = ModuleType("commands")
    code.__file__ = str(folder / "commands.py")
    exec(compile((folder / "commands.py").read_text(), "commands.py", "exec"), code.__dict__)  # noqa: S102
    return with_code(code)


def test_a_community_function_names_its_completers_in_its_declaration(tmp_path: Path) -> None:
    chat = Dialogue(served(folder_of(tmp_path)), None)
    assert chat.completes("#dinner s") == ["soup", "stew"]
    assert chat.completes("#dinner soup br") == ["soup with bread"]


def test_the_door_of_a_community_function_answers_with_choices(tmp_path: Path) -> None:
    module = served(folder_of(tmp_path))
    answered: list[object] = []

    class Asked(Dialogue[None]):
        def asks(self) -> None:
            call = self._call(command="dinner", text="ri", event_type="autocomplete", user=None)
            wire = ask_completing(call, "side")
            answered.append(serve(module)({**wire, "arguments": {"main": "stew"}}, None))

    Asked(module, None).asks()
    assert answered == [{"choices": [{"value": "stew with rice", "shown": "stew with rice"}]}]


@pytest.mark.parametrize(
    ("completes", "why"),
    [
        ('"side"', "completes is a table"),
        ('{ dessert = "sides" }', "no argument 'dessert'"),
        ('{ side = "no such, name" }', "side cannot be"),
        ("{ side = 3 }", "side is text in quotes"),
    ],
)
def test_a_declaration_that_completes_wrongly_says_why(
    tmp_path: Path, completes: str, why: str
) -> None:
    known = '{ main = ["soup", "stew"], side = "sides" }'
    folder = folder_of(tmp_path, DECLARED.replace(known, completes))
    with pytest.raises(DeclarationWrong, match=why):
        read_declaration(folder)
