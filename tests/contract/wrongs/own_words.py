"""What cannot be of aliases and custom commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.contract.wrong import OTHERS_PLACE, Wrong


def _alias(say: str, name: str, text: str) -> Wrong:
    return Wrong(
        say=say,
        chat=f"!alias add {name} = {text}",
        api=("PUT", "/aliases", {"name": name, "text": text}),
        text={"aliases": {name: text}},
    )


def _alias_renamed(say: str, name: str, to: str) -> Wrong:
    return Wrong(
        say=say,
        chat=f"!alias rename {name} {to}",
        api=("PATCH", "/aliases", {"name": name, "to": to}),
    )


_HI = {"name": "hi", "text": "Hello"}


def _custom(say: str, name: str, text: str, **more: Any) -> Wrong:
    typed = f"-cd={more['cooldown_seconds']}s " if more else ""
    in_text = {"text": text, **({"cooldown": more["cooldown_seconds"]} if more else {})}
    return Wrong(
        say=say,
        chat=f"!addcom {typed}{name} {text}",
        api=("PUT", "/custom", {"name": name, "text": text, **more}),
        text={"custom": {name: in_text}},
    )


def _custom_changed(say: str, name: str, text: str = "Hello") -> Wrong:
    return Wrong(
        say=say,
        chat=f"!editcom {name} {text}",
        api=("PATCH", "/custom", {"name": name, "text": text}),
    )


NO_ALIAS = "There is no alias '{}'. See !alias list."
ALIAS_NAME = "The name of an alias is one word of at most 50 letters, digits, emoji and _."
HIDES = "{} is a command already, and no alias hides one: choose another name."
NO_CUSTOM = "There is no custom command '{}'. See !custom list."
CUSTOM_NAME = "The name of a custom command is one word of at most 50 letters, digits, emoji and _."
OF_HOUSE = "{} is a command of the house already: choose another name."
NOT_COUNTED = "No custom command counts '{}'. Write $(count) in one."
NO_STEP = "Each step of a chain is a command: '{}' is none."


WRONGS: Mapping[str, tuple[Wrong, ...]] = {
    "set_alias": (
        _alias(ALIAS_NAME, "a-b", "Hello"),
        _alias(ALIAS_NAME, "x" * 51, "Hello"),
        _alias(HIDES.format("!help"), "help", "Hello"),
        _alias(HIDES.format("!command"), "command", "!quote"),
        _alias(NO_STEP.format("then"), "hi", "!quote && then"),
        _alias("That alias would lead back to itself: !hi → !hi.", "hi", "!hi"),
        _alias("!hi would run more than 5 commands.", "hi", " && ".join(["!quote"] * 6)),
        # A text's own fields are no longer either.
        replace(_alias("An alias stands for 500 characters at most.", "hi", "x" * 501), text=None),
        _alias("There are the places $1 to $20, $2- and $*. A dollar alone is \\$.", "hi", "$99"),
    ),
    "remove_alias": tuple(
        Wrong(
            say=NO_ALIAS.format(name),
            chat=f"!alias remove {name}",
            api=("DELETE", f"/aliases?name={name}", None),
        )
        for name in ("nothing", "quote", "a-b", "1", "canary", "x" * 50)
    ),
    "rename_alias": (
        *(_alias_renamed(NO_ALIAS.format(name), name, "ho") for name in ("nothing", "quote", "1")),
        _alias_renamed(HIDES.format("!help"), "hi", "help"),
        _alias_renamed(ALIAS_NAME, "hi", "a-b"),
        _alias_renamed(ALIAS_NAME, "hi", "x" * 51),
    ),
    "set_counted": tuple(
        Wrong(say=NO_ALIAS.format(name), chat=f"!alias count {name} {number}")
        for name, number in zip(
            ("nothing", "quote", "1", "none", "a_b", "x" * 50),
            (0, 1, -1, 7, 99, 10**15),
            strict=True,
        )
    ),
    "set_custom": (
        _custom(CUSTOM_NAME, "a-b", "Hello"),
        _custom(CUSTOM_NAME, "x" * 51, "Hello"),
        _custom(OF_HOUSE.format("!help"), "help", "Hello"),
        _custom(OF_HOUSE.format("!command"), "command", "Hello"),
        _custom("A variable has no end: '$(user' lacks a ')'.", "hi", "$(user"),
        _custom("A cooldown is a day at most.", "hi", "Hello", cooldown_seconds=86_401),
        Wrong(
            say="There is no platform 'myspace'. There are twitch, discord, slack.",
            api=("PUT", "/custom", {**_HI, "when": {"platforms": ["myspace"]}}),
            text={"custom": {"hi": {"text": "Hello", "platforms": ["myspace"]}}},
        ),
        Wrong(
            say=f"{OTHERS_PLACE} is no place of this community.",
            chat=f"!addcom -when={OTHERS_PLACE} hi Hello",
            api=("PUT", "/custom", {**_HI, "when": {"places": [OTHERS_PLACE]}}),
            text={"custom": {"hi": {"text": "Hello", "places": [OTHERS_PLACE]}}},
        ),
        # A text's own fields are no longer either.
        replace(
            _custom("A custom command has 500 characters at most.", "hi", "x" * 501), text=None
        ),
    ),
    "change_custom": tuple(
        _custom_changed(NO_CUSTOM.format(name), name)
        for name in ("nothing", "quote", "a-b", "1", "canary", "x" * 50)
    ),
    "remove_custom": tuple(
        Wrong(
            say=NO_CUSTOM.format(name),
            chat=f"!delcom {name}",
            api=("DELETE", f"/custom?name={name}", None),
        )
        for name in ("nothing", "quote", "a-b", "1", "canary", "x" * 50)
    ),
    "rename_custom": tuple(
        Wrong(
            say=NO_CUSTOM.format(name),
            chat=f"!custom rename {name} ho",
            api=("PATCH", "/custom", {"name": name, "to": "ho"}),
        )
        for name in ("nothing", "quote", "a-b", "1", "canary", "x" * 50)
    ),
    "set_custom_count": tuple(
        Wrong(
            say=NOT_COUNTED.format(name),
            chat=f"!custom count {name} {number}",
            api=("PUT", "/custom/counters", {"counter": name, "counted": number}),
        )
        for name, number in zip(
            ("nothing", "quote", "1", "none", "a_b", "x" * 50),
            (0, 1, -1, 7, 99, 10**15),
            strict=True,
        )
    ),
}
