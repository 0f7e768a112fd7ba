"""Every sentence about reminders; nothing here decides anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions.modules.memories.texts import BETWEEN, cut
from waddlebot_sdk import say_command
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import show_time
from waddlebot_sdk.times import say_length

if TYPE_CHECKING:  # types alone: what they are made of has sentences to say from here
    from functions.modules.memories.reminders import Reminder

DAILY = say_command("remind every day 9:00 drink water")


def will_remind(when: str) -> str:
    return f"I will remind you {when}."


def reminder(reminder: Reminder) -> str:
    return f"⏰ Reminder for {reminder.user_name}: {reminder.words}"


def called(reminder: Reminder) -> str:
    """Without its words, where they may not be said."""
    return f"your reminder #{reminder.number}, asked for at {show_time(reminder.asked_at)}"


def reminders(open_ones: list[Reminder], page: int, *, now: datetime, again: str, room: int) -> str:
    lines = [f"#{one.number} {_due(one, now)}: {cut(one.words)}{_again(one)}" for one in open_ones]
    pages = Pages(again=again, room=room, heading="Your reminders: ", between=BETWEEN, end="")
    return pages.say(lines, page)


def no_reminders() -> str:
    return f"You have no reminders. Set one: {say_command('remind 10m stretch')}"


def forgotten(reminder: Reminder) -> str:
    return f"Reminder #{reminder.number} is off: {cut(reminder.words)}"


def no_reminder(number: int) -> str:
    return f"You have no reminder #{number}. See yours: {say_command('reminders')}"


def snoozed(reminder: Reminder, when: str) -> str:
    return f"I will remind you again {when}: {cut(reminder.words)}"


def nothing_to_snooze() -> str:
    return f"I reminded you of nothing yet. Yours are here: {say_command('reminders')}"


def no_snooze(typed: str) -> str:
    return f"'{cut(typed)}' is no time. Example: {say_command('snooze 10m')}"


def no_words_to_remind() -> str:
    return f"And of what? Example: {DAILY}"


def too_often() -> str:
    return (
        "What comes again comes every hour at most. "
        f"Example: {say_command('remind every 2 hours stretch')}"
    )


def one_day_each() -> str:
    return (
        "One day at a time: set one for each. "
        f"Example: {say_command('remind every monday 20:00 stream')}"
    )


def not_so_seldom(most: int, unit: str) -> str:
    return f"Every 1 to {most} {unit}s can be said. Example: {DAILY}"


def not_so_many_times(most: int, typed: int) -> str:
    how = say_command("remind every 2 hours stretch, 5 times")
    return f"1 to {most} times can be said, not {typed}. Example: {how}"


def not_how_long() -> str:
    return f"Say at what time it comes first, not how long that takes. Example: {DAILY}"


def never_comes() -> str:
    return (
        "It would never come: its first time is after its end, or more than a year away. "
        f"Example: {say_command('remind every day 9:00 drink water until 24 dec')}"
    )


def too_many_repeated(most: int) -> str:
    return (
        f"You have {most} reminders that come again already. Drop one first: "
        f"{say_command('forget <number>')}"
    )


def _again(reminder: Reminder) -> str:
    return f" ({reminder.repeat.said()})" if reminder.repeat else ""


def _due(reminder: Reminder, now: datetime) -> str:
    """How long it takes; from a day on when it is."""
    left = reminder.remind_at - now
    if left >= timedelta(days=1):
        return show_time(reminder.remind_at)
    return f"in {say_length(left.total_seconds(), at_most=2)}"


def no_time() -> str:
    return (
        "I need a time first, such as 10m, 2h30m, 3 days or tomorrow 9:00, then what to say. "
        f"Example: {say_command('remind 10m stretch your legs')}"
    )


def too_soon_or_late() -> str:
    return (
        "I can remind you after 10 seconds at the soonest and after a year at the latest. "
        f"Example: {say_command('remind 10m stretch your legs')}"
    )


def too_many_reminders(most: int) -> str:
    return f"You have {most} reminders already. Drop one first: {say_command('forget <number>')}"
