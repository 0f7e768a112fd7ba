"""What modules keep about a person: told and forgotten by the modules themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.runtime.invoke import Invoker
from waddlebot.runtime.module_transactions import PERSONAL_DATA_SECONDS
from waddlebot.stores.postgres import Postgres


def keepers(postgres: Postgres) -> list[str]:
    """Our own modules that run as functions; a stranger's is given nothing to keep."""
    rows = postgres.write(
        """
        SELECT DISTINCT location_url FROM commands
        WHERE is_active AND type = 'lambda' AND location = 'internal' ORDER BY location_url
        """
    )
    return [row["location_url"] for row in rows]


def told_by_modules(
    invoke: Invoker,
    modules: Sequence[str],
    communities: Sequence[CommunityId],
    account: Account,
) -> dict[str, list[Any]]:
    """By module. Raises Unavailable: one of them does not answer."""
    return {
        module: [
            {"community_id": community, **record}
            for community in communities
            for record in _ask(invoke, module, "export", community, account)["records"]
        ]
        for module in modules
    }


def forgotten_by_modules(
    invoke: Invoker,
    modules: Sequence[str],
    communities: Sequence[CommunityId],
    account: Account,
) -> int:
    """How many things they forgot. Raises Unavailable, as above: asked again it goes on."""
    return sum(
        int(_ask(invoke, module, "erase", community, account)["erased"])
        for module in modules
        for community in communities
    )


def _ask(
    invoke: Invoker, module: str, verb: str, community: CommunityId, account: Account
) -> dict[str, Any]:
    asked = {
        "verb": verb,
        "community_id": community,
        "platform": account.platform,
        "user_id": account.user_id,
    }
    deadline = datetime.now(UTC) + timedelta(seconds=PERSONAL_DATA_SECONDS)
    payload = msgspec.json.encode({"personal_data": asked})
    told: dict[str, Any] = msgspec.json.decode(invoke.call(module, payload, deadline=deadline))
    return told
