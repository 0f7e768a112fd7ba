"""Rows of other bots as these write them, and what is made of what they lack or write otherwise."""

from __future__ import annotations

import time
from typing import Any

import pytest

from functions.communities.importers import FORMATS
from functions.communities.importers.found import (
    Became,
    FoundCommand,
    FoundOther,
    NotReadable,
    ReportLine,
)
from functions.communities.importers.laid_over import lay_over
from tests.helpers.other_bots import hostile
from waddlebot.decisions.parts.settings.text import SETTING
from waddlebot_sdk.own_words import MARK
from waddlebot_sdk.roles import Role

MOST_SECONDS = 0.1
"""Of the processor; copying and measuring so much takes a tenth of it."""


def of_firebot(**more: Any) -> dict[str, Any]:
    effects = {"list": [{"type": "firebot:chat", "message": "Hi"}]}
    return {"trigger": "!x", "active": True, "effects": effects, **more}


def command(form: str, document: Any) -> FoundCommand:
    [found] = [one for one in FORMATS[form](document) if isinstance(one, FoundCommand)]
    return found


def told(form: str, document: Any, **settings: str) -> ReportLine:
    """Of the first thing in the file."""
    facts = {(SETTING, key): value for key, value in settings.items()}
    return lay_over(facts, (), FORMATS[form](document)).told[0]


def test_firebots_own_file_holds_its_commands_a_level_below() -> None:
    """`commands.json` as `customCommands` and `systemCommandOverrides`, both by id."""
    overrides = {"firebot:uptime": {"trigger": "!up", "active": False}}
    file = {"customCommands": {"1": of_firebot()}, "systemCommandOverrides": overrides}
    found = list(FORMATS["firebot"](file))
    assert [one.name for one in found] == ["x", "systemCommandOverrides"]
    assert isinstance(found[1], FoundOther)
    assert command("firebot", {"customCommands": {"1": of_firebot()}}).text == "Hi"
    assert list(FORMATS["firebot"]({"customCommands": {}, "systemCommandOverrides": {}})) == []


@pytest.mark.parametrize(
    ("restrictions", "role"),
    [
        ({"restrictions": [], "mode": "all", "sendFailMessage": True}, Role.USER),
        ({"mode": "all"}, Role.USER),
        (None, Role.USER),
        ({"restrictions": [{"type": "firebot:permissions"}]}, Role.MODERATOR),
        (["something else"], Role.MODERATOR),
    ],
)
def test_what_firebot_restricts_to_nobody_is_for_everybody(restrictions: Any, role: Role) -> None:
    """Its editor writes an empty list of restrictions into each command that it opened."""
    assert command("firebot", {"1": of_firebot(restrictionData=restrictions)}).role is role


def test_what_firebot_switched_off_within_a_command_is_not_said() -> None:
    effects = [
        {"type": "firebot:chat", "message": "On"},
        {"type": "firebot:chat", "message": "Off", "active": False},
        {"type": "firebot:playsound", "active": False},
    ]
    found = command("firebot", {"1": of_firebot(effects={"list": effects})})
    assert (found.text, found.notes) == ("On", ())


@pytest.mark.parametrize(
    ("form", "row", "role"),
    [
        ("nightbot", {"userLevel": 7}, Role.MODERATOR),
        ("nightbot", {"userLevel": ["owner"]}, Role.MODERATOR),
        ("nightbot", {}, Role.USER),
        ("nightbot", {"userLevel": None}, Role.USER),
        ("streamelements", {"accessLevel": "1500"}, Role.MODERATOR),
        ("streamelements", {"accessLevel": True}, Role.MODERATOR),
        ("streamelements", {"accessLevel": 500.0}, Role.MODERATOR),
        ("streamelements", {}, Role.USER),
        ("streamlabs-chatbot", {"Permission": 3}, Role.MODERATOR),
        ("streamlabs-chatbot", {}, Role.USER),
    ],
)
def test_a_level_that_cannot_be_read_opens_to_nobody(
    form: str, row: dict[str, Any], role: Role
) -> None:
    """Where there is none, the other bot means everybody."""
    says = {"name": "!x", "message": "Hi", "command": "x", "reply": "Hi"}
    says |= {"Command": "!x", "Response": "Hi"}
    rows = [{**says, **row}]
    found = command(form, {"commands": rows} if form == "nightbot" else rows)
    assert found.role is role
    assert bool(found.notes) is (role is Role.MODERATOR and row.get("accessLevel") != 500.0)


