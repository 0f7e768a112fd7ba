"""Every sentence that people read; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from waddlebot_sdk import say_command
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import Shown, show_time
from waddlebot_sdk.times import say_length

if TYPE_CHECKING:
    from functions.modules.polls.ballot import Poll

MOST_CUT = 40
BETWEEN = " · "
EXAMPLE = say_command('poll "What do we play?" Celeste | Hades | Tunic for 5m')
OPEN_ONE = f"Open one: {EXAMPLE}"
HISTORY = say_command("polls")


def cut(typed: str) -> str:
    return typed if len(typed) <= MOST_CUT else f"{typed[: MOST_CUT - 1]}…"


def named(poll: Poll) -> str:
    return f"Poll #{poll.number}"


def asks(poll: Poll, *, seconds: int | None, vote: str) -> str:
    """What is asked, and how to answer; `vote` is what is typed before a number."""
    return (
        f"{named(poll)}: {_question(poll)} {_numbered(poll)}. {_how(poll, vote)} {_ends(seconds)}"
    )


def standing(poll: Poll, counts: Sequence[int], *, vote: str) -> str:
    """What is asked, how it stands where that is open, and how to answer."""
    people = f"{_votes(sum(counts))} so far."
    options = _numbered(poll) if poll.is_secret else _counted(poll, counts)
    ends = f" It ends {show_time(poll.ends_at, Shown.DISTANCE)}." if poll.is_timed else ""
    return f"{named(poll)}: {_question(poll)} {options}. {people} {_how(poll, vote)}{ends}"


def also_here(poll: Poll, *, vote: str) -> str:
    return (
        f"{named(poll)} is open here too: {_question(poll)} {_numbered(poll)}. {_how(poll, vote)}"
    )


def result(poll: Poll) -> str:
    """Of what is over: who is first, then all others."""
    return f"{named(poll)} is over: {_question(poll)} {_outcome(poll)}"


def became(poll: Poll) -> str:
    """Of what was asked before, whatever came of it."""
    return cancelled(poll) if poll.status == "cancelled" else result(poll)


def cancelled(poll: Poll) -> str:
    return f"{named(poll)} was cancelled: {_question(poll)} Nothing of it counts."


def called(poll: Poll) -> str:
    """Where a rule forbids its words by now."""
    return f"the result of poll #{poll.number}"


def voted(poll: Poll, option: int, before: int | None, *, in_public: bool) -> str:
    """A secret vote is named to nobody else; `before` is what the person had chosen."""
    number = poll.number
    if poll.is_secret and in_public:
        changed = before is not None and before != option
        return f"Your vote in poll #{number} {'is changed' if changed else 'counts'}."
    chosen = poll.options[option]
    if before is None:
        return f"You vote for {chosen} in poll #{number}. Another one takes its place."
    if before == option:
        return f"You vote for {chosen} in poll #{number} already."
    return f"You vote for {chosen} in poll #{number} now, not for {poll.options[before]}."


def listed(polls: Iterable[Poll], page: int, *, again: str, room: int) -> str:
    lines = [f"#{one.number} {cut(one.question)} {_short(one)}" for one in polls]
    return Pages(again=again, room=room, heading="Polls: ", between=BETWEEN, end="").say(
        lines, page
    )


def several(polls: Sequence[Poll]) -> str:
    """Open ones, of which one is to be named."""
    lines = BETWEEN.join(f"#{one.number} {cut(one.question)}" for one in polls)
    show, vote = say_command(f"poll #{polls[0].number}"), say_command(f"vote #{polls[0].number} 1")
    return f"Open polls: {lines} — {show} shows one, {vote} votes in it."


def none_open(*, may_open: bool) -> str:
    return f"No poll is open. {OPEN_ONE if may_open else f'Earlier ones: {HISTORY}'}"


def none_yet(*, may_open: bool) -> str:
    more = OPEN_ONE if may_open else "A moderator opens one."
    return f"There was no poll yet. {more}"


def on_chart(poll: Poll, people: int) -> str:
    """As the overlay's heading; of a secret one how many voted is all that is told."""
    if poll.is_secret and poll.is_open:
        return f"{cut_question(poll)} ({_votes(people)}, secret)"
    return poll.question


def cut_question(poll: Poll) -> str:
    return poll.question if len(poll.question) <= 90 else f"{poll.question[:89]}…"


def other_options(count: int) -> str:
    return f"{count} others"


def _question(poll: Poll) -> str:
    return poll.question if poll.question[-1] in "?!.:…" else f"{poll.question}:"


def _numbered(poll: Poll) -> str:
    return BETWEEN.join(f"{number} {label}" for number, label in enumerate(poll.options, 1))


def _counted(poll: Poll, counts: Sequence[int]) -> str:
    both = enumerate(zip(poll.options, counts, strict=True), 1)
    return BETWEEN.join(f"{number} {label} ({votes})" for number, (label, votes) in both)


def _how(poll: Poll, vote: str) -> str:
    how = f"Vote: {say_command(f'{vote} 1')}."
    return f"{how} It is secret: how it stands is told at its end." if poll.is_secret else how


def _ends(seconds: int | None) -> str:
    if seconds is None:
        return f"It is open until {say_command('poll close')}."
    return f"It is open for {say_length(seconds)}."


def _votes(count: int) -> str:
    return f"{count} vote{'' if count == 1 else 's'}"


def _names(poll: Poll) -> str:
    *others, last = (poll.options[index] for index in poll.first)
    return f"{', '.join(others)} and {last}" if others else last


def _outcome(poll: Poll) -> str:
    people = sum(poll.result)
    if not people:
        return "Nobody voted."
    most = max(poll.result)
    if len(poll.first) > 1:
        first = f"{_names(poll)} share the first place with {most} of {_votes(people)} each."
    elif sum(votes == most for votes in poll.result) > 1:
        first = f"{_names(poll)} wins by lot among those with {most} of {_votes(people)} each."
    else:
        first = f"{_names(poll)} wins with {most} of {_votes(people)}."
    rest = [
        f"{label} {votes}"
        for index, (label, votes) in enumerate(zip(poll.options, poll.result, strict=True))
        if index not in poll.first
    ]
    return f"{first} {BETWEEN.join(rest)}." if rest else first


def _short(poll: Poll) -> str:
    if poll.is_open:
        return "(open)"
    if poll.status == "cancelled":
        return "(cancelled)"
    people = sum(poll.result)
    return f"{cut(_names(poll))} ({max(poll.result)} of {people})" if people else "(no votes)"
