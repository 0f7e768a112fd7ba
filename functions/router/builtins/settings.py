"""What a community sets for itself: its prefix, how long its lines are kept, time and language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from zoneinfo import available_timezones

from functions.router.destinations.builtin import BuiltinTools
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.sessions import MOST_KEEP_DAYS, USUAL_KEEP_DAYS, Community
from waddlebot.stores.communities import OURS, Communities, SettingValue
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, Module, NotUnderstood, Role, command

AS_USUAL = "usual"
# Letters would be words of a chat, `/` and `#` are taken, `@` and `<` are platforms'.
_PREFIX = re.compile(r"[!?.,;:+~$%&*=^-]{1,3}")
_DAYS = re.compile(r"([0-9]{1,2})(?:\s*(?:d|day|days))?", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([a-z]{2}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`read` raises NotUnderstood; `describe` says how it is in a community."""

    name: str
    key: str
    read: Callable[[str], SettingValue]
    usual: SettingValue
    describe: Callable[[Community], str]


def _read_prefix(text: str) -> str:
    if not _PREFIX.fullmatch(text):
        raise NotUnderstood("A prefix is one to three signs, such as ! or ?, and not / or #.")
    return text


def _read_days(text: str) -> int:
    found = _DAYS.fullmatch(text.strip())
    days = 0 if text.lower() in {"nothing", "none"} else int(found[1]) if found else -1
    if not 0 <= days <= MOST_KEEP_DAYS:
        raise NotUnderstood(f"Say for how many days: 0 for nothing, at most {MOST_KEEP_DAYS}.")
    return days


def _read_time_zone(text: str) -> str:
    found = _time_zones().get(text.lower().replace(" ", "_"))
    if found is None:
        raise NotUnderstood(f"'{text[:40]}' is no time zone. Say it like Europe/Berlin or UTC.")
    return found


@cache
def _time_zones() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _read_language(text: str) -> str:
    found = _LANGUAGE.fullmatch(text)
    if found is None:
        raise NotUnderstood("Say a language like en, de or pt-BR.")
    return found[1].lower() + (f"-{found[2].upper()}" if found[2] else "")


def _describe_days(community: Community) -> str:
    if not community.keep_days:
        return "lines of chat are not kept"
    return f"lines of chat are kept for {community.keep_days} days"


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting(
            name="prefix",
            key="prefix",
            read=_read_prefix,
            usual=USUAL_PREFIX,
            describe=lambda community: f"commands begin with {community.words.prefix}",
        ),
        Setting(
            name="keep",
            key="keep_days",
            read=_read_days,
            usual=USUAL_KEEP_DAYS,
            describe=_describe_days,
        ),
        Setting(
            name="timezone",
            key="time_zone",
            read=_read_time_zone,
            usual="UTC",
            describe=lambda community: f"the time zone is {community.time_zone}",
        ),
        Setting(
            name="language",
            key="language",
            read=_read_language,
            usual="en",
            describe=lambda community: f"modules are told to speak {community.language}",
        ),
    )
}


@command(
    "settings list",
    "Show what this community has set for itself.",
    also=("settings",),
    example="settings list",
    role=Role.MODERATOR,
)
def list_(_call: Call, tools: BuiltinTools) -> Answer:
    community = tools.session.community
    told = "; ".join(setting.describe(community) for setting in SETTINGS.values())
    return Chat(f"Here {told}. Change one: !settings set {' | '.join(SETTINGS)}")


@command(
    "settings set <name> <value>",
    "Set the prefix, for how many days lines are kept, the time zone or the language.",
    example="settings set timezone Europe/Berlin",
    role=Role.ADMIN,
)
def set_(call: Call, tools: BuiltinTools) -> Answer:
    tools.check_everywhere(Role.ADMIN, "That")
    setting = SETTINGS.get(call.arguments["name"].lower())
    if setting is None:
        raise NotUnderstood(f"There are the settings {', '.join(SETTINGS)}.")
    typed = call.arguments["value"].strip()
    value = setting.usual if typed.lower() == AS_USUAL else setting.read(typed)
    return tools.change(call, partial(_set, tools, setting, value))


def _set(tools: BuiltinTools, setting: Setting, value: SettingValue, edit: Edit) -> str:
    community, communities = tools.session.community, Communities(edit)
    before = community.settings.get(OURS, {}).get(setting.key, setting.usual)
    if value == setting.usual:
        communities.clear_setting(community.id, OURS, setting.key)
    else:
        communities.set_setting(community.id, OURS, setting.key, value)
    return f"Set: {setting.name} is {value} now, it was {before}."


MODULE: Module[BuiltinTools] = Module(
    name="settings",
    summary="What a community sets for itself.",
    commands=(list_, set_),
)
