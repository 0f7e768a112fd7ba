"""What moderators do: start, close, draw, cancel, draw again, leave somebody out; and a look."""

from __future__ import annotations

from datetime import datetime

from functions.modules.giveaways import deeds, texts, typed
from functions.modules.giveaways.giveaway import (
    Drawn,
    DrawOutcome,
    Giveaway,
    GiveawayStatus,
)
from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.people import asking_entrant, named_person
from waddlebot_sdk import Answer, Button, Buttons, Call, Chat, NotUnderstood, Role, Terms, command
from waddlebot_sdk.asks import MOST_MINUTES, Style


@command(
    "giveaway start <prize>",
    "Give something away; behind it: for 10m, winners 2, claim 5m, subs x2, no mods.",
    example='giveaway start "A fish" for 10m winners 2',
    also=("giveaways start", "raffle start"),
    role=Role.MODERATOR,
    per_minute=10,
)
def start(call: Call, giveaways: Giveaways) -> Answer:
    terms = typed.read_terms(call.text, now=call.occurred_at, in_words=call.in_words)
    community = call.community.id
    giveaways.lock(community)
    running = giveaways.find_running(community)
    if running:
        raise NotUnderstood(texts.runs_already(running))
    by = asking_entrant(call)
    started = giveaways.start(community, terms, by=by, now=call.occurred_at)
    if started.terms.ends_at:
        giveaways.plan(started, "end", at=started.terms.ends_at)
    return with_button(texts.begins(started), started)


@command(
    "giveaway draw",
    "Draw who wins; nobody comes in any more.",
    example="giveaway draw",
    also=("giveaways draw", "raffle draw"),
    role=Role.MODERATOR,
)
def draw(call: Call, giveaways: Giveaways) -> Answer:
    held = _hold_newest(call, giveaways)
    if held.status is GiveawayStatus.DRAWN:
        return Chat(texts.drawn_already(held, _holding(giveaways, held)))
    _check_running(held)
    return drawn_now(giveaways, held, now=call.occurred_at)


@command(
    "giveaway close",
    "Let nobody in any more; who wins is drawn later.",
    example="giveaway close",
    also=("giveaways close", "raffle close"),
    role=Role.MODERATOR,
)
def close(call: Call, giveaways: Giveaways) -> Answer:
    held = _hold_newest(call, giveaways)
    _check_running(held)
    if held.status is GiveawayStatus.CLOSED:
        return Chat(texts.closed_already(held))
    closed = deeds.close(giveaways, held)
    return Chat(texts.closed(closed, giveaways.entries.count(closed)))


@command(
    "giveaway cancel",
    "End it without a winner.",
    example="giveaway cancel",
    also=("giveaways cancel", "raffle cancel"),
    role=Role.MODERATOR,
)
def cancel(call: Call, giveaways: Giveaways) -> Answer:
    held = _hold_newest(call, giveaways)
    if not held.is_running:
        raise NotUnderstood(texts.not_cancelled(held))
    return Chat(texts.cancelled(giveaways.settle(held, GiveawayStatus.CANCELLED)))


@command(
    "giveaway reroll [whose]",
    "Draw another in somebody's place: its number, an entry, or nothing where one won.",
    example="giveaway reroll",
    also=("giveaways reroll", "raffle reroll"),
    role=Role.MODERATOR,
)
def reroll(call: Call, giveaways: Giveaways) -> Answer:
    whose = call.arguments.get("whose", "").strip().lower()
    number = giveaways.draws.find_number(call.community.id, whose)
    is_entry = number is not None
    held = _hold_newest(call, giveaways, number if is_entry else typed.read_number(whose))
    if held.status is not GiveawayStatus.DRAWN:
        raise NotUnderstood(texts.not_drawn_yet(held))
    gone = _whose_place(held, _holding(giveaways, held), whose if is_entry else "")
    drawn, winners = deeds.pass_over(
        giveaways, held, [gone], DrawOutcome.PASSED_OVER, now=call.occurred_at
    )
    return Chat(texts.drawn_again(drawn, [gone], winners))


