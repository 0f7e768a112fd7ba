"""Timers: added, listed, changed, switched, heard."""

from __future__ import annotations

from functions.modules.timers import texts, typed
from functions.modules.timers.completing import timer_names
from functions.modules.timers.kept_timers import Timer
from functions.modules.timers.said_texts import check_said, said
from functions.modules.timers.saying import plan_from_now
from functions.modules.timers.store import Timers
from waddlebot.domain.entities import EntityId
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.pages import read_page

MOST_TIMERS, MOST_TEXTS, MOST_PLACES = 50, 20, 20


@command(
    "timer add <name> <when> <text>",
    "Say a text again and again here: every 15m, after 5 lines of others, live, then the text.",
    example=texts.EXAMPLE,
    also=("timers add",),
    role=Role.MODERATOR,
    per_minute=20,
)
def add(call: Call, timers: Timers) -> Answer:
    _check_open(call)
    zone = call.community.time_zone
    wanted = typed.read_new(call.in_words(call.text), now=call.occurred_at, zone=zone)
    check_said(wanted.text)
    known = timers.list_all(call.community.id)
    if len(known) >= MOST_TIMERS:
        raise NotUnderstood(texts.too_many(MOST_TIMERS))
    made = timers.make(call.community.id, wanted.name, wanted.rhythm, wanted.text)
    if made is None:
        raise NotUnderstood(texts.is_there(wanted.name))
    plan_from_now(call, timers, made, EntityId(call.entity.id))
    return Chat(texts.added(made, unknown=_is_unknown(call, timers, made)))


@command(
    "timer list [page]",
    "List the timers, their rhythm and where they are said.",
    example="timer list",
    also=("timers", "timers list"),
    role=Role.MODERATOR,
)
def list_timers(call: Call, timers: Timers) -> Answer:
    found = timers.list_all(call.community.id)
    if not found:
        return Chat(texts.none_yet())
    again = say_command("timer list")
    page = read_page(call.arguments.get("page", ""), again=again)
    room = find_abilities(call.entity.platform).most_characters
    return Chat(texts.listed(found, call.entity.id, page, again=again, room=room))


@command(
    "timer edit <name> <change>",
    "Change how often a timer is said, or its text; a number before it means another of its texts.",
    example="timer edit socials every 30m after 10 lines",
    also=("timers edit",),
    role=Role.MODERATOR,
    per_minute=20,
    completes={"name": timer_names},
)
def edit(call: Call, timers: Timers) -> Answer:
    held = _find(call, timers)
    zone, line = call.community.time_zone, call.in_words(call.text)
    wanted = typed.read_change(line, held.rhythm, now=call.occurred_at, zone=zone)
    if not (wanted.when or wanted.text):
        raise NotUnderstood(texts.nothing_to_change(held.name))
    if wanted.text:
        timers.set_text(held.id, _number(wanted, held), check_said(wanted.text))
    if wanted.when:
        timers.change(held, wanted.rhythm)
    changed = _find(call, timers)
    for place in changed.places if wanted.when else ():
        plan_from_now(call, timers, changed, EntityId(place))
    return Chat(texts.changed(changed, unknown=_is_unknown(call, timers, changed)))


def _number(wanted: typed.WantedTimer, held: Timer) -> int:
    """Raises NotUnderstood: it has no such text, or several."""
    number = wanted.number or (1 if len(held.texts) == 1 else 0)
    if not 1 <= number <= len(held.texts):
        raise NotUnderstood(texts.which_text(held))
    return number


@command(
    "timer group <name> <text>",
    "Give a timer another text: its texts take turns.",
    example="timer group socials We stream on Fridays",
    also=("timers group",),
    role=Role.MODERATOR,
    per_minute=20,
    completes={"name": timer_names},
)
def group(call: Call, timers: Timers) -> Answer:
    held = _find(call, timers)
    _, rest = typed.take_name(call.in_words(call.text))
    text = typed.read_text(rest)
    if not text:
        raise NotUnderstood(texts.no_text())
    if len(held.texts) >= MOST_TEXTS:
        raise NotUnderstood(texts.too_many_texts(MOST_TEXTS))
    timers.set_text(held.id, len(held.texts) + 1, check_said(text))
    return Chat(texts.joined(_find(call, timers)))


@command(
    "timer on <name>",
    "Have a timer said here.",
    example="timer on socials",
    also=("timers on",),
    role=Role.MODERATOR,
    completes={"name": timer_names},
)
def switch_on(call: Call, timers: Timers) -> Answer:
    _check_open(call)
    held = _find(call, timers)
    if call.entity.id not in held.places:
        if len(held.places) >= MOST_PLACES:
            raise NotUnderstood(texts.too_many_places(MOST_PLACES))
        plan_from_now(call, timers, held, EntityId(call.entity.id))
    return Chat(texts.switched_on(held))


@command(
    "timer off <name>",
    "Have a timer no longer said here; it is kept.",
    example="timer off socials",
    also=("timers off",),
    role=Role.MODERATOR,
    completes={"name": timer_names},
)
def switch_off(call: Call, timers: Timers) -> Answer:
    held = _find(call, timers)
    timers.silence(call.community.id, held, EntityId(call.entity.id))
    return Chat(texts.switched_off(held))


@command(
    "timer delete <name>",
    "Delete a timer, in all places.",
    example="timer delete socials",
    also=("timers delete", "timer remove", "timers remove"),
    role=Role.MODERATOR,
    completes={"name": timer_names},
)
def delete(call: Call, timers: Timers) -> Answer:
    held = _find(call, timers)
    timers.delete(call.community.id, held)
    return Chat(texts.deleted(held))


@command(
    "timer test <name>",
    "Say what a timer says first, once; nothing of its rhythm changes.",
    example="timer test socials",
    also=("timers test",),
    role=Role.MODERATOR,
    per_minute=20,
    completes={"name": timer_names},
)
def test(call: Call, timers: Timers) -> Answer:
    held = _find(call, timers)
    return Chat(said(held.texts[0], call, name=held.name))


def _find(call: Call, timers: Timers) -> Timer:
    """Raises NotUnderstood: there is none of this name."""
    name, _ = typed.take_name(call.text)
    found = timers.find(call.community.id, name)
    if found is None:
        raise NotUnderstood(texts.no_such(name))
    return found


def _is_unknown(call: Call, timers: Timers, timer: Timer) -> bool:
    return timer.rhythm.live_only and timers.is_live(call.community.id) is None


def _check_open(call: Call) -> None:
    """Raises NotUnderstood: nobody else reads what is said there."""
    if call.later.get("private"):
        raise NotUnderstood(texts.not_in_private())


COMMANDS = (add, list_timers, edit, group, switch_on, switch_off, delete, test)
