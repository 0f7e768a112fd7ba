"""Being in, and claiming what one won: typed or pressed, once a person on all platforms."""

from __future__ import annotations

from functions.modules.giveaways import deeds, texts
from functions.modules.giveaways.giveaway import DrawOutcome
from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.people import asking_entrant, labels_of
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command

MOST_ENTRIES = 10_000


@command(
    "enter",
    "Be in for what is given away.",
    example="enter",
    also=("giveaway enter", "giveaway join", "giveaways enter", "raffle enter", "raffle join"),
)
def enter(call: Call, giveaways: Giveaways) -> Answer:
    running = giveaways.find_running(call.community.id)
    number = running.number if running else None
    return Chat(_entered(call, giveaways, number), private=True)


@command(
    "claim",
    "Say that you are there, when you were drawn.",
    example="claim",
    also=("giveaway claim", "giveaways claim", "raffle claim"),
)
def claim(call: Call, giveaways: Giveaways) -> Answer:
    person = asking_entrant(call)
    accounts = giveaways.entries.accounts_of(person.platform, person.id)
    numbers = giveaways.draws.numbers_won(call.community.id, accounts)
    held = giveaways.hold(call.community.id, numbers[0]) if numbers else None
    if held is None:
        raise NotUnderstood(texts.nothing_to_claim())
    mine = [one for one in giveaways.draws.of(held) if one.entry.account in set(accounts)]
    waiting = next((one for one in mine if one.outcome is DrawOutcome.WAITING), None)
    if waiting is None:
        is_mine = any(one.outcome is DrawOutcome.CLAIMED for one in mine)
        say = texts.claimed_already if is_mine else texts.claimed_too_late
        raise NotUnderstood(say(held))
    is_excluded = giveaways.entries.is_excluded(held, person, accounts)
    if call.occurred_at > waiting.claim_until or is_excluded:
        raise NotUnderstood(texts.claimed_too_late(held))
    return Chat(texts.claimed(deeds.claim(giveaways, held, waiting), waiting))


def entered_by_button(call: Call, giveaways: Giveaways) -> Answer:
    """What came of it is for whoever pressed."""
    return Chat(_entered(call, giveaways, int(call.data["context"])), private=True)


def _entered(call: Call, giveaways: Giveaways, number: int | None) -> str:
    """Refused or counted, and told which. Raises NotUnderstood: none runs, or not for this one."""
    held = giveaways.hold(call.community.id, number) if number else None
    if held is None:
        raise NotUnderstood(texts.none_runs())
    entries, by = giveaways.entries, asking_entrant(call)
    accounts = entries.accounts_of(by.platform, by.id)
    mine = next(iter(entries.of_person(held, accounts)), None)
    if not held.takes_entries(call.occurred_at):
        return texts.too_late_to_enter(held, is_in=mine is not None and not mine.left_out)
    is_moderator = call.user is not None and call.user.role.covers(Role.MODERATOR)
    if held.terms.without_moderators and is_moderator:
        raise NotUnderstood(texts.not_for_moderators(held))
    if entries.is_excluded(held, by, accounts):
        raise NotUnderstood(texts.may_not_enter(held))
    weight = held.terms.weight_of(labels_of(call))
    if mine:
        entries.count_more(mine, weight)
        mine = next(iter(entries.of_person(held, accounts)))
        return texts.is_in(held, mine)
    if entries.count(held) >= MOST_ENTRIES:
        raise NotUnderstood(texts.is_full(held, MOST_ENTRIES))
    return texts.entered(held, entries.add(held, by, weight, now=call.occurred_at))


COMMANDS = (enter, claim)
