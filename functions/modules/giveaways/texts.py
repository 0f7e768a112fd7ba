"""Every sentence that people read; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from waddlebot_sdk import say_command
from waddlebot_sdk.shown import show_time
from waddlebot_sdk.times import say_length

if TYPE_CHECKING:
    from functions.modules.giveaways.giveaway import Drawn, Giveaway, GiveawayEntry

BETWEEN = " · "
MOST_CUT = 40
MOST_LOST, MOST_SHOWN = 3, 10
"""So many are named who won nothing: a message of Twitch has 500 characters, an answer three."""
ENTER = say_command("enter")
CLAIM = say_command("claim")
DRAW = say_command("giveaway draw")
CLOSE = say_command("giveaway close")
SHOW = say_command("giveaway")
START = say_command('giveaway start "A fish" for 10m winners 2 claim 5m subs x2')
VERBS = ("start", "draw", "close", "cancel", "reroll", "exclude", "proof")


def named(giveaway: Giveaway) -> str:
    return f"#{giveaway.number} {giveaway.terms.prize}"


def begins(giveaway: Giveaway) -> str:
    """What holds for it, and the hash that its seed is bound to."""
    return (
        f"🎁 Giveaway {named(giveaway)}. {ENTER} to be in, once a person on all platforms. "
        f"{_terms(giveaway)}. The seed's SHA-256 is {giveaway.commitment}"
    )


def shows(giveaway: Giveaway, entries: int, *, takes_entries: bool) -> str:
    start = f"🎁 {named(giveaway)}{BETWEEN}"
    if takes_entries:
        return f"{start}{_people(entries)} in. {ENTER}! {_terms(giveaway)}."
    return f"{start}entries are closed, {_people(entries)} in. {_drawn_when(giveaway)}."


def shows_drawn(giveaway: Giveaway, drawn: Sequence[Drawn]) -> str:
    """Who won first; all that were drawn stand on the page."""
    holding = [one for one in drawn if one.holds]
    others = [one for one in drawn if not one.holds]
    shown = others[: max(0, MOST_SHOWN - len(holding))]
    told = [f"{_who(one.entry)}: {one.outcome}" for one in (*holding, *shown)]
    left = len(others) - len(shown)
    more = [f"{left} more won nothing"] if left else []
    return (
        f"🎁 {named(giveaway)} was drawn{BETWEEN}{', '.join(told + more) or 'nobody was in'}. "
        f"Check it: {_proof(giveaway)}"
    )


def none_yet() -> str:
    return f"Nothing is given away. A moderator starts something: {START}"


def none_runs() -> str:
    return f"No giveaway runs now. See the last one: {SHOW}"


def entered(giveaway: Giveaway, entry: GiveawayEntry) -> str:
    return (
        f"You are in for {named(giveaway)}{_counts(entry.weight)}, as entry {entry.entry}. "
        f"{_drawn_when(giveaway)}; if you are drawn, type {CLAIM}."
    )


def is_in(giveaway: Giveaway, entry: GiveawayEntry) -> str:
    return (
        f"You are in for {named(giveaway)} already{_counts(entry.weight)}, as entry {entry.entry}. "
        f"{_drawn_when(giveaway)}."
    )


def too_late_to_enter(giveaway: Giveaway, *, is_in: bool) -> str:
    you = "you are in" if is_in else "you are not in"
    return f"Entries of {named(giveaway)} are closed, {you}. See it: {SHOW}"


def may_not_enter(giveaway: Giveaway) -> str:
    return f"{named(giveaway)} is not open to you: a moderator left you out. Ask one why."


def not_for_moderators(giveaway: Giveaway) -> str:
    return f"{named(giveaway)} is not for moderators, as was said when it began. See it: {SHOW}"


def is_full(giveaway: Giveaway, most: int) -> str:
    return f"{named(giveaway)} has {most} entries, and takes no more. See it: {SHOW}"


def closed(giveaway: Giveaway, entries: int) -> str:
    return (
        f"Entries of {named(giveaway)} are closed, {_people(entries)} in. "
        f"{_list_of(giveaway)} Draw: {DRAW}"
    )


def closed_already(giveaway: Giveaway) -> str:
    return f"Entries of {named(giveaway)} are closed already. Draw: {DRAW}"


def drawn(giveaway: Giveaway, entries: int, winners: Sequence[Drawn]) -> str:
    """Who has to claim, and from what they were drawn."""
    if not winners:
        return f"Nobody is in for {named(giveaway)}: nothing was drawn. Start anew: {START}"
    claim = say_length(giveaway.terms.claim_seconds)
    return (
        f"🎉 {named(giveaway)} goes to {_winners(winners)}, drawn from {_people(entries)}. "
        f"{CLAIM} within {claim}! {_list_of(giveaway)} Check it: {_proof(giveaway)}"
    )


def drawn_already(giveaway: Giveaway, winners: Sequence[Drawn]) -> str:
    who = _winners(winners) or "nobody"
    return (
        f"{named(giveaway)} was drawn already: {who}. "
        f"Another one? {say_command(f'giveaway reroll {giveaway.number}')}"
    )


def drawn_again(giveaway: Giveaway, gone: Sequence[Drawn], winners: Sequence[Drawn]) -> str:
    """Who takes the place of whom."""
    lost = _winners(gone) if len(gone) <= MOST_LOST else _people(len(gone))
    if not winners:
        return f"{lost} did not get {named(giveaway)}, and nobody is left. See it: {SHOW}"
    claim = say_length(giveaway.terms.claim_seconds)
    return (
        f"{lost} did not get {named(giveaway)}: it goes to {_winners(winners)}. "
        f"{CLAIM} within {claim}!"
    )


def won(giveaway: Giveaway, winner: Drawn) -> str:
    return (
        f"🎉 {winner.entry.name}, you won {named(giveaway)}! Type {CLAIM} until "
        f"{show_time(winner.claim_until)}, or another is drawn."
    )


def called(giveaway: Giveaway) -> str:
    """Without its prize, where that may not be said."""
    return f"news of giveaway #{giveaway.number}"


def claimed(giveaway: Giveaway, winner: Drawn) -> str:
    return f"🎁 {named(giveaway)} is {winner.entry.name}'s. Check the draw: {_proof(giveaway)}"


def claimed_already(giveaway: Giveaway) -> str:
    return f"{named(giveaway)} is yours already. See it: {SHOW}"


def claimed_too_late(giveaway: Giveaway) -> str:
    return f"{named(giveaway)} was to be claimed before, and is not yours any more. See it: {SHOW}"


def nothing_to_claim() -> str:
    return f"You were not drawn in any giveaway. See what runs: {SHOW}"


def cancelled(giveaway: Giveaway) -> str:
    return f"Cancelled: {named(giveaway)}. Nobody wins. Start another: {START}"


def not_cancelled(giveaway: Giveaway) -> str:
    return f"{named(giveaway)} is {giveaway.status} already. See it: {SHOW}"


def runs_already(giveaway: Giveaway) -> str:
    cancel = say_command("giveaway cancel")
    return f"{named(giveaway)} runs already: {DRAW} or {cancel} first."


def excluded(giveaway: Giveaway, name: str) -> str:
    return f"{name} cannot win {named(giveaway)}. Go on: {DRAW}"


def excluded_already(giveaway: Giveaway, name: str) -> str:
    return f"{name} cannot win {named(giveaway)} already. Go on: {DRAW}"


def no_person(typed: str) -> str:
    example = say_command("giveaway exclude @ana")
    return f"'{cut(typed)}' is nobody that I know here. Name one person: {example}"


def not_drawn_yet(giveaway: Giveaway) -> str:
    return f"{named(giveaway)} is not drawn: {DRAW}"


def nobody_to_pass_over(giveaway: Giveaway) -> str:
    return f"Nobody holds {named(giveaway)} now. See it: {SHOW}"


def which_one(giveaway: Giveaway, winners: Sequence[Drawn]) -> str:
    again = say_command(f"giveaway reroll {winners[0].entry.entry}")
    return f"{named(giveaway)} goes to {_winners(winners)}. Say whose place, by entry: {again}"


def no_such_winner(giveaway: Giveaway, typed: str) -> str:
    return f"'{cut(typed)}' is no entry that was drawn in {named(giveaway)}. See them: {SHOW}"


def proof(giveaway: Giveaway, address: str) -> str:
    seed = "seed, " if giveaway.seed_told else ""
    return (
        f"{named(giveaway)}: its hash, {seed}entries and draws, with a script that checks them "
        f"on your own computer: {address}"
    )


def no_such(number: int | None) -> str:
    return f"There is no giveaway #{number}. See the last one: {SHOW}" if number else none_yet()


def known_verbs(typed: str) -> str:
    verbs = ", ".join(VERBS)
    return f"'{cut(typed)}' is nothing that {SHOW} does. It knows: {verbs}. Example: {START}"


def no_prize() -> str:
    return f"What is given away? Example: {START}"


def too_long(characters: int, most: int) -> str:
    return f"That is {characters} characters long; a prize has {most} at most. Example: {START}"


def not_a_term(typed: str) -> str:
    return (
        f"'{cut(typed)}' is no term. Behind the prize stand for 10m, winners 2, claim 5m, a label "
        f"with how often it counts, and no mods. Example: {START}"
    )


def no_winners(_count: int, most: int) -> str:
    return f"There can be 1 to {most} winners. Example: {START}"


def no_weight(_count: int, most: int) -> str:
    return f"An entry counts 1 to {most} times. Example: {START}"


def too_many_weights(most: int) -> str:
    return f"{most} labels at most can count more often. Example: {START}"


def no_length(typed: str, least: int, most: int) -> str:
    lengths = f"{say_length(least)} to {say_length(most)}"
    return f"'{cut(typed.strip())}' is no length of {lengths}. Example: {START}"


def no_number(typed: str) -> str:
    return f"'{cut(typed)}' is no number of a giveaway, such as #3. See the last one: {SHOW}"


def no_such_proof() -> str:
    return f"This address is none. In chat {say_command('giveaway proof')} tells the right one."


def cut(text: str) -> str:
    return text if len(text) <= MOST_CUT else f"{text[: MOST_CUT - 1]}…"


def _terms(giveaway: Giveaway) -> str:
    terms = giveaway.terms
    parts = [
        _drawn_when(giveaway),
        "1 winner" if terms.winners == 1 else f"{terms.winners} winners",
        f"{say_length(terms.claim_seconds)} to {CLAIM}",
        *(f"{label} count {count} times" for label, count in terms.weights.items()),
        *(["not for moderators"] if terms.without_moderators else []),
    ]
    return BETWEEN.join(parts)


def _drawn_when(giveaway: Giveaway) -> str:
    ends = giveaway.terms.ends_at
    return f"Drawn {show_time(ends)}" if ends else "Drawn by a moderator"


def _list_of(giveaway: Giveaway) -> str:
    return f"The list's SHA-256 is {giveaway.list_hash}"


def _winners(winners: Sequence[Drawn]) -> str:
    return ", ".join(_who(one.entry) for one in winners)


def _who(entry: GiveawayEntry) -> str:
    return f"{entry.name or 'somebody'} ({entry.entry})"


def _proof(giveaway: Giveaway) -> str:
    return say_command(f"giveaway proof {giveaway.number}")


def _counts(weight: int) -> str:
    return f", counted {weight} times" if weight > 1 else ""


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
