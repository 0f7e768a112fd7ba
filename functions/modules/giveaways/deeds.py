"""What happens to a giveaway: closed, drawn, drawn again, claimed. Each is given it held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from functions.modules.giveaways import drawing
from functions.modules.giveaways.giveaway import (
    Drawn,
    DrawOutcome,
    Giveaway,
    GiveawayEntry,
    GiveawayStatus,
    LeftOut,
)
from functions.modules.giveaways.giveaways import Giveaways
from waddlebot.domain.accounts import Account

GRACE = timedelta(seconds=3)
"""A claim that was typed in time arrives within it."""


def close(giveaways: Giveaways, held: Giveaway) -> Giveaway:
    """Who may win is settled: nobody that is left out, and each person once, by the first entry.

    Of a person's entries the highest weight counts. What was closed already stays as it is.
    """
    if held.status is not GiveawayStatus.OPEN:
        return held
    entries = giveaways.entries
    found = entries.all_of(held)
    excluded = entries.exclusions(held)
    people = entries.people([one.account for one in found if one.account])
    left_out: dict[LeftOut, list[GiveawayEntry]] = {why: [] for why in LeftOut}
    listed: dict[str, int] = {}
    firsts: dict[int, GiveawayEntry] = {}
    for one in found:
        why = excluded.get(one.account) if one.account else None
        person = people.get(one.account) if one.account else None
        if why:
            left_out[LeftOut.BANNED if why == "banned" else LeftOut.EXCLUDED].append(one)
        elif person is not None and person in firsts:
            first = firsts[person]
            left_out[LeftOut.LINKED].append(one)
            entries.count_more(first, one.weight)
            listed[first.entry] = max(listed[first.entry], one.weight)
        else:
            listed[one.entry] = one.weight
            if person is not None:
                firsts[person] = one
    for reason, these in left_out.items():
        entries.leave_out(these, reason)
    return giveaways.close(held, drawing.hash_list(listed.items()))


def draw(giveaways: Giveaways, held: Giveaway, *, now: datetime) -> tuple[Giveaway, list[Drawn]]:
    """As many as were promised; each is told, and has its time to claim."""
    closed = close(giveaways, held)
    drawn = giveaways.settle(closed, GiveawayStatus.DRAWN)
    winners = _draw_more(giveaways, drawn, drawn.terms.winners, now=now)
    return tell_when_settled(giveaways, drawn), winners


def pass_over(
    giveaways: Giveaways, held: Giveaway, gone: Sequence[Drawn], why: DrawOutcome, *, now: datetime
) -> tuple[Giveaway, list[Drawn]]:
    """Those who were drawn win nothing; as many others are drawn from the rest."""
    giveaways.draws.change(held, gone, why)
    winners = _draw_more(giveaways, held, len(gone), now=now)
    return tell_when_settled(giveaways, held), winners


def claim(giveaways: Giveaways, held: Giveaway, drawn: Drawn) -> Giveaway:
    giveaways.draws.change(held, [drawn], DrawOutcome.CLAIMED)
    return tell_when_settled(giveaways, held)


def tell_when_settled(giveaways: Giveaways, held: Giveaway) -> Giveaway:
    """The seed is told once nobody has to claim: before, it would say who is drawn next."""
    waits = any(one.outcome is DrawOutcome.WAITING for one in giveaways.draws.of(held))
    return held if waits or held.seed_told else giveaways.tell_seed(held)


def _draw_more(giveaways: Giveaways, held: Giveaway, count: int, *, now: datetime) -> list[Drawn]:
    """The next in the order of the seed. Who may not win any more is passed over, on record."""
    until = now + timedelta(seconds=held.terms.claim_seconds)
    winners: list[Drawn] = []
    draws = giveaways.draws.of(held)
    listed = {one.entry: one for one in giveaways.entries.all_of(held) if not one.left_out}
    ranked = drawing.rank(held.seed, [(one.entry, one.weight) for one in listed.values()])
    hindered = _Hindrances(giveaways, held, listed.values(), draws)
    for place, name in _after(ranked, len(draws)):
        if len(winners) == count:
            break
        outcome = hindered.find(listed[name]) or DrawOutcome.WAITING
        drawn = giveaways.draws.add(held, place, listed[name], outcome, until)
        if outcome is DrawOutcome.WAITING:
            hindered.add(listed[name])
            winners.append(drawn)
    for one in winners:
        giveaways.plan(held, "won", at=now, to=one.entry.later, entry=one.entry.entry)
    if winners:
        giveaways.plan(held, "claim", at=until + GRACE)
    return winners


def _after(ranked: Sequence[str], drawn: int) -> Iterator[tuple[int, str]]:
    """Who was not drawn, by place in the order."""
    return ((place, name) for place, name in enumerate(ranked, 1) if place > drawn)


class _Hindrances:
    """Why somebody who was drawn wins nothing, as it is at this moment."""

    def __init__(
        self,
        giveaways: Giveaways,
        held: Giveaway,
        listed: Iterable[GiveawayEntry],
        draws: Sequence[Drawn],
    ) -> None:
        self._excluded = giveaways.entries.exclusions(held)
        accounts = [one.account for one in listed if one.account]
        self._people: Mapping[Account, int] = giveaways.entries.people(accounts)
        self._drawn = {self._person(one.entry) for one in draws}

    def find(self, entry: GiveawayEntry) -> DrawOutcome | None:
        if entry.account is None:
            return DrawOutcome.GONE
        why = self._excluded.get(entry.account)
        if why:
            return DrawOutcome.BANNED if why == "banned" else DrawOutcome.EXCLUDED
        person = self._person(entry)
        return DrawOutcome.LINKED if person is not None and person in self._drawn else None

    def add(self, entry: GiveawayEntry) -> None:
        self._drawn.add(self._person(entry))

    def _person(self, entry: GiveawayEntry) -> int | None:
        return self._people.get(entry.account) if entry.account else None
