"""What is due: its end, a winner who is to be told, a claim that did not come; and bans."""

from __future__ import annotations

from datetime import datetime, timedelta

from functions.modules.giveaways import deeds, texts
from functions.modules.giveaways.commands import drawn_now
from functions.modules.giveaways.giveaway import DrawOutcome, Giveaway
from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.people import asking_account
from waddlebot_sdk import Answer, Call, Chat

A_CALL = timedelta(seconds=5)
"""By its deadline a module knows what time it is, as far as a call may take."""


def told_now(call: Call, giveaways: Giveaways) -> Answer:
    """What was planned comes back; it happens if it still holds."""
    held = giveaways.hold(call.community.id, int(call.data["giveaway"]))
    if held is None:
        return None
    if call.data["news"] == "end":
        return drawn_now(giveaways, held, now=_now(call)) if held.is_running else None
    if call.data["news"] == "won":
        return _told_winner(giveaways, held, str(call.data["entry"]))
    return _claims_ended(call, giveaways, held)


def banned(call: Call, giveaways: Giveaways) -> Answer:
    """Whoever is banned wins nothing of what is not settled; nothing is said of that."""
    if call.user is None:
        return None
    for number in giveaways.numbers_unsettled(call.community.id):
        held = giveaways.hold(call.community.id, number)
        if held:
            giveaways.entries.exclude(held, asking_account(call), "banned")
    return None


def _told_winner(giveaways: Giveaways, held: Giveaway, entry: str) -> Answer:
    winner = giveaways.draws.tell(held, entry)
    if winner is None:
        return None
    return Chat(texts.won(held, winner), notifies=True, called=texts.called(held))


def _claims_ended(call: Call, giveaways: Giveaways, held: Giveaway) -> Answer:
    late = [
        one
        for one in giveaways.draws.of(held)
        if one.outcome is DrawOutcome.WAITING and one.claim_until <= call.occurred_at
    ]
    if not late:
        return None
    drawn, winners = deeds.pass_over(giveaways, held, late, DrawOutcome.LATE, now=_now(call))
    return Chat(texts.drawn_again(drawn, late, winners), called=texts.called(drawn))


def _now(call: Call) -> datetime:
    """What is due says when it was to happen, and may come much later."""
    return max(call.occurred_at, call.deadline - A_CALL)
