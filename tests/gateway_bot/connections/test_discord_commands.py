from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway_bot.connections.discord_commands import (
    NotRegistered,
    Registry,
    keep_registered,
    register,
)
from tests.helpers.stand_ins import TOKEN, Front, front
from waddlebot.platforms.discord.registering import Offered, slash_commands
from waddlebot.stores.postgres import Postgres

__all__ = ["front"]  # a fixture

APPLICATION = "123456789012345678"
ROLL = Offered(module="roll", path="roll", usage="roll [dice]", summary="Roll dice.")


def a_registry(front: Front, *, token: str = TOKEN) -> Registry:
    url = front.environment["DISCORD_API_URL"]
    return Registry(token=token, application=APPLICATION, api_url=url)


def test_a_list_is_written_once(front: Front) -> None:
    registry, wanted = a_registry(front), slash_commands([ROLL])

    async def scenario() -> tuple[bool, bool, list[str]]:
        first, second = await register(registry, wanted), await register(registry, wanted)
        return first, second, [one["name"] for one in await registry.call("GET")]

    assert asyncio.run(scenario()) == (True, False, ["waddlebot", "roll"])


def test_a_refusal_has_discords_words(front: Front) -> None:
    with pytest.raises(NotRegistered, match="401: Unauthorized"):
        asyncio.run(register(a_registry(front, token="old"), slash_commands([ROLL])))


def test_the_command_table_is_what_is_registered(front: Front, database: Postgres) -> None:
    registry = a_registry(front)

    async def scenario() -> list[str]:
        keeping = asyncio.create_task(keep_registered(registry, database))
        found: list[dict[str, Any]] = []
        for _ in range(100):
            if found := await registry.call("GET"):
                break
            await asyncio.sleep(0.05)
        keeping.cancel()
        return [one["name"] for one in found]

    assert asyncio.run(scenario()) == ["waddlebot"]
