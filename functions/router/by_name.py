"""What the bot says calls people by their names, also where their ids stand in a text.

What is recorded keeps the ids: they name somebody for good, and are what is erased.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

import msgspec

from functions.router.acquaintances import (
    Acquaintances,
    WantedPeople,
    account_of,
    patience_for,
    server_of,
)
from functions.router.mentioned import Mentions
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import platform_of
from waddlebot.domain.outcomes import Outcome
from waddlebot.platforms import find_abilities
from waddlebot_sdk.overlay_words import word_details, words_of

MOST_NAMED = 20
"""Of a batch that nothing is known of: a platform answers only so often."""


def say_names(
    outcomes: Sequence[Outcome], acquaintances: Acquaintances, mentions: Mentions
) -> list[Outcome]:
    """The same outcomes; nothing is asked where no text holds an id.

    Of those whom a text names those are told who are of the place where it is said.
    """
    named = {number: _named_in(outcome) for number, outcome in enumerate(outcomes)}
    everybody = {
        account: server_of(outcome.session.event)
        for number, outcome in enumerate(outcomes)
        for account in named[number]
    }
    if not everybody:
        return list(outcomes)
    known = acquaintances.remembered(everybody)
    speakers = {account_of(outcome.session.event) for outcome in outcomes}
    # Who speaks here was asked about already, if at all.
    unknown = [one for one in everybody if one not in known.people and one not in speakers]
    patience = patience_for(outcome.session.event for outcome in outcomes)
    if unknown and patience.total_seconds() > 0:
        asked = {one: everybody[one] for one in islice(unknown, MOST_NAMED)}
        wanted = WantedPeople(people=asked)
        known = known.with_more(acquaintances.ask(wanted, patience))
    return [
        _by_name(outcome, mentions.told_to(outcome.session, known, named[number]))
        if named[number]
        else outcome
        for number, outcome in enumerate(outcomes)
    ]


def _named_in(outcome: Outcome) -> dict[Account, None]:
    return {one: None for text in _texts(outcome) for one in _accounts(text, outcome)}


def _texts(outcome: Outcome) -> Iterator[str]:
    for reply in outcome.replies:
        yield reply.text
        yield from reply.listing.texts() if reply.listing else ()
    for push in outcome.overlay_pushes:
        yield from words_of(push.content)


def _accounts(text: str, outcome: Outcome) -> Iterator[Account]:
    platform = platform_of(outcome.session.spot.entity)
    for pattern in filter(None, _ids_on(platform)):
        yield from (Account(platform, found[1]) for found in pattern.finditer(text))


def _by_name(outcome: Outcome, names: Mapping[Account, str]) -> Outcome:
    platform = platform_of(outcome.session.spot.entity)
    mentioned, bare = _ids_on(platform)

    def named(value: str) -> str:
        if mentioned is None or bare is None:
            return value
        return bare.sub(_name(platform, names), mentioned.sub(_name(platform, names, "@"), value))

    return replace(
        outcome,
        replies=tuple(
            msgspec.structs.replace(
                one,
                text=named(one.text),
                listing=one.listing.reworded(named) if one.listing else None,
            )
            for one in outcome.replies
        ),
        overlay_pushes=tuple(
            replace(one, content=word_details(one.content, named)) for one in outcome.overlay_pushes
        ),
    )


def _name(
    platform: str, names: Mapping[Account, str], sign: str = ""
) -> Callable[[re.Match[str]], str]:
    """What stands for a found id; where there is no name it stays."""

    def name(found: re.Match[str]) -> str:
        called = names.get(Account(platform, found[1]), "")
        return f"{sign}{called}" if called else found[0]

    return name


@cache
def _ids_on(platform: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """Mentions, and ids as words of their own, where a platform's events carry ids alone.

    Behind the word "id" the id itself is meant.
    """
    abilities = find_abilities(platform)
    if not abilities.asks_with or abilities.account_id is None:
        return None, None
    bare = rf"(?<![\w/<&=.-])(?<!\bid )({abilities.account_id.pattern})(?![\w/=-])"
    return abilities.person, re.compile(bare, re.ASCII)