def test_a_server_that_is_not_allowed_yet_needs_a_look() -> None:
    """Until it is, chat reads that it is not: such a command did not come over whole."""
    url = "https://decapi.me/twitch/followage/$(channel)/$(user)?precision=3"
    text = f"$(user): $(urlfetch {url}) $(weather Oslo)"
    file = {"commands": [{"name": "!followage", "message": text}]}
    found = told("nightbot", file)
    assert found.outcome is Became.NEEDS_A_LOOK
    assert found.why.replace(MARK, "") == (
        "It asks a server: decapi.me is not allowed here; an admin allows it:"
        " !settings set fetch +decapi.me."
        " It asks a server: nobody is asked for weather here; an admin names who:"
        " !settings set fetch +weather=https://…/{}."
    )
    allowed = "decapi.me weather=https://wttr.in/{}"
    assert told("nightbot", file, fetch=allowed).outcome is Became.CONVERTED


def test_why_a_command_says_nothing_is_told() -> None:
    row = {"name": "!cmds", "message": "", "alias": "!commands"}
    why = told("nightbot", {"commands": [row]}).why
    assert "it runs !commands" in why
    sound = of_firebot(effects={"list": [{"type": "firebot:playsound"}]})
    assert "It also did firebot:playsound" in told("firebot", {"1": sound}).why


def test_why_a_file_is_none_is_short_and_can_be_said() -> None:
    """Half a sign in it cannot be sent, and a table's name is as long as the file."""
    file = {"table": {"table_name": "\ud800\u202e" + "x" * 9_000, "results": 5}}
    with pytest.raises(NotReadable) as none:
        list(FORMATS["phantombot"](file))
    said = str(none.value)
    assert len(said) < 100
    assert said.isprintable()
    assert said.encode()


@pytest.mark.parametrize(
    ("message", "is_told"),
    [
        ("Hi", False),
        ("My account, countless", False),
        ("$(count) times", True),
        ("$(getcount deaths) times", False),
        (r"\$(count) times", False),
        ("$(eval 1) $(count)", True),
        ("$(eval 1)", False),
    ],
)
def test_what_it_counted_is_told_where_its_text_says_it(message: str, *, is_told: bool) -> None:
    """Nightbot counts how often each was used."""
    row = {"name": "!x", "message": message, "count": 7}
    laid = lay_over({}, (), FORMATS["nightbot"]({"commands": [row]}))
    whys = [one.why.replace(MARK, "") for one in laid.told if one.kind == "counter"]
    said = "It has come to 7. Once it is brought in, say so: !custom count x 7"
    assert whys == [said] * is_told


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("(count) runs", "$(count) runs"),
        ("(count 0) runs", "$(getcount) runs"),
        ("(count 1 run) runs", "$(count run +1) runs"),
        ("(count -1 run) runs", "$(count run -1) runs"),
    ],
)
def test_phantombots_counters_count_by_as_much(text: str, ours: str) -> None:
    rows = [{"table": "command", "key": "run", "value": text}]
    assert command("phantombot", rows).text == ours
    unknown = [{"table": "command", "key": "run", "value": "(count reset run)"}]
    assert "(count reset run)" in command("phantombot", unknown).foreign


def test_firebots_count_counts() -> None:
    effects = {"list": [{"type": "firebot:chat", "message": "Run $count times"}]}
    found = command("firebot", {"1": of_firebot(effects=effects, count=3)})
    assert (found.text, found.foreign, found.counted) == ("Run $(count) times", "", 3)


@pytest.mark.parametrize("form", ["firebot", "phantombot", "streamlabs-chatbot", "yagpdb"])
def test_a_text_that_is_long_takes_no_time(form: str) -> None:
    """As long as a body, of brackets that begin and never end."""
    texts = [f"({'a' * 330}" * 1_500, "(a " * 160_000, "$a[" * 160_000, "{{ " * 160_000]
    for text in texts:
        began = time.thread_time()
        told = lay_over({}, (), FORMATS[form](hostile(form, ["x"], text))).told[0]
        assert time.thread_time() - began < MOST_SECONDS
        assert told.outcome is Became.NEEDS_A_LOOK
        assert "1 to 500 signs" in told.why
