"""A vote: typed or pressed, on every platform into one count."""

from __future__ import annotations

from functools import partial

from functions.modules.polls import charts, refusals, texts, typed
from functions.modules.polls.ballot import Poll
from functions.modules.polls.choosing import hold_open
from functions.modules.polls.completing import choices
from functions.modules.polls.offering import how_to_vote
from functions.modules.polls.people import asking_voter
from functions.modules.polls.polling import Polls
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, command


@command(
    "vote <choice>",
    "Vote in the open poll, by number or name; once more changes it. #3 before it names a poll.",
    example="vote 2",
    also=("poll vote",),
    completes={"choice": choices},
)
def vote(call: Call, polls: Polls) -> Answer:
    number, choice = typed.take_poll(call.arguments["choice"])
    held = _hold(call, polls, number)
    how = partial(how_to_vote, call, polls, held)
    option = typed.read_choice(call.in_words(choice), held, vote=how)
    return _cast(call, polls, held, option, in_public=True)


def pressed(call: Call, polls: Polls) -> Answer:
    """A button below a poll; what came of it is for whoever pressed."""
    number, _, option = str(call.data["context"]).partition(".")
    return _cast(call, polls, _hold(call, polls, int(number)), int(option), in_public=False)


def chosen(call: Call, polls: Polls) -> Answer:
    """The menu of a poll with many options."""
    (option,) = call.data["values"]
    held = _hold(call, polls, int(call.data["context"]))
    return _cast(call, polls, held, int(option), in_public=False)


def _hold(call: Call, polls: Polls, number: int | None) -> Poll:
    """Raises NotUnderstood: it is over, also where nobody has said so yet."""
    held = hold_open(call, polls, number)
    if call.occurred_at >= held.ends_at:
        raise NotUnderstood(refusals.just_over(held))
    return held


def _cast(call: Call, polls: Polls, held: Poll, option: int, *, in_public: bool) -> Answer:
    before = polls.votes.cast(held, asking_voter(call), option)
    said = texts.voted(held, option, before, in_public=in_public)
    chart = [] if before == option else charts.draw_soon(call, polls, held)
    return [Chat(said, private=not in_public), *chart]


COMMANDS = (vote,)