@command(
    "giveaway exclude <person>",
    "Leave somebody out of the one that runs.",
    example="giveaway exclude @ana",
    also=("giveaways exclude", "raffle exclude"),
    role=Role.MODERATOR,
)
def exclude(call: Call, giveaways: Giveaways) -> Answer:
    person = named_person(call, call.arguments["person"])
    if person is None:
        raise NotUnderstood(texts.no_person(call.arguments["person"]))
    held = _hold_newest(call, giveaways)
    _check_running(held)
    is_new = giveaways.entries.exclude(held, person, "excluded")
    say = texts.excluded if is_new else texts.excluded_already
    return Chat(say(held, person.name))


@command(
    "giveaway proof [number]",
    "Get the page on which anybody checks a draw.",
    example="giveaway proof",
    also=("giveaways proof", "raffle proof"),
)
def proof(call: Call, giveaways: Giveaways) -> Answer:
    number = typed.read_number(call.arguments.get("number", ""))
    found = giveaways.find(call.community.id, number)
    if found is None:
        raise NotUnderstood(texts.no_such(number))
    return Chat(texts.proof(found, call.address(f"proof/{found.proof_token}")))


@command(
    "giveaway [verb]",
    "Show what is given away, or was the last time.",
    example="giveaway",
    also=("giveaways", "raffle"),
)
def show(call: Call, giveaways: Giveaways) -> Answer:
    if call.text.strip():
        raise NotUnderstood(texts.known_verbs(call.text))
    found = giveaways.find(call.community.id, None)
    if found is None:
        return Chat(texts.none_yet())
    if found.status is GiveawayStatus.CANCELLED:
        return Chat(texts.cancelled(found))
    if found.status is GiveawayStatus.DRAWN:
        return Chat(texts.shows_drawn(found, giveaways.draws.of(found)))
    takes_entries = found.takes_entries(call.occurred_at)
    entries = giveaways.entries.count(found)
    text = texts.shows(found, entries, takes_entries=takes_entries)
    return with_button(text, found) if takes_entries else Chat(text)


def with_button(text: str, giveaway: Giveaway) -> Buttons:
    """Pressing it does what typing does."""
    button = Button("I am in", "enter", str(giveaway.number), style=Style.MAIN)
    terms = Terms(role=Role.USER, minutes=MOST_MINUTES)
    return Buttons(text, (button,), terms, needed=False)


def drawn_now(giveaways: Giveaways, held: Giveaway, *, now: datetime) -> Chat:
    """What all read; those who won are called each by themselves."""
    drawn, winners = deeds.draw(giveaways, held, now=now)
    text = texts.drawn(drawn, giveaways.entries.count(drawn), winners)
    return Chat(text, called=texts.called(drawn))


def _hold_newest(call: Call, giveaways: Giveaways, number: int | None = None) -> Giveaway:
    """Held until the transaction ends. Raises NotUnderstood: there is none."""
    found = giveaways.find(call.community.id, number)
    held = giveaways.hold(call.community.id, found.number) if found else None
    if held is None:
        raise NotUnderstood(texts.no_such(number))
    return held


def _check_running(held: Giveaway) -> None:
    """Raises NotUnderstood."""
    if not held.is_running:
        raise NotUnderstood(texts.none_runs())


def _holding(giveaways: Giveaways, held: Giveaway) -> list[Drawn]:
    """Who won it, or has to claim it."""
    return [one for one in giveaways.draws.of(held) if one.holds]


def _whose_place(held: Giveaway, holding: list[Drawn], entry: str) -> Drawn:
    """Raises NotUnderstood: it is nobody, or may be several."""
    if not holding:
        raise NotUnderstood(texts.nobody_to_pass_over(held))
    if entry:
        holding = [one for one in holding if one.entry.entry == entry]
    if not holding:
        raise NotUnderstood(texts.no_such_winner(held, entry))
    waiting = [one for one in holding if one.outcome is DrawOutcome.WAITING]
    some = waiting or holding
    if len(some) > 1:
        raise NotUnderstood(texts.which_one(held, some))
    return some[0]


COMMANDS = (start, draw, close, cancel, reroll, exclude, proof, show)
