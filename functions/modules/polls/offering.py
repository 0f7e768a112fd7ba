"""What people press to vote; typing does the same."""

from __future__ import annotations

from functions.modules.polls.ballot import Poll
from functions.modules.polls.choosing import list_relevant
from functions.modules.polls.polling import Polls
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Button, Buttons, Call, Chat, Option, Role, Select, Terms
from waddlebot_sdk.asks import MOST_BUTTONS, MOST_MINUTES

_TERMS = Terms(role=Role.USER, minutes=MOST_MINUTES)


def with_options(call: Call, text: str, poll: Poll) -> Buttons | Select | Chat:
    """Buttons, a menu where those are too few; a chat of lines has the numbers in the text."""
    options = [f"{number} {label}" for number, label in enumerate(poll.options, 1)]
    if not find_abilities(call.entity.platform).has_buttons:
        return Chat(text)
    if len(options) <= MOST_BUTTONS:
        buttons = tuple(
            Button(label, "vote", f"{poll.number}.{index}") for index, label in enumerate(options)
        )
        return Buttons(text, buttons, _TERMS, needed=False)
    choices = tuple(Option(label, str(index)) for index, label in enumerate(options))
    return Select(text, "vote", choices, str(poll.number), _TERMS, placeholder="Vote")


def how_to_vote(call: Call, polls: Polls, poll: Poll) -> str:
    """What is typed before a choice: the poll's number where another one would be meant."""
    meant = list_relevant(call, polls)
    is_meant = len(meant) == 1 and meant[0].number == poll.number
    return "vote" if is_meant else f"vote #{poll.number}"
