"""waddlebot.toml: what it may say, and what its developer reads where it is wrong."""

from __future__ import annotations

import os
import sys
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from waddlebot_sdk import (
    Call,
    Chat,
    CommunityInfo,
    DeclarationWrong,
    Module,
    Place,
    Role,
    User,
    serve_folder,
)
from waddlebot_sdk.declared import OF_THE_HOUSE, read_declaration
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.folder import bound, take_folder

HUGS = """
name = "hugs"
summary = "Hugs people."
timeout_seconds = 1.5

[[commands]]
usage = "hug <name>"
also = ["embrace"]
summary = "Hug somebody."
example = "hug Max"
role = "moderator"
per_minute = 5

[[listens]]
event = "raid"
function = "greet"

[[settings]]
name = "warmth"
default = 3
summary = "How warm a hug is."
"""
LEAST = """\
name = "hugs"
summary = "Hugs."
[[commands]]
usage = "hug"
summary = "H."
example = "hug"
"""


@pytest.fixture
def hugs(tmp_path: Path) -> Path:
    folder = tmp_path / "hugs"
    folder.mkdir()
    (folder / "waddlebot.toml").write_text(HUGS)
    (folder / "handler.py").write_text("raise SystemExit('it was imported')")
    return folder


def test_it_is_read_into_a_module_like_ours(hugs: Path) -> None:
    module = take_folder(hugs)

    (command,) = module.commands
    assert (module.name, module.prefix, module.timeout_seconds) == ("hugs", "#", 1.5)
    assert (str(command.usage), command.also) == ("hug <name>", ("embrace",))
    assert (command.role, command.per_minute) == (Role.MODERATOR, 5)
    assert [listener.event_type for listener in module.listens] == ["raid"]
    assert module.defaults() == {"warmth": 3}


def test_its_code_is_bound_by_name(hugs: Path) -> None:
    code = ModuleType("commands")
    code.hug = lambda call: Chat(f"{call.user.name} hugs {call.arguments['name']}")  # type: ignore[attr-defined]
    code.greet = lambda call: Chat(f"{call.data['viewers']}!")  # type: ignore[attr-defined]
    chat = Dialogue(bound(take_folder(hugs), code), None)

    chat.says("Ana", "#embrace Max", role="moderator")
    chat.happens("raid", {"viewers": 7})

    assert chat.heard() == ["Ana hugs Max", "7!"]


def test_a_function_that_is_named_and_not_there_is_said(hugs: Path) -> None:
    with pytest.raises(DeclarationWrong, match=r"commands has no function hug\(call\)"):
        bound(take_folder(hugs), ModuleType("commands"))


def a_call(event_type: str, command: str = "") -> dict[str, Any]:
    now = datetime.now(UTC)
    return Call(
        execution_id="exec_1",
        session_id="sess_1",
        command=command,
        event_type=event_type,
        user=User(id="1001", name="Ana"),
        entity=Place(id="twitch:channel:1", platform="twitch"),
        community=CommunityInfo(id=1, name="Pond"),
        occurred_at=now,
        deadline=now + timedelta(seconds=2),
        text="Max",
    ).to_wire()


