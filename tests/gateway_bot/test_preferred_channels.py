"""Which channels a gateway carries that has room for few: real processes, at a stand-in that says
what is on air."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest
import redis

from functions.router.directory import Directory
from tests.helpers.gateway_process import gateway, variables_of
from tests.helpers.lambda_stand_in import Door, LambdaStandIn, lambda_stand_in
from tests.helpers.operations_api import ask
from tests.helpers.operations_room import environment, logging_restored
from tests.helpers.patience import BUSY_SECONDS
from tests.helpers.servers import Urls
from tests.helpers.twitch_stand_in import TOKEN, TwitchStandIn, twitch_stand_in
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.custom.deeds import set_custom
from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.domain.custom_whens import When
from waddlebot.domain.entities import EntityId
from waddlebot.stores.keys import gateways_alive, place_version
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

__all__ = ["environment", "logging_restored"]

CHANNELS = ("1001", "1002", "1003")
PREFER = "POST /api/operations/claims/prefer"
CLAIMS = "GET /api/operations/claims"
MORE_LOOKS = 3
"""So many in which nothing moves; each says anew until when its gateway lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    urls: Urls
    router: LambdaStandIn
    twitch: TwitchStandIn
    running: list[int] = field(default_factory=list)
    """Numbers of processes, the newest last: what one held that was killed is held by nobody."""

    @contextmanager
    def gateway(self, *, most: int) -> Iterator[None]:
        variables = {
            **variables_of(self.urls, self.router),
            "TWITCH_CLIENT_ID": "client",
            "TWITCH_BOT_USER_ID": "99",
            "TWITCH_API_URL": f"{self.twitch.url}/helix",
            "TWITCH_EVENTSUB_URL": f"{self.twitch.url}/ws",
            "TWITCH_CHANNELS": " ".join(CHANNELS),
            "TWITCH_USER_TOKEN": TOKEN,
            "MAX_CLAIMS": str(most),
        }
        with gateway(variables, said=subprocess.DEVNULL) as process:
            self.running.append(process.pid)
            yield

    def held(self) -> set[str]:
        with psycopg.connect(self.urls["DATABASE_URL"]) as connection:
            rows = connection.execute(
                """
                SELECT channel_id FROM coordination WHERE platform = 'twitch'
                    AND split_part(claimed_by, ':', 2) = %s AND channel_id = ANY(%s)
                """,
                [str(self.running[-1]), list(CHANNELS)],
            ).fetchall()
        return {name for (name,) in rows}

    async def holds(self, *channels: str) -> bool:
        """Soon, and then it stays so."""
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                while self.held() != set(channels):  # noqa: ASYNC110 - of another process
                    await asyncio.sleep(0.1)
        except TimeoutError:
            return False
        await self._looks_again()
        return self.held() == set(channels)

    async def _looks_again(self) -> None:
        lives_until: set[float] = set()
        with redis.Redis.from_url(self.urls["VALKEY_STREAMS_URL"]) as streams:
            async with asyncio.timeout(BUSY_SECONDS):
                while len(lives_until) <= MORE_LOOKS:
                    for name, until in streams.zscan_iter(gateways_alive()):
                        if name.split(b":")[1] == str(self.running[-1]).encode():
                            lives_until.add(until)
                    await asyncio.sleep(0.05)

    def heard(self) -> list[str]:
        return [
            event["text"] for seen in self.router.seen for event in json.loads(seen.body)["events"]
        ]


@asynccontextmanager
async def carrying(urls: Urls, *live: str) -> AsyncIterator[Carried]:
    def route(door: Door) -> None:
        events = json.loads(door.stand_in.seen[-1].body)["events"]
        door.says({"results": [{"standing": "ours"}] * len(events)})

    async with twitch_stand_in() as twitch:
        twitch.streams += [{"user_id": one, "viewer_count": 5} for one in live]
        with lambda_stand_in(route) as router:
            yield Carried(urls=urls, router=router, twitch=twitch)


@pytest.mark.usefixtures("streams")
def test_what_an_operator_prefers_is_carried_before_others(environment: Urls) -> None:
    async def go() -> None:
        async with carrying(environment) as carried:
            with carried.gateway(most=1):
                assert await carried.holds("1001"), carried.held()
                wanted = {"platform": "twitch", "channel": "1003", "priority": 10}
                status, told = ask(PREFER, wanted, key="key-admin")
                assert (status, told["before"]) == (200, 100)
                assert await carried.holds("1001"), "what is carried stays where it is"
            with carried.gateway(most=1):
                assert await carried.holds("1003"), carried.held()

    asyncio.run(go())


@pytest.mark.usefixtures("streams")
def test_what_is_off_air_is_given_up_only_where_nobody_has_room_and_what_is_on_air_waits(
    environment: Urls, streams: redis.Redis
) -> None:
    assert streams

    async def go() -> None:
        async with carrying(environment, "1003") as carried:
            with carried.gateway(most=2):
                assert await carried.holds("1001", "1003"), carried.held()
            with carried.gateway(most=3):
                assert await carried.holds(*CHANNELS), "there is room for what is off air too"

    asyncio.run(go())


@pytest.mark.usefixtures("streams")
def test_what_is_typed_in_a_channel_off_air_is_routed(environment: Urls) -> None:
    async def go() -> None:
        async with carrying(environment, "1002") as carried:
            with carried.gateway(most=2):
                assert await carried.holds("1001", "1002"), carried.held()
                await carried.twitch.subscribed(2)
                shown = {one["channel"]: one["is_live"] for one in ask(CLAIMS)[1]["claims"]}
                assert (shown["1001"], shown["1002"]) == (False, True)
                [socket] = carried.twitch.hearing("1001")
                await carried.twitch.says("!help", channel="1001", socket=socket)
                async with asyncio.timeout(BUSY_SECONDS):
                    while "!help" not in carried.heard():  # noqa: ASYNC110
                        await asyncio.sleep(0.1)

    asyncio.run(go())


@pytest.mark.usefixtures("streams")
def test_whose_commands_answer_by_what_runs_is_told(
    environment: Urls, database: Postgres, versions: Versions
) -> None:
    place = EntityId("twitch:channel:1002")
    with editing(database, versions) as edit:
        community = Places(edit).open(place)
        hello = CustomCommand(name="hello", text="Hi", when=When(live=True))
        set_custom(edit, Asker.of_the_house("tests", community), hello, is_new=True)
    token = place_version(place)
    before = versions.read([token])

    async def go() -> None:
        async with carrying(environment, "1002") as carried:
            [on_air] = carried.twitch.streams
            carried.twitch.streams = [{**on_air, "game_name": "Celeste"}]
            with carried.gateway(most=2):
                async with asyncio.timeout(BUSY_SECONDS):
                    while versions.read([token]) == before:  # noqa: ASYNC110 - of another process
                        await asyncio.sleep(0.1)

    asyncio.run(go())
    found = Directory(database, versions).find_communities([community])[community]
    assert found.streams == {place: "Celeste"}
