"""Asks for what a text of a custom command needs, before it is said: each kind in one trip."""

from __future__ import annotations

import logging
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from functions.builtins.tools import Deciding, WithStream
from waddlebot.domain.accounts import Account
from waddlebot.domain.custom_facts import OF_POINTS, OF_TWITCH, Fact, Facts
from waddlebot.domain.custom_variables import needs_of
from waddlebot.domain.errors import Unavailable
from waddlebot.stores.reputation import Reputation
from waddlebot_sdk import Call

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class FactTools(Deciding, WithStream):
    """What is asked."""


def ask_facts(text: str, call: Call, tools: FactTools) -> Facts:
    """Never raises: for what could not be asked for, the text says why."""
    needs, facts = needs_of(text), Facts()
    if needs & OF_POINTS and call.user is not None:
        account = Account(call.entity.platform, call.user.id)
        facts = _with_points(facts, needs, account, tools)
    if needs & OF_TWITCH:
        facts = _with_stream(facts, tools)
    return facts


def _with_points(
    facts: Facts, needs: AbstractSet[Fact], account: Account, tools: FactTools
) -> Facts:
    community = tools.session.community
    reputation = Reputation(tools.postgres, version=community.version)
    try:
        standing = reputation.standing(community.id, account, ranked=Fact.RANK in needs)
    except Unavailable as away:
        log.warning("points are not known", extra={"error": str(away)})
        return _without(facts, OF_POINTS, "not known for the moment")
    return replace(facts, standing=standing)


def _with_stream(facts: Facts, tools: FactTools) -> Facts:
    told = tools.stream()
    if isinstance(told, str):
        return _without(facts, OF_TWITCH, told)
    silent = "Twitch does not say it"
    return replace(facts, stream=told, why={**facts.why, Fact.FOLLOWERS: silent})


def _without(facts: Facts, those: AbstractSet[Fact], why: str) -> Facts:
    return replace(facts, why={**facts.why, **dict.fromkeys(those, why)})
