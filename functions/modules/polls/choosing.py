"""Which poll is meant: by its number, the one of this place, or the only one."""

from __future__ import annotations

from functions.modules.polls import refusals, texts, typed
from functions.modules.polls.ballot import Poll
from functions.modules.polls.people import may_moderate, this_place
from functions.modules.polls.polling import Polls
from waddlebot_sdk import Call, NotUnderstood


def find_number(call: Call, polls: Polls, number: int) -> Poll:
    """Raises NotUnderstood: there is none."""
    found = polls.find(call.community.id, number)
    if found is None:
        raise NotUnderstood(refusals.no_such(number))
    return found


def list_relevant(call: Call, polls: Polls) -> list[Poll]:
    """Those that were opened here, else all that are open in the community."""
    community = call.community.id
    return polls.list_open(community, here=this_place(call).entity) or polls.list_open(community)


def hold_chosen(call: Call, polls: Polls, number: str) -> Poll:
    """Open and held until the transaction ends.

    Raises:
        NotUnderstood: there is none, it is over, or it is to be said which.
    """
    return hold_open(call, polls, typed.read_number(number) if number.strip() else None)


def hold_open(call: Call, polls: Polls, number: int | None) -> Poll:
    """As `hold_chosen`, by its number."""
    number = _only_one(call, polls) if number is None else number
    held = polls.hold(call.community.id, number)
    if held is None:
        raise NotUnderstood(refusals.no_such(number))
    if not held.is_open:
        raise NotUnderstood(refusals.not_open(held))
    return held


def _only_one(call: Call, polls: Polls) -> int:
    """Raises NotUnderstood: there is none, or it is to be said which."""
    found = list_relevant(call, polls)
    if not found:
        raise NotUnderstood(texts.none_open(may_open=may_moderate(call)))
    if len(found) > 1:
        raise NotUnderstood(texts.several(found))
    return found[0].number
