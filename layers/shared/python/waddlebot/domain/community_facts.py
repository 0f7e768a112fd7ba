"""All that a community decided, as facts: what two states differ in is what two dicts differ in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from waddlebot.domain import rule_sayings, sayings
from waddlebot.domain.limits import Limit
from waddlebot.domain.string_rules import StringRule
from waddlebot_sdk.own_words import in_usual_words
from waddlebot_sdk.roles import Role

Key = tuple[Any, ...]
MODERATORS_CHANNEL = "moderators_channel"
EVENTS_CHANNEL = "events_channel"
CHANNELS = (MODERATORS_CHANNEL, EVENTS_CHANNEL)
"""Settings that name a place of the community."""
Facts = Mapping[Key, Any]
"""By kind and what it is about. A rule is a key of its own, with the number 0."""


class FactKind(IntEnum):
    """In the order in which changes are made: a label is there before it hangs on anything.

    Behind each: the rest of the key, and the value.
    """

    NAME = 0  # () -> text
    SETTING = 1  # (key,) -> text or number; `moderators_channel` is one
    MODULE = 2  # (module, key) -> truth, text or number
    OFF = 3  # (command or module,) -> True
    OFF_AT = 4  # (command or module, entity) -> True
    CALLED = 5  # (command,) -> name
    RIGHT = 6  # (command,) -> Role
    LIMIT = 7  # (command, entity or None, Role, together) -> (calls, seconds)
    RULE = 8  # (StringRule,) -> its place among the rules of its priority
    QUIET = 9  # (entity,) -> True
    ROLE = 10  # (platform, user, entity or None) -> (Role, name)
    LABEL = 11  # (label,) -> colour
    LABELLED = 12  # (kind, thing, label) -> until when (ISO), or nothing
    INSTALLED = 13  # (community function,) -> what it may, in the order of the alphabet


NOT_SAID = "not said"
"""The value of what a text has installed without a word on what it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`before` is None where there was nothing, `after` where nothing is to be."""

    key: Key
    before: Any
    after: Any

    @property
    def words(self) -> str:
        """`+ rule contains “free nitro”, block`, `~ setting prefix: ! becomes ?`"""
        what = in_usual_words(_described(self.key))
        if self.before is None:
            return f"+ {what}{_value(self.key, self.after)}"
        if self.after is None:
            return f"- {what}{_value(self.key, self.before)}"
        was, becomes = _shown(self.key, self.before), _shown(self.key, self.after)
        return f"~ {what}: {was} becomes {becomes}"


def compare(before: Facts, after: Facts) -> list[Difference]:
    """What makes one the other: first what goes, then what comes, each in the order of kinds."""
    differences = [
        Difference(key=key, before=before.get(key), after=after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key) and not _is_same_rule(key, before, after)
    ]
    return sorted(differences, key=lambda one: (one.after is not None, _turn(one)))


def place_in_text(one: Difference, wanted: Facts) -> str:
    """Where it stands in the text form of `wanted`: `commands.!quote.called`, `rules[3]`."""
    kind, *about = one.key
    match kind:
        case FactKind.RULE if one.key in wanted:
            return f"rules[{wanted[one.key] + 1}]"
        case FactKind.LIMIT | FactKind.ROLE if one.key in wanted:
            alike = [key for key in wanted if key[0] is kind]
            return f"{_ROWS[kind]}[{alike.index(one.key) + 1}]"
        case FactKind.LABELLED if one.key in wanted:
            alike = [key for key in wanted if key[0] is kind and key[3] == about[2]]
            return f"labels.{about[2]}.on[{alike.index(one.key) + 1}]"
        case _:
            return _ROWS[kind].format(*about)


_ROWS = {
    FactKind.NAME: "name",
    FactKind.SETTING: "settings.{}",
    FactKind.MODULE: "modules.{}.{}",
    FactKind.OFF: "commands.{}.off",
    FactKind.OFF_AT: "commands.{}.off_in",
    FactKind.CALLED: "commands.{}.called",
    FactKind.RIGHT: "commands.{}.role",
    FactKind.LIMIT: "limits",
    FactKind.RULE: "rules",
    FactKind.QUIET: "quiet",
    FactKind.ROLE: "roles",
    FactKind.LABEL: "labels.{}.color",
    FactKind.LABELLED: "labels.{2}",
    FactKind.INSTALLED: "installed",
}


def _turn(one: Difference) -> int:
    """Labels come before what they hang on, and go after it."""
    kind = int(one.key[0])
    return -kind if one.after is None else kind


def _is_same_rule(key: Key, before: Facts, after: Facts) -> bool:
    """Where it stands among its like is no difference."""
    return key[0] is FactKind.RULE and key in before and key in after


def _described(key: Key) -> str:
    kind, *about = key
    match kind:
        case FactKind.RULE:
            return _rule(about[0])
        case FactKind.LIMIT:
            command, entity, role, together = about
            shared = ", everybody together" if together else ""
            who = "" if role is Role.USER else f", for {sayings.who_may(role)}"
            return f"limit {sayings.limited(command)}{shared}{who}{_in(entity)}"
        case FactKind.ROLE:
            platform, user, entity = about
            return f"role of {platform}:{user}{_in(entity)}"
        case FactKind.OFF_AT:
            return f"{about[0]} is off in {about[1]}"
        case FactKind.LABELLED:
            return f"label '{about[2]}' on {' '.join(filter(None, about[:2]))}"
        case _:
            return " ".join([_WORDS[kind], *map(str, about)])


_WORDS = {
    FactKind.NAME: "name",
    FactKind.SETTING: "setting",
    FactKind.MODULE: "setting of module",
    FactKind.OFF: "off",
    FactKind.CALLED: "name of",
    FactKind.RIGHT: "who may use",
    FactKind.QUIET: "quiet in",
    FactKind.LABEL: "label",
    FactKind.INSTALLED: "installed",
}


def _rule(rule: StringRule) -> str:
    told = rule_sayings.describe_rule_fully(rule).partition(": ")[2]
    says = f", says “{rule.say}”" if rule.say else ""
    return f"rule {told}{says}"


def _in(entity: str | None) -> str:
    return f" in {entity}" if entity else ""


def _value(key: Key, value: Any) -> str:
    is_told = value is True or value == () or key[0] is FactKind.RULE
    return "" if is_told else f": {_shown(key, value)}"


def _shown(key: Key, value: Any) -> str:
    match key[0]:
        case FactKind.LIMIT:
            calls, seconds = value
            return sayings.how_often(Limit(command=key[1], calls=calls, seconds=seconds))
        case FactKind.ROLE:
            role, name = value
            return f"{role.value}{f' ({name})' if name else ''}"
        case FactKind.LABELLED:
            return f"until {value}" if value else "for good"
        case FactKind.RIGHT:
            return sayings.who_may(value)
        case FactKind.INSTALLED:
            may = " and ".join(one.replace("_", " ") for one in value)
            return f"may {may}" if may else "may nothing more"
        case _:
            return str(value)
