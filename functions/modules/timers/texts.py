"""Every sentence about timers; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence

from functions.modules.timers.kept_timers import Timer
from functions.modules.timers.rhythm import TimerRhythm
from waddlebot_sdk import say_command
from waddlebot_sdk.grammar import one_word
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.times import say_length

EXAMPLE = "timer add socials every 15m after 5 lines Find us at example.org"


def rhythm(of: TimerRhythm) -> str:
    often = f"at the times of cron {of.cron}" if of.cron else f"every {say_length(of.every)}"
    lines = f"after {of.after_lines} line{'' if of.after_lines == 1 else 's'}"
    return f"{often}{_jitter(of)}, {lines} of others{', while live' if of.live_only else ''}"


def _jitter(of: TimerRhythm) -> str:
    if not of.jitter:
        return ""
    length = say_length(of.jitter)
    return f", up to {length} later" if of.cron else f", give or take {length}"


def added(timer: Timer, *, unknown: bool) -> str:
    said = f"Timer {timer.name} is said here {rhythm(timer.rhythm)}."
    return f"{said}{_live(unknown=unknown)} {_test(timer)}"


def changed(timer: Timer, *, unknown: bool) -> str:
    said = f"Timer {timer.name} is changed: {rhythm(timer.rhythm)}."
    return f"{said}{_live(unknown=unknown)} {_test(timer)}"


def _live(*, unknown: bool) -> str:
    """Of one that nobody would ever hear."""
    return " It is silent until who streams here connects their Twitch channel." if unknown else ""


def _test(timer: Timer) -> str:
    return f"Hear it: {say_command(f'timer test {timer.name}')}"


def joined(timer: Timer) -> str:
    again = say_command(f"timer group {timer.name} <text>")
    return f"Timer {timer.name} has {len(timer.texts)} texts that take turns. Add another: {again}"


def switched_on(timer: Timer) -> str:
    off = say_command(f"timer off {timer.name}")
    return f"Timer {timer.name} is said here {rhythm(timer.rhythm)}. Stop it: {off}"


def switched_off(timer: Timer) -> str:
    on = say_command(f"timer on {timer.name}")
    return f"Timer {timer.name} is not said here any more. Start it again: {on}"


def deleted(timer: Timer) -> str:
    words = one_word(timer.texts[0]) if len(timer.texts) == 1 else f"{len(timer.texts)} texts"
    return f"Timer {timer.name} is gone: {words}"


def listed(timers: Sequence[Timer], here: str, page: int, *, again: str, room: int) -> str:
    pages = Pages(again=again, room=room, heading="Timers: ", between="; ", end="")
    return pages.say([_entry(one, here) for one in timers], page)


def _entry(timer: Timer, here: str) -> str:
    more = "" if len(timer.texts) == 1 else f", {len(timer.texts)} texts"
    return f"{timer.name} {rhythm(timer.rhythm)}{more} ({_where(timer, here)})"


def _where(timer: Timer, here: str) -> str:
    others = len(timer.places - {here})
    elsewhere = f"in {others} other place{'' if others == 1 else 's'}" if others else ""
    if here not in timer.places:
        return elsewhere or "off"
    return f"here and {elsewhere}" if elsewhere else "here"


def none_yet() -> str:
    return f"No timers yet. Add one: {say_command(EXAMPLE)}"


def no_such(name: str) -> str:
    return f"There is no timer {name}. See all: {say_command('timer list')}"


def is_there(name: str) -> str:
    return (
        f"There is a timer {name} already. Change it: {say_command(f'timer edit {name}')}, or have "
        f"it said here too: {say_command(f'timer on {name}')}"
    )


def too_many(most: int) -> str:
    return (
        f"There are {most} timers already. Delete one first: {say_command('timer delete <name>')}"
    )


def too_many_texts(most: int) -> str:
    return (
        f"A timer has {most} texts at most. Change one: {say_command('timer edit <name> 2 <text>')}"
    )


def too_many_places(most: int) -> str:
    return f"It is said in {most} places already. Stop it in one: {say_command('timer off <name>')}"


def no_name(typed: str) -> str:
    return f"'{typed[:30]}' is no name for a timer: one word. Example: {say_command(EXAMPLE)}"


def no_rhythm() -> str:
    return f"How often, and then what? Example: {say_command(EXAMPLE)}"


def no_text() -> str:
    return f"And what is to be said? Example: {say_command(EXAMPLE)}"


def too_long(most: int) -> str:
    return f"A timer says {most} characters at most. Say it shorter: {say_command(EXAMPLE)}"


def no_length(typed: str) -> str:
    return f"'{typed[:20]}' says not how often. Say 15m or 2h: {say_command(EXAMPLE)}"


def too_often_or_rare() -> str:
    return f"A timer is said every minute at most, and once a week at least: {say_command(EXAMPLE)}"


def no_cron(fields: str) -> str:
    example = say_command("timer add standup cron 0 9 * * 1-5 Good morning")
    return (
        f"'{fields[:30]}' are not five fields of cron: minute, hour, day, month, weekday. {example}"
    )


def no_lines(most: int) -> str:
    return f"After 1 to {most} lines of others, please: {say_command(EXAMPLE)}"


def no_jitter(typed: str) -> str:
    example = say_command("timer edit socials give or take 2m")
    return f"'{typed[:20]}' is no length to give or take. Example: {example}"


def too_much_jitter() -> str:
    example = say_command("timer edit socials every 15m give or take 5m")
    return f"Give or take half of its rhythm at most. Example: {example}"


def nothing_to_change(name: str) -> str:
    return f"Change what? Example: {say_command(f'timer edit {name} every 30m after 10 lines')}"


def which_text(timer: Timer) -> str:
    example = say_command(f"timer edit {timer.name} 1 <text>")
    return f"Which of its {len(timer.texts)} texts, from 1 on? Example: {example}"


def knows_nobody(variable: str) -> str:
    return (
        f"$({variable}) needs somebody who types a command, and nobody does here. "
        f"Take it out, or use $(time), $(random.pick …), $(countdown …): {say_command(EXAMPLE)}"
    )


def wrong_variable(why: str) -> str:
    return f"{why} Then say it again: {say_command(EXAMPLE)}"


def not_in_private() -> str:
    return f"Timers are said to everybody. Type it in a channel: {say_command(EXAMPLE)}"
