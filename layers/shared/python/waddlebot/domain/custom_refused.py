"""What other bots have and nobody says here: why, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping

from waddlebot.domain.custom_meanings import CALLERS

_PROGRAM = (
    "{} runs a program, which no text here does. Write $(math 1 + 2 * $(1)) to reckon, "
    "$(if $(1) == yes then Hi else Bye) to decide, $(random.pick a b c) for one of several words, "
    "$(random 1-6) for a number, $(1|friend) for what is said where nothing is typed."
)
_NOT_YET = "{} is not known here yet. Leave it out, or write what it would say."
_ANOTHERS = "{} asks a service that nobody connects here. Write where to look: an address."
_WATCHED = (
    "{} says how long somebody has watched, which nobody counts here yet. Write $(user.points): "
    "who writes more has more."
)
WATCHED = [
    f"{who}.{name}"
    for who in CALLERS
    for name in ("time_online", "time_online_rank", "time_offline_rank")
]
_CHANGES = "{} would change the channel, and a text changes nothing. Change it on Twitch."
REFUSED: Mapping[str, str] = {
    **dict.fromkeys(("eval", "js"), _PROGRAM),
    **dict.fromkeys(("ytvideo",), _ANOTHERS),
    **dict.fromkeys(WATCHED, _WATCHED),
    **dict.fromkeys(("setgame", "settitle"), _CHANGES),
    **dict.fromkeys(
        (*("lasttip", "user", "sender", "touser", "channel", "random"),),
        _NOT_YET,
    ),
}
"""What other bots have: why it is not here, and what to write instead."""


def says_why(name: str) -> str:
    """Of a variable that is none here."""
    base = name.partition(".")[0]
    if why := REFUSED.get(name) or REFUSED.get(base):
        return why.replace("{}", f"$({name if name in REFUSED or '/' not in name else base} …)")
    return (
        f"There is no variable $({name[:30]}). There are $(user), $(touser), $(1), $(query), "
        "$(count), $(random 1-6), $(random.pick a b), $(time), $(channel) and more. "
        "A dollar before a bracket that is none: \\$("
    )
