"""A token that a platform refuses is looked up anew at once, and the gateway goes on with it.

Real gateway processes, at a keeper of secrets and at stand-ins that refuse as the platforms do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis
from aiohttp import web

from gateway_bot.changed_secrets import LEAST_SECONDS, ChangedSecrets
from tests.helpers.gateway_process import gateway, variables_of
from tests.helpers.lambda_stand_in import lambda_stand_in
from tests.helpers.patience import BUSY_SECONDS
from tests.helpers.secrets_stand_in import UNDER, SecretsManager, secrets_manager
from tests.helpers.senders import a_reply
from tests.helpers.servers import Urls
from tests.helpers.serving import serving
from tests.helpers.slack_socket import TOKEN as SLACK_TOKEN
from tests.helpers.slack_socket import slack_stand_in
from tests.helpers.twitch_stand_in import twitch_stand_in
from waddlebot.domain.entities import EntityId
from waddlebot.runtime import kept_secrets
from waddlebot.runtime.environment import Environment, KeptSecrets
from waddlebot.stores.keys import Partitions
from waddlebot.stores.streams import ReplyStream

PATIENCE_SECONDS = 2 * BUSY_SECONDS
"""Less than the five minutes after which all secrets are looked at anyway."""
OLD, NEW = "the-token-of-before", "the-token-of-now"


async def until(is_so: Callable[[], bool], said: Path) -> None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not is_so():  # noqa: ASYNC110 - it may change at many places
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(end_of(said)) from None


def end_of(said: Path) -> str:
    return said.read_text()[-4_000:]


@contextmanager
def a_gateway(urls: Urls, keeper: SecretsManager, said: Path, **told: str) -> Iterator[None]:
    """Those in capitals are kept; their values are what it finds there."""
    with lambda_stand_in(lambda _door: None) as router, said.open("w") as log:
        names = [name for name in told if name.endswith("_TOKEN")]
        keeper.keep(**{name: told[name] for name in names})
        variables = {**variables_of(urls, router), **told, **keeper.environment(*names)}
        # Moto is the keeper of secrets, and no Lambda.
        with gateway(variables, said=log.fileno()):
            yield


def begun(said: Path) -> int:
    return said.read_text().count('"gateway started"')


def test_a_connection_whose_token_was_revoked_is_made_with_the_one_that_was_set_meanwhile(
    database_urls: Urls, streams: redis.Redis, tmp_path: Path
) -> None:
    assert streams
    said = tmp_path / "gateway.log"

    async def go(keeper: SecretsManager) -> None:
        async with slack_stand_in() as slack, twitch_stand_in(token=OLD) as twitch:
            told = {
                "SLACK_APP_TOKEN": SLACK_TOKEN,
                "SLACK_API_URL": f"{slack.url}/api",
                "TWITCH_CHANNELS": "1001",
                "TWITCH_USER_TOKEN": OLD,
                "TWITCH_CLIENT_ID": "client",
                "TWITCH_BOT_USER_ID": "99",
                "TWITCH_API_URL": f"{twitch.url}/helix",
                "TWITCH_EVENTSUB_URL": f"{twitch.url}/ws",
            }
            with a_gateway(database_urls, keeper, said, **told):
                await until(lambda: slack.open_sockets() == 1 and bool(twitch.kinds()), said)

                slack.token = "xapp-2"
                keeper.change("SLACK_APP_TOKEN", "xapp-2")
                sockets = len(slack.sockets)
                await slack.sockets[-1].close()  # the next one is refused: invalid_auth
                await until(lambda: len(slack.sockets) > sockets and bool(twitch.kinds()), said)
                await until(lambda: begun(said) == 2, said)

                await until(lambda: bool(twitch.open_sockets()), said)
                twitch.token = NEW
                keeper.change("TWITCH_USER_TOKEN", NEW)
                twitch.subscriptions.clear()
                for socket in twitch.sockets:
                    await socket.close()  # subscribing again is refused: 401
                await until(lambda: bool(twitch.kinds()), said)
                assert begun(said) == 3

    with secrets_manager() as (keeper, _):
        asyncio.run(go(keeper))


@dataclass(slots=True, kw_only=True)
class TurningDiscord:
    """Its REST API, which refuses the token of before at `path`, and at that moment it is set
    anew; elsewhere it is not well."""

    path: str
    keeper: SecretsManager
    refused: int = 0
    taken: list[tuple[str, Any]] = field(default_factory=list)
    """What came with the token of now."""

    async def answer(self, request: web.Request) -> web.Response:
        if request.headers.get("authorization") == f"Bot {NEW}":
            body = await request.json() if request.can_read_body else None
            self.taken.append((request.path, body))
            return web.json_response({"id": "1"})
        if not request.path.endswith(self.path):
            return web.Response(status=503)
        self.refused += 1
        self.keeper.change("DISCORD_TOKEN", NEW)
        return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)


@asynccontextmanager
async def turning_discord(path: str, keeper: SecretsManager) -> AsyncIterator[tuple[Any, str]]:
    discord = TurningDiscord(path=path, keeper=keeper)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", discord.answer)
    async with serving(app, []) as url:
        yield discord, url


@pytest.mark.parametrize("path", ["/users/@me", "/messages"])
def test_discord_is_entered_and_spoken_to_with_the_token_that_was_set_meanwhile(
    database_urls: Urls, streams: redis.Redis, tmp_path: Path, path: str
) -> None:
    """A reply that met the old one is said with the new one, once."""
    said = tmp_path / "gateway.log"

    async def go(keeper: SecretsManager) -> None:
        async with turning_discord(path, keeper) as (discord, url):
            told = {"DISCORD_TOKEN": OLD, "DISCORD_API_URL": url}
            reply = a_reply("said once", entity=EntityId("discord:channel:9/100"))
            ReplyStream(streams, Partitions()).append([reply])
            with a_gateway(database_urls, keeper, said, **told):
                await until(lambda: any(at.endswith("/users/@me") for at, _ in discord.taken), said)
                await until(lambda: bool(texts_in(discord)), said)
            assert discord.refused
            assert texts_in(discord) == ["said once"]
            assert begun(said) == 2

    def texts_in(discord: TurningDiscord) -> list[str]:
        return [body["content"] for at, body in discord.taken if at.endswith("/messages")]

    with secrets_manager() as (keeper, _):
        asyncio.run(go(keeper))


def test_a_secret_that_stays_wrong_is_looked_at_now_and_then_and_nothing_begins_anew(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    now = 0.0

    async def go(keeper: SecretsManager, stop: Callable[[], None]) -> None:
        nonlocal now
        environment = Environment(
            KeptSecrets({"DISCORD_TOKEN": f"secretsmanager:{UNDER}DISCORD_TOKEN"}),
            ("DISCORD_TOKEN",),
        )
        changed = ChangedSecrets(environment, clock=lambda: now)
        ending = asyncio.ensure_future(changed.wait())
        assert await asyncio.gather(*(changed.doubt() for _ in range(20))) == [False] * 20
        keeper.change("DISCORD_TOKEN", NEW)
        now = LEAST_SECONDS - 1
        assert not await changed.doubt(), "it was looked at a moment ago"
        now = LEAST_SECONDS
        assert await changed.doubt()
        await asyncio.wait_for(ending, BUSY_SECONDS)

        assert kept_secrets.read_secret(f"{UNDER}DISCORD_TOKEN", seconds=300) == NEW
        again = ChangedSecrets(environment, clock=lambda: now)
        stop()
        assert not await again.doubt()

    with secrets_manager() as (keeper, server):
        for name, value in keeper.environment().items():
            monkeypatch.setenv(name, value)
        keeper.keep(DISCORD_TOKEN=OLD)
        asyncio.run(go(keeper, server.stop))
    assert caplog.text.count("secrets changed") <= 1
    assert NEW not in caplog.text
