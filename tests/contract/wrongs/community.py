"""What cannot be of a community's name, settings, points and homes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.wrong import OTHERS_PLACE, Wrong


def _name(say: str, name: str) -> Wrong:
    return Wrong(
        say=say,
        chat=f"!community name {name}",
        api=("PATCH", "", {"name": name}),
        text={"name": name},
    )


def _setting(say: str, typed: str, key: str, value: Any) -> Wrong:
    return Wrong(
        say=say,
        chat=f"!settings set {typed} {value}",
        api=("PATCH", "/settings", {key: value}),
        text={"settings": {key: value}},
    )


def _points(say: str, event: str, points: Any, chat: str | None = None) -> Wrong:
    return Wrong(
        say=say,
        chat=chat or f"!reputation points {event} {points}",
        text={"modules": {"points": {event: points}}},
    )


def _of_module(say: str, module: str, value: Any) -> Wrong:
    return Wrong(say=say, text={"modules": {module: {"key": value}}})


A_NAME = "A name is 3 to 60 letters, digits, spaces and signs such as - or &."
A_PREFIX = "A prefix is one to three signs, such as ! or ?, and not /, #, @ or <."
SOME_DAYS = "Say for how many days: 0 for nothing, at most 30."
A_LANGUAGE = "Say a language like en, de or pt-BR."
A_NUMBER = "Say a whole number, at most 10,000."


WRONGS: Mapping[str, tuple[Wrong, ...]] = {
    "name_community": (
        _name(A_NAME, "a:b"),
        _name(A_NAME, "discord:server:77"),
        _name(A_NAME, "ab"),
        _name(A_NAME, "x" * 61),
        _name(A_NAME, "-abc"),
        _name("There is a community called The canary already.", "The canary"),
        _name("There is a community called the CANARY already.", "the CANARY"),
    ),
    "change_setting": (
        _setting(A_PREFIX, "prefix", "prefix", "wb"),
        _setting(A_PREFIX, "prefix", "prefix", "/"),
        _setting(A_PREFIX, "prefix", "prefix", "!!!!"),
        _setting(SOME_DAYS, "keep", "keep_days", 31),
        _setting(SOME_DAYS, "keep", "keep_days", -1),
        _setting(
            "'Moon' is no time zone. Say it like Europe/Berlin or UTC.",
            *("timezone", "time_zone", "Moon"),
        ),
        _setting(A_LANGUAGE, "language", "language", "klingonese"),
        _setting(
            "Say a user group of Slack's, like @mods or S0614TZR7.",
            *("moderator-group", "moderator_group", "<mods>"),
        ),
    ),
    "set_points": (
        _points(A_NUMBER, "raid", 10_001),
        _points(A_NUMBER, "raid", -10_001),
        _points(A_NUMBER, "raid", 99_999_999),
        _points(A_NUMBER, "raid", "much"),
        _points(A_NUMBER, "raid", value := True, chat=f"!reputation points raid {value}"),
        Wrong(say="raid is worth what it is everywhere.", chat="!reputation points raid usual"),
    ),
    "set_module_setting": (
        _of_module("There is no module 'names'.", "names", "!quote"),
        _of_module("There is no module 'waddlebot'.", "waddlebot", "?"),
        _of_module("There is no module 'nothing'.", "nothing", 1),
        _of_module("There is no module '!quote'.", "!quote", 1),
        _of_module("A setting's number is less than 9,007,199,254,740,992.", "memories", 2**53),
        _of_module("A setting's number is less than 9,007,199,254,740,992.", "memories", -(10**40)),
    ),
    "set_moderators_channel": tuple(
        Wrong(
            say=f"{place} is no place of this community.",
            chat=f"!settings set moderators {place}",
            api=("PATCH", "/settings", {"moderators_channel": place}),
            text={"settings": {"moderators_channel": place}},
        )
        for place in (OTHERS_PLACE, "twitch", "twitch:channel:2", "x", "irc:channel:1", "1")
    ),
    "set_events_channel": tuple(
        Wrong(
            say=f"{place} is no place of this community.",
            chat=f"!settings set events {place}",
            api=("PATCH", "/settings", {"events_channel": place}),
            text={"settings": {"events_channel": place}},
        )
        for place in (OTHERS_PLACE, "twitch", "twitch:channel:2", "x", "irc:channel:1", "1")
    ),
    "set_quiet": tuple(
        Wrong(say=f"{place} is no place of this community.", text={"quiet": [place]})
        for place in (OTHERS_PLACE, "twitch", "twitch:channel:2", "x", "irc:channel:1", "1")
    ),
    "join_home": tuple(
        Wrong(
            say="That word is not known, or too old. Ask for another: !community invite",
            chat=f"!community join {word}",
        )
        for word in ("22222222", "x", "!", "ABCDEFGH", "0", "''")
    ),
}
