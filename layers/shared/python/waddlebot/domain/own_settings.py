"""What a community sets for itself, and what it may be; the same in chat, API and text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from waddlebot.domain.custom_fetching import joined_setting, read_setting
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.giving import MOST_GIVING, USUAL_GIVING, read_points
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.sessions import MOST_KEEP_DAYS, USUAL_KEEP_DAYS
from waddlebot_sdk.times import read_length

Value = str | int
MOST_DECAY = 50
ON, OFF = "on", "off"

# Letters would be words of a chat, `/` and `#` are taken, `@` and `<` are platforms'.
_PREFIX = re.compile(r"[!?.,;:+~$%&*=^-]{1,3}")
_DAYS = re.compile(r"[0-9]{1,2}")
_DAY_SECONDS = 24 * 60 * 60
_GROUP_ID = re.compile(r"(?:<!subteam\^)?(S(?=[A-Z]*[0-9])[A-Z0-9]{2,20})(?:\|[^<>]*)?>?", re.ASCII)
_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,20}", re.ASCII)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([a-z]{2}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSetting:
    """`read` raises Refusal, and takes what people type; `key` is its name on the wire.

    `joined` makes of what it was and of what is typed all that is meant by that.
    """

    key: str
    read: Callable[[str], Value]
    usual: Value
    joined: Callable[[str, str], str] | None = None


def _wrong(key: str, say: str) -> Refusal:
    return Refusal(say, Because.WRONG, code="INVALID_SETTING", field=key)


def _read_prefix(text: str) -> str:
    if not _PREFIX.fullmatch(text):
        raise _wrong(
            "prefix", "A prefix is one to three signs, such as ! or ?, and not /, #, @ or <."
        )
    return text


def _read_days(text: str) -> int:
    days = _days_of(text.strip().lower())
    if days is None or not 0 <= days <= MOST_KEEP_DAYS:
        raise _wrong(
            "keep_days", f"Say for how many days: 0 for nothing, at most {MOST_KEEP_DAYS}."
        )
    return days


def _days_of(text: str) -> int | None:
    """`7`, `7d`, `a week`: whole days; a number alone is of days here."""
    if text in {"nothing", "none"}:
        return 0
    if _DAYS.fullmatch(text):
        return int(text)
    days, rest = divmod(read_length(text) or 0, _DAY_SECONDS)
    return days if days and not rest else None


def _read_time_zone(text: str) -> str:
    found = _time_zones().get(text.lower().replace(" ", "_"))
    if found is None:
        raise _wrong(
            "time_zone", f"'{text[:40]}' is no time zone. Say it like Europe/Berlin or UTC."
        )
    return found


@cache
def _time_zones() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _read_language(text: str) -> str:
    found = _LANGUAGE.fullmatch(text)
    if found is None:
        raise _wrong("language", "Say a language like en, de or pt-BR.")
    return found[1].lower() + (f"-{found[2].upper()}" if found[2] else "")


def _read_switch(text: str) -> str:
    """`true` and `false` are how TOML says it."""
    said = {"on": ON, "yes": ON, "true": ON, "off": OFF, "no": OFF, "false": OFF}.get(text.lower())
    if said is None:
        raise _wrong("offers", "Say on, or off where another bot listens to the same prefix.")
    return said


def _read_group(text: str) -> str:
    """A group's id, or its handle; as a mention it has its id in it."""
    found = _GROUP_ID.fullmatch(text.strip())
    if found is not None:
        return found[1].upper()
    handle = text.strip().removeprefix("@").lower()
    if text.strip() and not _HANDLE.fullmatch(handle):
        raise _wrong("moderator_group", "Say a user group of Slack's, like @mods or S0614TZR7.")
    return f"@{handle}" if handle else ""


def _read_giving(text: str) -> int:
    """Points that one person may give in a day; `on` is as usual."""
    typed = text.strip().lower()
    if typed in {ON, "yes", "true"}:
        return USUAL_GIVING
    if typed in {OFF, "no", "false", "nothing"}:
        return 0
    points = read_points(typed)
    if points is None or points > MOST_GIVING:
        raise _wrong(
            "giving",
            f"Say how many points one person gives a day: off, or at most {MOST_GIVING:,}.",
        )
    return points


def _read_decay(text: str) -> int:
    """Percent of everybody's points that fade each week."""
    typed = text.strip().lower().removesuffix("%").strip()
    if typed in {OFF, "no", "false", "nothing"}:
        return 0
    if not _DAYS.fullmatch(typed) or int(typed) > MOST_DECAY:
        raise _wrong(
            "decay", f"Say how many percent of points fade each week: off, or 1 to {MOST_DECAY}."
        )
    return int(typed)


OWN_SETTINGS = {
    setting.key: setting
    for setting in (
        OwnSetting(key="prefix", read=_read_prefix, usual=USUAL_PREFIX),
        OwnSetting(key="keep_days", read=_read_days, usual=USUAL_KEEP_DAYS),
        OwnSetting(key="time_zone", read=_read_time_zone, usual="UTC"),
        OwnSetting(key="language", read=_read_language, usual="en"),
        OwnSetting(key="offers", read=_read_switch, usual=ON),
        OwnSetting(key="moderator_group", read=_read_group, usual=""),
        OwnSetting(key="giving", read=_read_giving, usual=USUAL_GIVING),
        OwnSetting(key="decay", read=_read_decay, usual=0),
        OwnSetting(key="fetch", read=read_setting, usual="", joined=joined_setting),
    )
}
