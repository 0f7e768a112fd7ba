"""Asks for what a text of a custom command needs, before it is said: each kind in one trip."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Protocol

from functions.builtins.tools import Deciding, WithClock
from waddlebot.domain.accounts import Account
from waddlebot.domain.custom_facts import (
    OF_ANSWERS,
    OF_LINES,
    OF_POINTS,
    OF_TWITCH,
    Fact,
    Facts,
    StreamFacts,
)
from waddlebot.domain.custom_fetching import Allowed, fetch_of, read_allowed
from waddlebot.domain.custom_meanings import Calling
from waddlebot.domain.custom_stream import channel_named, say_another
from waddlebot.domain.custom_texts import Variable, in_its_place
from waddlebot.domain.custom_variables import asked_in, needs_of, what_it_needs
from waddlebot.domain.errors import Refusal, Unavailable
from waddlebot.domain.fetches import Fetch, Fetched
from waddlebot.domain.twitch_silences import NO_SUCH, UNSAID
from waddlebot.stores.lines_lately import LinesLately
from waddlebot.stores.reputation import Reputation
from waddlebot_sdk import Call

NOT_NOW = "not known for the moment"
NO_LINES = "no earlier line is kept here"

log = logging.getLogger(__name__)


class Others(Protocol):
    """Other functions, asked; nothing here raises."""

    def stream(self, wanted: Sequence[str]) -> StreamFacts | str:
        """What Twitch says of the channel where this is said, or in half a sentence why nobody
        knows. It may take three seconds.
        """
        ...

    def stream_at(
        self, channel: str, wanted: Sequence[str], *, user: str = "", login: str = ""
    ) -> StreamFacts | str:
        """The same of a channel by its id; whether somebody follows it, by their id or login."""
        ...

    def stream_of(self, login: str) -> StreamFacts | str:
        """The same of any channel, by its login."""
        ...

    def quote(self, call: Call, typed: str) -> Fetched: ...
    def fetched(self, fetches: Sequence[Fetch]) -> Sequence[Fetched]: ...


@dataclass(frozen=True, kw_only=True)
class FactTools(Deciding, WithClock):
    """What is asked."""

    others: Others


def ask_facts(text: str, calling: Calling, call: Call, tools: FactTools) -> Facts:
    """Never raises: for what could not be asked for, the text says why."""
    needs, facts = needs_of(text), Facts()
    if needs & OF_POINTS and call.user is not None:
        facts = _with_points(facts, needs, call, tools)
    if needs & OF_LINES:
        facts = _with_lines(facts, needs, call, tools)
    if wanted := needs & OF_TWITCH:
        facts = _with_stream(facts, wanted, tools)
    if needs & OF_ANSWERS:
        asked = asked_in(text, replace(calling, facts=facts))
        facts = replace(facts, answers=_answers(asked, calling, call, tools))
    return facts


def _with_points(facts: Facts, needs: AbstractSet[Fact], call: Call, tools: FactTools) -> Facts:
    community, account = tools.session.community, _account(call)
    reputation = Reputation(tools.postgres, version=community.version)
    try:
        standing = reputation.standing(community.id, account, ranked=Fact.RANK in needs)
    except Unavailable as away:
        log.warning("points are not known", extra={"error": str(away)})
        return _without(facts, OF_POINTS, NOT_NOW)
    return replace(facts, standing=standing)


def _with_lines(facts: Facts, needs: AbstractSet[Fact], call: Call, tools: FactTools) -> Facts:
    community, entity = tools.session.community.id, tools.session.spot.entity
    lines = LinesLately(postgres=tools.postgres, community=community, entity=entity)
    try:
        if Fact.LATELY in needs and call.user is not None:
            lately = lines.last_of(_account(call), before=call.occurred_at)
            facts = _without(replace(facts, lately=lately), {Fact.LATELY}, NO_LINES)
        if Fact.CHATTERS in needs:
            facts = replace(facts, chatters=lines.chatters(now=tools.now))
    except Unavailable as away:
        log.warning("lines are not known", extra={"error": str(away)})
        return _without(facts, OF_LINES, NOT_NOW)
    return facts


def _with_stream(facts: Facts, wanted: AbstractSet[Fact], tools: FactTools) -> Facts:
    told = tools.others.stream(sorted(wanted))
    if isinstance(told, str):
        return _without(facts, OF_TWITCH, told)
    facts = _without(facts, OF_TWITCH, UNSAID)
    return replace(facts, stream=told, why={**facts.why, **told.why})


def _answers(
    asked: Mapping[Variable, str], calling: Calling, call: Call, tools: FactTools
) -> Mapping[Variable, str]:
    answers, fetches = dict[Variable, str](), dict[Variable, Fetch]()
    allowed = _allowed(tools.session.community.fetch)
    for variable, given in asked.items():
        needs = what_it_needs(variable)
        if needs is Fact.QUOTE:
            answers[variable] = _said(tools.others.quote(call, given))
            continue
        if needs is Fact.OTHER_CHANNEL:
            answers[variable] = _of_another(given, calling, tools)
            continue
        try:
            fetches[variable] = fetch_of(variable, given, calling, allowed)
        except Refusal as refusal:
            answers[variable] = in_its_place(refusal.say)
    if fetches:
        fetched = tools.others.fetched(list(fetches.values()))
        answers |= {one: _said(told) for one, told in zip(fetches, fetched, strict=True)}
    return answers


def _of_another(given: str, calling: Calling, tools: FactTools) -> str:
    login = channel_named(given)
    told = tools.others.stream_of(login) if login else NO_SUCH
    return in_its_place(told) if isinstance(told, str) else say_another(calling, given, told)


def _allowed(text: str) -> Allowed:
    try:
        return read_allowed(text)
    except Refusal:  # of another release
        return Allowed()


def _said(fetched: Fetched) -> str:
    return in_its_place(fetched.why) if fetched.why else fetched.text


def _account(call: Call) -> Account:
    return Account(call.entity.platform, call.user.id if call.user else "")


def _without(facts: Facts, those: AbstractSet[Fact], why: str) -> Facts:
    return replace(facts, why={**facts.why, **dict.fromkeys(those, why)})
