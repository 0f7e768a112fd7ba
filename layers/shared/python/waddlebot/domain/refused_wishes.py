"""What a module wished besides answering and was not done: kept with the record of its call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.wishes import May

_UNDONE: Mapping[May, str] = {
    May.ANNOUNCE: "announce it",
    May.DELETE: "delete the line",
    May.REACT: "react to the line",
    May.SAY_ELSEWHERE: "say it elsewhere",
    May.SHOUT_OUT: "give the shoutout",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedWish:
    """`why` is the second half of a sentence."""

    wish: May
    why: str

    def to_row(self) -> dict[str, str]:
        return {"wish": self.wish.value, "why": self.why}


def say_refused(refused: Sequence[RefusedWish]) -> str:
    """`I did not announce it: this is private talk.`"""
    return " ".join(f"I did not {_UNDONE[one.wish]}: {one.why}." for one in refused)


def tell_refused(rows: Sequence[Mapping[str, str]]) -> str:
    """The same of what was recorded: `!why`, and for the operator."""
    told = (f" It did not {one['wish'].replace('_', ' ')}: {one['why']}." for one in rows)
    return "".join(told)


def not_declared(module: str) -> str:
    return f"{module} does not declare that it may"


def not_granted(module: str) -> str:
    how = say_command(f"module install {module}")
    return f"that is up to the owner of this community, who types {how}"


def unknown_there(platform: str) -> str:
    return f"{platform} knows nothing of the kind"


def no_place_of_ours(place: str) -> str:
    return f"{place} is no place of this community"


PRIVATE = "this is private talk"
NO_LINE = "there is no line to do it to"
NO_CHANNEL = (
    "what happens to a whole server has no channel; name one with "
    f"{say_command('settings set events #channel')}"
)
NOBODY_KNOWS = "nobody could say just now whose place that is"
HELD_BACK = "a rule here forbids what the module would say"
SILENT_THERE = "it is switched off in that place"