def test_a_function_that_is_not_there_fails_its_own_calls_alone(
    hugs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a folder is served: `greet` may stand in a comment."""
    (hugs / "commands.py").write_text(
        "from waddlebot_sdk import Chat\n# greet\ndef hug(call):\n    return Chat('A hug!')\n"
    )
    monkeypatch.syspath_prepend(str(hugs.parent))
    for name in ("hugs", "hugs.commands"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    handler = serve_folder(import_module("hugs.commands"))

    assert handler(a_call("chat.message", "hug"), None)[0]["chat_message"] == "A hug!"
    with pytest.raises(DeclarationWrong, match=r"commands has no function greet\(call\)"):
        handler(a_call("raid"), None)


LISTENS = '[[listens]]\nevent = "{}"\nfunction = "greet"\n'
WRONG = [
    ("colour = 1\n" + LEAST, "'colour' is no field here; there are commands, execution_mode, "),
    (LEAST + "colour = 1\n", r"commands\[1\]: 'colour' is no field"),
    (LEAST.replace('"hugs"', "7"), "name is text in quotes, not a number"),
    (LEAST.replace('"Hugs."', '""'), "summary is one line of 1 to 200 characters"),
    (LEAST.replace('"Hugs."', '"a\\u0000b"'), "summary is one line"),
    (LEAST.replace('"Hugs."', f'"{"a" * 201}"'), "summary is one line of 1 to 200"),
    (LEAST.replace('"hugs"', '"kisses"'), "'kisses', but its folder is called 'hugs'"),
    (LEAST.replace('"hugs"', '"../hugs"'), r"name cannot be '\.\./hugs'"),
    (LEAST.replace('summary = "Hugs."\n', ""), "summary is missing"),
    ('name = "hugs"\nsummary = "H."\n', r"it has no \[\[commands\]\]"),
    ('commands = 3\nname = "hugs"\nsummary = "H."\n', r"commands is written as \[\[commands\]\]"),
    ("timeout_seconds = 31\n" + LEAST, "timeout_seconds is 31; it is 0.1 to 30"),
    ("timeout_seconds = nan\n" + LEAST, "timeout_seconds is nan"),
    ("timeout_seconds = true\n" + LEAST, "timeout_seconds is a number, not true or false"),
    ('may = ["ban"]\n' + LEAST, "may cannot have 'ban': a community function may announce, react"),
    ('may = ["delete"]\n' + LEAST, "may cannot have 'delete'"),
    ('may = ["say_elsewhere"]\n' + LEAST, "may cannot have 'say_elsewhere'"),
    ('may = "react"\n' + LEAST, "may is a list of at most 50, not text"),
    ("priority = 99\n" + LEAST, "priority is 99; it is 100 to 1000"),
    ('execution_mode = "first"\n' + LEAST, "execution_mode is 'first'; it is one of sequential"),
    ('outside = ["a.example"]\n' + LEAST, "outside is for modules of the house"),
    ('secrets = ["TOKEN"]\n' + LEAST, "secrets is for modules of the house"),
    ('repeatable = "yes"\n' + LEAST, "repeatable is true or false, not text"),
    (LEAST + 'role = "emperor"\n', "role is 'emperor'; it is one of user"),
    (LEAST + "per_minute = 0\n", "per_minute is 0; it is 1 to 1000"),
    (LEAST + 'also = ["hug"]\n', "the command 'hug' is declared twice"),
    (LEAST + "also = 3\n", "also is a list of at most 50, not a number"),
    (LEAST + 'function = "os.system"\n', "function cannot be 'os.system'"),
    (LEAST.replace('usage = "hug"', 'usage = "hug <a"'), "usage cannot be 'hug <a'"),
    (LEAST.replace('usage = "hug"', 'usage = "hug [a] <b>"'), "'<b>' is needed but follows"),
    (LEAST.replace('usage = "hug"', 'usage = "hug <two words>"'), "usage cannot be 'hug <two"),
    (LEAST.replace('usage = "hug"', 'usage = "hug <a> [A]"'), "two arguments of one name"),
    (LEAST.replace('example = "hug"', 'example = "kiss"'), "example 'kiss' does not fit"),
    (LEAST + "[[commands]]\nusage = 3\n", r"commands\[2\]: usage is text in quotes, not a number"),
    (LEAST + LISTENS.format("rade"), r"listens\[1\]: there is no event 'rade'. Did you mean raid?"),
    (LEAST + LISTENS.format("ChatMessage"), "no event 'ChatMessage'. Did you mean chatMessage?"),
    (LEAST + LISTENS.format("sub"), "no event 'sub'. Did you mean subscription?"),
    (LEAST + LISTENS.format("due"), "no event 'due'. There are app_mention, ban, "),
    (LEAST + LISTENS.format("waddlebot.meant"), "no event 'waddlebot.meant'. There are app_men"),
    ("x = [" * 3000, "is no TOML"),
    ("name = ", "is no TOML"),
    ("#" * 16_385, "is larger than 16 kB"),
    (".".join("a" * 8000) + " = 1\n", "a key has 16 parts at most"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_what_is_wrong_is_said_with_its_field(hugs: Path, text: str, sentence: str) -> None:
    (hugs / "waddlebot.toml").write_text(text)

    with pytest.raises(DeclarationWrong, match=sentence):
        read_declaration(hugs)


def test_its_fields_are_those_of_a_module_and_what_is_not_for_strangers_has_a_reason(
    hugs: Path,
) -> None:
    (hugs / "waddlebot.toml").write_text("colour = 1\n" + LEAST)

    with pytest.raises(DeclarationWrong) as wrong:
        read_declaration(hugs)

    known = str(wrong.value).partition("there are ")[2].removesuffix(".").split(", ")
    of_a_module = {field.name for field in fields(Module)} - {"community"}
    assert {*known, *OF_THE_HOUSE} == of_a_module
    assert not {*known} & {*OF_THE_HOUSE}


def test_bytes_that_are_no_text_are_said(hugs: Path) -> None:
    (hugs / "waddlebot.toml").write_bytes(b'name = "\xff"')

    with pytest.raises(DeclarationWrong, match="is no TOML"):
        read_declaration(hugs)


def test_a_declaration_that_is_a_pipe_is_not_waited_for(hugs: Path) -> None:
    (hugs / "waddlebot.toml").unlink()
    os.mkfifo(hugs / "waddlebot.toml")

    with pytest.raises(DeclarationWrong, match="is no file"):
        take_folder(hugs)
