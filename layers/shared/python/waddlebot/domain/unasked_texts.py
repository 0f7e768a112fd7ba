"""Texts that the bot says without a command: which variables of custom commands stand in them."""

from __future__ import annotations

from random import Random

from waddlebot.domain.custom_meanings import CALLERS, Calling
from waddlebot.domain.custom_texts import Variable, read_text, variables_of
from waddlebot.domain.custom_variables import check_text, what_it_needs
from waddlebot.domain.entities import parse_entity
from waddlebot_sdk.calls import Call

_OF_A_LINE = frozenset(
    {
        *("touser", "userid", "userlevel", "query", "args", "querystring", "queryescape"),
        *("pathescape", "command", "msgid", "count", "getcount"),
    }
)


def needs_a_line(text: str, *, is_about_somebody: bool = False) -> str:
    """The name of the first variable that needs a line that somebody types, or what would have to
    be asked for; empty where there is none. $(user) is whom the text is about, where it is.

    Raises Refusal: a variable is none of ours, or what stands behind it makes no sense.
    """
    check_text(text)
    known = frozenset(CALLERS) if is_about_somebody else frozenset[str]()
    needing = (one for one in variables_of(read_text(text)) if _needs_more(one, known))
    return next((one.name for one in needing), "")


def calling_of(call: Call, *, name: str, user: str = "") -> Calling:
    """What such a text is told where this call is: nothing was typed, and `user` is whom it is
    about. `name` is what the text is called.
    """
    return Calling(
        command=name,
        typed="",
        user=user,
        user_id="",
        level="",
        channel=call.community.name,
        platform=call.entity.platform,
        now=call.occurred_at,
        zone=call.community.time_zone,
        chance=Random(call.execution_id),  # noqa: S311 - the same in every delivery
        count=lambda _counter, _by: 0,
        place=parse_entity(call.entity.id).channel,
    )


def _needs_more(variable: Variable, known: frozenset[str]) -> bool:
    first = variable.name.partition(".")[0]
    if variable.position or first in _OF_A_LINE or what_it_needs(variable) is not None:
        return True
    return first in CALLERS and first not in known
