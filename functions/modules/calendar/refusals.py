"""What is said where something cannot be done, and what to type instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from functions.modules.calendar.texts import (
    EXAMPLE,
    LIST,
    because,
    cut,
    named,
    named_with_time,
    rule_of,
)
from waddlebot_sdk import say_command
from waddlebot_sdk.shown import Shown, show_time

if TYPE_CHECKING:
    from functions.modules.calendar.gathering import Gathering


def no_such(number: int) -> str:
    return f"There is no event #{number}. See them: {LIST}"


def not_open(gathering: Gathering) -> str:
    if gathering.status == "pending":
        return f"{named(gathering)} still waits for a moderator."
    return f"{named(gathering)} is {gathering.status}{because(gathering)}."


def began(gathering: Gathering) -> str:
    return f"{named(gathering)} has begun already, {show_time(gathering.at)}."


def not_pending(gathering: Gathering) -> str:
    return f"{named(gathering)} waits for nobody: it is {gathering.status}."


def not_yours(gathering: Gathering) -> str:
    by = gathering.created_by_name or "whoever added it"
    return f"Only {by} and moderators change {named(gathering)}."


def was_read(part: str) -> str:
    return f"A moderator has approved it as it is: ask one to change the {part}."


def too_few_seats(taken: int) -> str:
    come = "1 person comes" if taken == 1 else f"{taken} people come"
    return f"{come} already: there cannot be fewer seats."


def too_many_open(most: int) -> str:
    return f"{most} events are planned already. Cancel one first: {LIST}"


def too_many_pending(most: int) -> str:
    return f"{most} events of yours wait for a moderator already."


def no_number(typed: str) -> str:
    return f"'{cut(typed)}' is no number of an event. {LIST} shows them, for example #3."


def no_list(typed: str) -> str:
    return f"'{cut(typed)}' is no list. There are: coming, pending, rejected, cancelled."


def no_feed() -> str:
    feed, new = say_command("event feed"), say_command("event feed new")
    return f"{feed} says your address again, {new} gives you another one."


def no_part(typed: str, parts: Sequence[str]) -> str:
    return f"An event has no '{cut(typed)}' to change. It has: {', '.join(parts)}."


def no_time() -> str:
    return (
        "When is it? Begin with that, such as friday 20:00, in 2 hours or 2026-12-24 18:00, then "
        f"say what it is. Example: {EXAMPLE}"
    )


def no_title() -> str:
    return f"What is it? Say that behind the time. Example: {EXAMPLE}"


def too_far() -> str:
    return "That is too far away: an event is two years ahead at most."


def no_seats(typed: str, most: int) -> str:
    return f"'{cut(typed)}' is no number of seats. Say 1 to {most}, or none."


def too_many_details() -> str:
    example = 'event add friday 20:00 "Game night" "Bring snacks" Discord 8'
    return (
        "Behind the title stand what it is about, the place and the seats, each in quotes where "
        f"it has several words. Example: {say_command(example)}"
    )


def too_long(characters: int, most: int) -> str:
    return f"That is {characters} characters long; at most {most} can be kept."


def no_draft(number: int) -> str:
    return f"#{number} waits for no answer any more. See what is planned: {LIST}"


def which_date(gathering: Gathering) -> str:
    number = gathering.number
    move = say_command(f"event move {number} friday to saturday 20:00")
    return (
        f"{named(gathering)} comes back, {rule_of(gathering)}: say which date, such as {move} or "
        f"{say_command(f'event cancel {number} friday')}"
    )


def not_that_day(gathering: Gathering, day: datetime) -> str:
    return (
        f"{named(gathering)} is not on {show_time(day, Shown.DAY)}; "
        f"the next is {show_time(gathering.at)}."
    )


def comes_once(gathering: Gathering) -> str:
    cancel = say_command(f"event cancel {gathering.number}")
    return f"{named_with_time(gathering)}, comes once. All of it: {cancel}"


def never_comes() -> str:
    return "It would never come: look at its end."


def no_time_of_series() -> str:
    example = say_command("event add every friday 20:00 Game night")
    return f"At what time? Say it behind the days. Example: {example}"


def no_times(most: int) -> str:
    return f"Something comes back 1 to {most} times."


def ends_before() -> str:
    return "It would end before it begins."


def no_rule() -> str:
    example = say_command("event add every friday 20:00 Game night")
    return (
        "How does it come back? Every friday, every mon and thu, every 2 weeks on friday, every "
        f"2nd tuesday, every 15th; then its time. Example: {example}"
    )


def one_end() -> str:
    return "It ends behind so many times, or on a day: say one of both."


def ends_too_late(years: int) -> str:
    return f"It ends {years} years after it begins at most. Leave its end out, and it goes on."


def no_interval(most: int) -> str:
    return f"Every 1 to {most} days, weeks, months or years."


def no_such_day(typed: str) -> str:
    return f"No month has a day {typed}."
