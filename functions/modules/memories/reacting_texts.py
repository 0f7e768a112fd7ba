"""Every sentence about reactions and pins; nothing here decides anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from functions.modules.memories.kept import Memory
from functions.modules.memories.texts import BETWEEN, cut, line
from waddlebot.platforms.emoji_names import find_emoji
from waddlebot_sdk import say_command
from waddlebot_sdk.pages import Pages

REACTIONS = {"like": "👍", "love": "❤", "laugh": "😂", "helpful": "💡"}
PIN = "📌"
OWN_LINE = "Others decide whether a line of yours is kept. Pin one of somebody else's."
_BY_SIGN = {sign: name for name, sign in REACTIONS.items()}
_DRESS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|:skin-tone-[2-6]:$")
"""In which colours it is drawn is nobody's difference; Slack says that behind its name."""


def sign_of(text: str) -> str:
    """👍 of 👍🏽, `:+1:` and `:+1::skin-tone-4:`; what is no sign stays as it is."""
    return _DRESS.sub("", find_emoji(_DRESS.sub("", text.strip())))


def reaction_of(text: str) -> str | None:
    """`like`, `Like` or 👍, as every platform writes it; None where it is none."""
    word = sign_of(text.lower())
    name = _BY_SIGN.get(word, word.removesuffix("s"))
    return name if name in REACTIONS else None


def behind(counts: Mapping[str, int]) -> str:
    """` (👍 2, 😂 1)`, or nothing."""
    told = [f"{sign} {counts[name]}" for name, sign in REACTIONS.items() if counts.get(name)]
    return f" ({', '.join(told)})" if told else ""


def turned(number: int, reaction: str, counts: Mapping[str, int], *, is_given: bool) -> str:
    done = "for" if is_given else "taken back from"
    return f"{REACTIONS[reaction]} {done} #{number}.{behind(counts)}"


def top(found: Sequence[tuple[Memory, int]], page: int, *, again: str, room: int) -> str:
    lines = [f"{line(memory)} ({voters})" for memory, voters in found]
    pages = Pages(again=again, room=room, heading="Most liked: ", between=BETWEEN, end="")
    return pages.say(lines, page)


def nothing_liked() -> str:
    return f"Nobody reacted to anything yet. Be the first: {say_command('memories react 3 like')}"


def no_reaction(typed: str) -> str:
    known = ", ".join(f"{name} {sign}" for name, sign in REACTIONS.items())
    how = say_command("memories react 3 laugh")
    return f"'{cut(typed)}' is none of: {known}. Example: {how}"


def pinned(pins: int, needed: int) -> str:
    left = needed - pins
    return f"📌 {pins} of {needed}: {left} more, and that line is kept as a quote."


def no_line_to_pin(platform: str) -> str:
    if platform == "slack":
        return f"Slack does not tell me which line you answer. React to it with {PIN} instead."
    return f"Answer the line that you want kept with {say_command('pin')}."


def put_away() -> str:
    how = say_command("addquote")
    return f"That line was a quote, and a moderator deleted it. One of them may keep it anew: {how}"


def pins_are_off() -> str:
    return (
        "Pins keep no lines here. An admin says how many it takes: pins = 3 under "
        "[modules.memories] in the community's text."
    )
