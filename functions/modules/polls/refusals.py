"""What is said where something cannot be done, and what to type instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from functions.modules.polls.texts import BETWEEN, EXAMPLE, HISTORY, became, cut, named
from waddlebot_sdk import say_command
from waddlebot_sdk.times import say_length

if TYPE_CHECKING:
    from functions.modules.polls.ballot import Poll


def moderators_open() -> str:
    return f"Only moderators open a poll. You see what is open: {say_command('poll')}"


def open_in_public() -> str:
    return "Open it in a channel, where people can vote."


def no_question() -> str:
    return (
        "What is asked, and what can be chosen? The question stands in quotes, and | between the "
        f"options. Example: {EXAMPLE}"
    )


def too_few_options() -> str:
    return f"A poll has two options at least, with | between them. Example: {EXAMPLE}"


def too_many_options(most: int) -> str:
    return f"A poll has {most} options at most. Leave some out, and open it again."


def empty_option() -> str:
    return f"One of the options is empty. Example: {EXAMPLE}"


def twice(label: str) -> str:
    return f"'{cut(label)}' stands there twice. Leave one out, and open it again."


def like_a_number(label: str, number: int) -> str:
    return (
        f"The option '{label}' would stand as number {number}: whoever types {label} would mean "
        f"another one. Call it '{label}x' or so, or put it in place {label}."
    )


def too_long(what: str, most: int) -> str:
    return f"{what} has {most} characters at most. Say it shorter, and open it again."


def too_soon_or_late(soonest: int, longest: float) -> str:
    return f"A poll is open for {say_length(soonest)} to {say_length(longest)}. Example: {EXAMPLE}"


def too_many_open(most: int) -> str:
    return f"{most} polls are open already. Close one first: {say_command('poll close')}"


def no_number(typed: str) -> str:
    return f"'{cut(typed)}' is no number of a poll. {HISTORY} shows them, for example #3."


def no_such(number: int) -> str:
    return f"There is no poll #{number}. See them: {HISTORY}"


def not_open(poll: Poll) -> str:
    return became(poll)


def just_over(poll: Poll) -> str:
    return f"{named(poll)} has just ended, so this vote does not count. See it: {_show(poll)}"


def open_here_already(poll: Poll) -> str:
    return f"{named(poll)} is open here already. See it: {_show(poll)}"


def too_many_places(most: int) -> str:
    return f"A poll is open in {most} places at most. People elsewhere vote in it all the same."


def no_choice(typed: str, poll: Poll, vote: str) -> str:
    options = BETWEEN.join(f"{number} {label}" for number, label in enumerate(poll.options, 1))
    return (
        f"{named(poll)} has no '{cut(typed)}'. It has: {options}. Vote: {say_command(f'{vote} 1')}"
    )


def many_choices(typed: str, poll: Poll, found: list[int], vote: str) -> str:
    options = BETWEEN.join(f"{index + 1} {poll.options[index]}" for index in found)
    how = say_command(f"{vote} {found[0] + 1}")
    return f"'{cut(typed)}' may be {options}. Say its number: {how}"


def _show(poll: Poll) -> str:
    return say_command(f"poll #{poll.number}")
