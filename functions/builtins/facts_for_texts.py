"""Asks for what a text of a custom command needs, before it is said: each kind in one trip."""

from __future__ import annotations

import logging

from functions.builtins.tools import Deciding
from waddlebot.domain.accounts import Account
from waddlebot.domain.custom_facts import OF_POINTS, Fact, Facts
from waddlebot.domain.custom_variables import needs_of
from waddlebot.domain.errors import Unavailable
from waddlebot.stores.reputation import Reputation
from waddlebot_sdk import Call

log = logging.getLogger(__name__)


def ask_facts(text: str, call: Call, tools: Deciding) -> Facts:
    """Never raises: for what could not be asked for, the text says why."""
    needs = needs_of(text)
    if not needs & OF_POINTS or call.user is None:
        return Facts()
    community, account = tools.session.community, Account(call.entity.platform, call.user.id)
    reputation = Reputation(tools.postgres, version=community.version)
    try:
        standing = reputation.standing(community.id, account, ranked=Fact.RANK in needs)
    except Unavailable as away:
        log.warning("points are not known", extra={"error": str(away)})
        return Facts(why=dict.fromkeys(OF_POINTS, "not known for the moment"))
    return Facts(standing=standing)
