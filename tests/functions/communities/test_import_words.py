"""What other bots' variables become, and what is told of what they do and this one does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from functions.communities.importers import FORMATS
from functions.communities.importers.found import Found, FoundCommand, FoundOther
from waddlebot.domain.custom_texts import Told, read_text
from waddlebot.domain.custom_whens import ALWAYS, When
from waddlebot_sdk.roles import Role


def in_phantombot(text: str, **tables: dict[str, str]) -> list[Found]:
    rows = [
        {"table": table, "key": key, "value": value}
        for table, told in {"command": {"x": text}, **tables}.items()
        for key, value in told.items()
    ]
    return list(FORMATS["phantombot"](rows))


def in_streamlabs(text: str, **row: Any) -> list[Found]:
    return list(FORMATS["streamlabs-chatbot"]([{"Command": "!x", "Response": text, **row}]))


def command(found: list[Found]) -> FoundCommand:
    [one] = [each for each in found if isinstance(each, FoundCommand)]
    return one


SAID: dict[str, tuple[Any, ...]] = {
    "phantombot": (
        ("Hi (sender), (touser)", "Hi $(user), $(touser)"),
        ("(SENDER)", "$(user)"),
        ("(1) with (2>)", "$(1) with $(2:)"),
        ("(1|themself) (1=sender)", "$(1|themself) $(1|$(user))"),
        ("(#) (# 1, 6)", "$(random 1-100) $(random 1-6)"),
        ("(pointtouser) (count) (echo)", "$(touser) -> $(count) $(query)"),
        ("hello (world) (see below)", "hello (world) (see below)"),
        ("costs $(1) \\(1\\)", "costs $$(1) (1)"),
        ("${1} $\\(5\\)", "\\${1} \\$(5)"),
    ),
    "streamlabs-chatbot": (
        ("Hi $username, $targetname", "Hi $(user), $(touser)"),
        ("$userid's $arg1 $argl2 $msg", "$(user.name)'s $(1) $(2) $(query)"),
        ("$randnum(1,6) of $count", "$(random 1-6) of $(count)"),
        ("$checkcount(!deaths)", "$(getcount deaths)"),
        ("costs $5, $(user) ${x}", "costs $5, \\$(user) \\${x}"),
        ("C:\\", "C:\\\\"),
        ("\\$username", "\\\\$(user)"),
    ),
}
UNKNOWN: dict[str, tuple[Any, ...]] = {
    "phantombot": (
        "(customapi https://example.org/(1))",
        "(customapi https://example.org)",
        "(readfile ./addons/x.txt)",
        "(1=random)",
        "(1|(sender))x(useronly ana)",
        "(touser true)",
    ),
    "streamlabs-chatbot": ("$readfile(C:\\x)", "$addpoints", "$randnum(6)", "$arg1(x)", "$num1"),
}


def each(of: dict[str, tuple[Any, ...]]) -> list[tuple[str, Any]]:
    return [(form, one) for form, every in of.items() for one in every]


READ: dict[str, Callable[[str], list[Found]]] = {
    "phantombot": in_phantombot,
    "streamlabs-chatbot": in_streamlabs,
}


@pytest.mark.parametrize(("form", "pair"), each(SAID))
def test_a_text_is_said_in_our_words(form: str, pair: tuple[str, str]) -> None:
    theirs, ours = pair
    found = command(READ[form](theirs))
    assert (found.text, found.foreign) == (ours, "")
    read_text(found.text)


@pytest.mark.parametrize(("form", "theirs"), each(UNKNOWN))
def test_what_has_no_word_here_is_kept_as_it_was(form: str, theirs: str) -> None:
    found = command(READ[form](theirs))
    assert found.text == theirs
    assert "not known here: " in found.foreign


@pytest.mark.parametrize("form", READ)
@pytest.mark.parametrize("theirs", ["a $(b) ${c} \\$(d)", "\\\\ \\ $", "$$(x) \\\\${y}"])
def test_what_is_no_variable_of_theirs_becomes_none_of_ours(form: str, theirs: str) -> None:
    """Said, it reads as it stood."""
    found = command(READ[form](theirs))
    assert Told(lambda variable, _: f"<{variable.name}>").tell(read_text(found.text)) == theirs


def test_who_may_and_what_else_phantombot_did_of_a_command() -> None:
    rests = '{"globalSec": 5, "userSec": 60}'
    found = in_phantombot(
        "Hi (onlineonly)(requireargs 1)",
        permcom={"x": "6", "addcom": "2"},
        pricecom={"x": "9"},
        paycom={"x": "1"},
        cooldown={"x": rests},
        disabledCommands={"x": "true"},
        commandCount={"x": "12"},
        aliases={"y": "x", "z": "gone now"},
        notices={"0": "{}"},
        settings={"a": "b", "c": "d"},
    )
    told = command(found)
    assert (told.text, told.role) == ("Hi", Role.MODERATOR)
    assert (told.cooldown_seconds, told.person_cooldown_seconds) == (5, 60)
    assert told.when == When(live=True)
    assert (told.enabled, told.counted, told.aliases) == (False, 12, ("y",))
    assert len(told.notes) == 4
    others = [(one.kind, one.name) for one in found if isinstance(one, FoundOther)]
    assert others == [
        ("alias", "z"), ("table", "permcom"), ("timer", "0"), ("table", "settings"),
    ]  # fmt: skip


def test_phantombots_answer_for_one_table_is_a_file_too() -> None:
    rows = [{"key": "x", "value": "Hi"}]
    for file in (
        {"table": {"table_name": "command", "results": rows}},
        {"query_id": "all", "results": [{"table": "command", **rows[0]}]},
    ):
        assert command(list(FORMATS["phantombot"](file))).text == "Hi"


def test_who_may_and_what_else_streamlabs_chatbot_did_of_a_command() -> None:
    more = {"Cost": 3, "SoundFile": "x.mp3", "Usage": "DW", "Group": "[GAME] Chess"}
    found = command(
        in_streamlabs(
            "$arg1", Permission="Editor", Cooldown=2, UserCooldown=3, Count=4, Enabled=False, **more
        )
    )
    assert (found.role, found.counted, found.enabled) == (Role.ADMIN, 4, False)
    assert (found.cooldown_seconds, found.person_cooldown_seconds) == (120, 180)
    assert len(found.notes) == 5
    one = {"Command": "!x", "Response": "Hi", "Permission": "Min_Points"}
    alone = command(list(FORMATS["streamlabs-chatbot"](one)))
    assert (alone.role, alone.text) == (Role.MODERATOR, "Hi")


@pytest.mark.parametrize(
    ("told", "when", "off"),
    [
        ({}, ALWAYS, []),
        ({"enabledOffline": False}, When(live=True), []),
        ({"enabledOnline": False, "enabledOffline": True}, When(live=False), []),
        ({"enabledOnline": False, "enabledOffline": False}, ALWAYS, ["x"]),
    ],
)
def test_streamelements_has_switches_for_live_and_offline(
    told: dict[str, bool], when: When, off: list[str]
) -> None:
    row = {"command": "x", "reply": "Hi", "cooldown": {"user": 90, "global": 5}, **told}
    found = command(list(FORMATS["streamelements"]([row])))
    assert (found.when, found.enabled, found.notes) == (when, not off, ())
    assert (found.cooldown_seconds, found.person_cooldown_seconds) == (5, 90)


@pytest.mark.parametrize(
    ("tags", "when"),
    [("(offlineonly)", When(live=False)), ("(offlineonly)(onlineonly)", ALWAYS)],
)
def test_phantombots_tags_for_live_and_offline_become_conditions(tags: str, when: When) -> None:
    found = command(in_phantombot(f"Hi {tags}", cooldown={"x": '{"globalSec": -1, "userSec": -1}'}))
    assert (found.text, found.when, found.notes) == ("Hi", when, ())
