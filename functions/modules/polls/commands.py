"""Polls: opened, shown, closed, cancelled, listed."""

from __future__ import annotations

from datetime import timedelta

from functions.modules.polls import charts, refusals, texts, typed
from functions.modules.polls.ballot import Poll
from functions.modules.polls.choosing import find_number, hold_chosen, list_relevant
from functions.modules.polls.completing import open_polls
from functions.modules.polls.offering import how_to_vote, with_options
from functions.modules.polls.people import asking_voter, may_moderate, this_place
from functions.modules.polls.polling import Polls
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.pages import read_page

MOST_OPEN, MOST_PLACES, MOST_LISTED = 5, 10, 200
LATE = timedelta(minutes=1)
"""What ends by itself has ended by then, if anybody can be told."""


@command(
    "poll [question] [options]",
    "Show the open poll; moderators open one: a question in quotes, options with | between them.",
    example='poll "What do we play?" Celeste | Hades | Tunic for 5m',
    per_minute=10,
)
def poll(call: Call, polls: Polls) -> Answer:
    if not call.text.strip():
        return _show_open(call, polls)
    number = typed.number_in(call.text)
    if number is not None:
        return _show(call, polls, find_number(call, polls, number))
    return _open(call, polls)


@command(
    "poll here [number]",
    "Ask an open poll in this place too: its buttons and its result come here as well.",
    example="poll here",
    role=Role.MODERATOR,
    completes={"number": open_polls},
)
def here(call: Call, polls: Polls) -> Answer:
    place = this_place(call)
    if place.private:
        raise NotUnderstood(refusals.open_in_public())
    held = hold_chosen(call, polls, call.arguments.get("number", ""))
    if polls.places.is_open_in(held, place.entity):
        raise NotUnderstood(refusals.open_here_already(held))
    if polls.places.count(held) >= MOST_PLACES:
        raise NotUnderstood(refusals.too_many_places(MOST_PLACES))
    polls.places.add(held, place)
    return with_options(call, texts.also_here(held, vote=how_to_vote(call, polls, held)), held)


@command(
    "poll close [number]",
    "End a poll now; its result is told in each place where it was opened.",
    example="poll close",
    also=("poll end",),
    role=Role.MODERATOR,
    completes={"number": open_polls},
)
def close(call: Call, polls: Polls) -> Answer:
    return _close(call, polls, hold_chosen(call, polls, call.arguments.get("number", "")))


@command(
    "poll cancel [number]",
    "End a poll without a result: nothing of it counts.",
    example="poll cancel",
    role=Role.MODERATOR,
    completes={"number": open_polls},
)
def cancel(call: Call, polls: Polls) -> Answer:
    held = hold_chosen(call, polls, call.arguments.get("number", ""))
    gone = polls.cancel(held)
    _told_here(call, polls, gone)
    return [Chat(texts.cancelled(gone)), charts.take_away(gone)]


@command(
    "polls [page]",
    "List polls and what came of them, the newest first.",
    example="polls",
)
def list_polls(call: Call, polls: Polls) -> Answer:
    found = polls.list_all(call.community.id, limit=MOST_LISTED)
    if not found:
        return Chat(texts.none_yet(may_open=may_moderate(call)))
    again = say_command("polls")
    page = read_page(call.arguments.get("page", ""), again=again)
    room = find_abilities(call.entity.platform).most_characters
    return Chat(texts.listed(found, page, again=again, room=room))


def _open(call: Call, polls: Polls) -> Answer:
    if not may_moderate(call):
        raise NotUnderstood(refusals.moderators_open())
    place = this_place(call)
    if place.private:
        raise NotUnderstood(refusals.open_in_public())
    is_slash = call.event_type == "slashCommand"
    ballot = typed.read_ballot(call.text, in_words=call.in_words, is_slash=is_slash)
    community = call.community.id
    number = polls.next_number(community)  # who opens one at the same moment waits here
    if len(polls.list_open(community)) >= MOST_OPEN:
        raise NotUnderstood(refusals.too_many_open(MOST_OPEN))
    now = call.occurred_at
    opened = polls.open(community, number, ballot, by=asking_voter(call), now=now)
    polls.places.add(opened, place)
    polls.note_chart(opened, shown_at=charts.time_of(call), chart_at=None)
    vote = how_to_vote(call, polls, opened)
    asked = texts.asks(opened, seconds=ballot.seconds, vote=vote)
    chart = charts.draw_open(opened, (0,) * len(opened.options))
    return [with_options(call, asked, opened), chart]


def _show_open(call: Call, polls: Polls) -> Answer:
    found = list_relevant(call, polls)
    if not found:
        return Chat(texts.none_open(may_open=may_moderate(call)))
    return _show(call, polls, found[0]) if len(found) == 1 else Chat(texts.several(found))


def _show(call: Call, polls: Polls, found: Poll) -> Answer:
    if found.is_open and call.occurred_at >= found.ends_at + LATE:
        return _end_late(call, polls, found)
    if not found.is_open:
        return Chat(texts.became(found))
    vote = how_to_vote(call, polls, found)
    return with_options(call, texts.standing(found, polls.votes.count(found), vote=vote), found)


def _end_late(call: Call, polls: Polls, found: Poll) -> Answer:
    """Nobody could be told when it ended: the module was off, or its place is elsewhere now."""
    held = polls.hold(found.community, found.number)
    if held is None or not held.is_open:
        return _show(call, polls, held or found)
    return _close(call, polls, held)


def _close(call: Call, polls: Polls, held: Poll) -> Answer:
    closed = polls.close(held)
    _told_here(call, polls, closed)
    chart = charts.draw(closed, closed.result, ends_at=charts.time_of(call))
    return [Chat(texts.result(closed)), chart]


def _told_here(call: Call, polls: Polls, settled: Poll) -> None:
    """The answer is what this place reads; all others are told by what fires there now."""
    place = this_place(call).entity
    if polls.places.tell(settled, place, at=call.occurred_at):
        polls.places.drop_end(settled, place)
    polls.places.tell_all(settled, at=call.occurred_at)


COMMANDS = (poll, here, close, cancel, list_polls)
