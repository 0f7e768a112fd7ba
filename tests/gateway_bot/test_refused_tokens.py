"""What a platform refuses stands in the claims, where `waddlebot claims` reads it; the gateway
goes on. A real process, whose tokens nobody takes."""

from __future__ import annotations

import asyncio
import subprocess

import psycopg
import redis

from tests.helpers.gateway_process import gateway, variables_of
from tests.helpers.lambda_stand_in import lambda_stand_in
from tests.helpers.servers import Urls
from tests.helpers.slack_socket import slack_stand_in
from tests.helpers.stand_ins import served
from tests.helpers.twitch_stand_in import twitch_stand_in

PATIENCE_SECONDS = 30.0
WORDS = {
    "discord": "DISCORD_TOKEN must be the bot's current token",
    "slack": "SLACK_APP_TOKEN must be the app's own token",
    "twitch": "Twitch refuses TWITCH_USER_TOKEN",
}


def test_each_refused_token_is_told_with_what_it_carries(
    database_urls: Urls, streams: redis.Redis
) -> None:
    assert streams

    def troubles() -> dict[str, str]:
        with psycopg.connect(database_urls["DATABASE_URL"]) as connection:
            return dict(
                connection.execute(
                    "SELECT platform, trouble FROM coordination WHERE trouble <> ''"
                ).fetchall()
            )

    async def go() -> None:
        async with slack_stand_in() as slack, twitch_stand_in(token="another") as twitch:
            with served() as front, lambda_stand_in(lambda _door: None) as router:
                told = {
                    "DISCORD_TOKEN": "old",
                    "DISCORD_API_URL": front.environment["DISCORD_API_URL"],
                    "SLACK_APP_TOKEN": "xapp-old",
                    "SLACK_API_URL": f"{slack.url}/api",
                    "TWITCH_CHANNELS": "1001",
                    "TWITCH_USER_TOKEN": "old",
                    "TWITCH_CLIENT_ID": "client",
                    "TWITCH_BOT_USER_ID": "99",
                    "TWITCH_API_URL": f"{twitch.url}/helix",
                    "TWITCH_EVENTSUB_URL": f"{twitch.url}/ws",
                }
                variables = {**variables_of(database_urls, router), **told}
                with gateway(variables, said=subprocess.DEVNULL) as process:
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        while (found := await asyncio.to_thread(troubles)).keys() != WORDS.keys():  # noqa: ASYNC110
                            await asyncio.sleep(0.1)
                    for platform, words in WORDS.items():
                        assert words in found[platform]
                    assert process.poll() is None

    asyncio.run(go())
