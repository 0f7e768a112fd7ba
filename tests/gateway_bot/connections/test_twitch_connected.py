"""Channels that streamers connected, as a gateway carries them, at a stand-in for Twitch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from gateway_bot.connections.twitch_channels import HeldChannels
from gateway_bot.connections.twitch_connected import ConnectedChannels
from tests.helpers.connected import MASTER
from tests.helpers.stand_ins import Front, front
from waddlebot.domain.connections import CHANNEL, HOUSE, Connection, ConnectionState, Tokens
from waddlebot.domain.entities import channel_entity
from waddlebot.outside.driving import drive
from waddlebot.outside.renewing import AccessTokens
from waddlebot.outside.token_calls import TokenCalls
from waddlebot.platforms.twitch.allowing import AllowedChannel, TwitchApp
from waddlebot.platforms.twitch.renewing import TwitchRenewer
from waddlebot.stores.connections import Connections
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.renewals import Renewals
from waddlebot.stores.sealing import Seal
from waddlebot.stores.versions import Edit

__all__ = ["front"]  # a fixture

BACK = "http://localhost/connect/twitch/callback"


@pytest.fixture
def calls() -> Iterator[TokenCalls]:
    with closing(TokenCalls()) as open_calls:
        yield open_calls


@pytest.fixture
def stage(front: Front, database: Postgres, calls: TokenCalls) -> Stage:
    return Stage(front, database, calls)


@dataclass(slots=True)
class Stage:
    """A gateway's view of what is connected; `told` are owners of lost connections."""

    front: Front
    postgres: Postgres
    calls: TokenCalls
    operators: Sequence[str] = ()
    told: list[str] = field(default_factory=list)
    held: HeldChannels = field(default_factory=HeldChannels)
    connected: ConnectedChannels = field(init=False)

    def __post_init__(self) -> None:
        variables = self.front.environment
        renewer = TwitchRenewer.find(variables, is_person=True)
        assert renewer is not None
        seal = Seal.under(MASTER)
        access = AccessTokens(
            connections=Connections(self.postgres, seal),
            renewals=Renewals(self.postgres, seal),
            renewers={"twitch": renewer},
            ask=self.calls.ask,
            tell=lambda one: self.told.append(one.account),
        )
        self.connected = ConnectedChannels(
            access=access,
            postgres=self.postgres,
            auth_url=variables["TWITCH_AUTH_URL"],
            held=self.held,
            operators=self.operators,
            most=5,
            look_seconds=0.05,
            validate_seconds=0.05,
        )

    def connects(self, streamer: str, *, ended: bool = False) -> str:
        """The channel of a streamer who let the bot in an hour ago."""
        allowed = allow(self.front, streamer, self.calls)
        ends = timedelta(seconds=-1) if ended else timedelta(hours=3)
        self.connected.access.connections.keep(
            Connection(
                service="twitch",
                account=allowed.user_id,
                kind=CHANNEL,
                owner=HOUSE,
                name=allowed.login,
                expires_at=datetime.now(UTC) + ends,
            ),
            allowed.tokens,
        )
        self.postgres.write("UPDATE connections SET renewed_at = now() - interval '1 hour'")
        return allowed.user_id

    def find(self, channel: str) -> Connection:
        found = self.connected.access.connections.find("twitch", channel, kind=CHANNEL)
        assert found is not None
        return found

    async def channels(self) -> list[str]:
        return [unit.channel for unit in await self.connected.units()]

    @asynccontextmanager
    async def carrying(self) -> AsyncIterator[None]:
        """What there is now, as a gateway that holds all of it."""
        over = asyncio.Event()
        jobs = [job for unit in await self.connected.units() for job in unit.jobs(over).values()]
        tasks = [asyncio.ensure_future(job()) for job in jobs]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


def allow(front: Front, streamer: str, calls: TokenCalls) -> AllowedChannel:
    """As our pages do it, in the browser of the streamer."""
    app = TwitchApp.find(front.environment)
    assert app is not None
    asked = app.address(BACK, state="s", more=())
    sent = httpx.get(f"{asked}&as={streamer}", follow_redirects=False)
    code = httpx.URL(sent.headers["location"]).params["code"]
    return drive(calls.ask, app.allow(BACK, code), seconds=10.0, what="Twitch")


async def until(stage: Stage, channel: str, state: ConnectionState) -> None:
    async with asyncio.timeout(20):
        while stage.find(channel).state is not state:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def test_what_is_connected_is_there_at_the_next_look_and_what_ended_is_left(
    stage: Stage, database: Postgres
) -> None:
    async def go() -> None:
        assert await stage.channels() == []
        one, other = stage.connects("penny"), stage.connects("pete")
        first = await stage.connected.units()
        assert sorted(unit.channel for unit in first) == sorted([one, other])
        again = await stage.connected.units()
        assert [unit is was for unit, was in zip(again, first, strict=True)] == [True, True]

        stage.connected.access.disconnect("twitch", one, kind=CHANNEL)
        database.write("DELETE FROM connections WHERE account = %(it)s", {"it": other})
        assert await stage.channels() == []
        assert set(stage.held.left) == {one, other}
        assert stage.connected.has_left(one)
        assert stage.held.changed.is_set()

        assert stage.connects("penny") == one
        assert await stage.channels() == [one]
        assert not stage.connected.has_left(one)

    asyncio.run(go())


@pytest.mark.parametrize("named", ["its id", "its login", "its login in capitals"])
def test_a_channel_that_the_operator_named_is_neither_doubled_nor_left(
    front: Front, database: Postgres, calls: TokenCalls, named: str
) -> None:
    async def go() -> None:
        channel = allow(front, "penny", calls).user_id
        operators = {"its id": channel, "its login": "penny", "its login in capitals": "Penny"}
        stage = Stage(front, database, calls, operators=[operators[named]])
        stage.connects("penny")
        assert await stage.channels() == []
        stage.connected.access.disconnect("twitch", channel, kind=CHANNEL)
        assert await stage.channels() == []
        assert set(stage.held.left) == set()
        assert not stage.connected.has_left(channel)

    asyncio.run(go())


def test_whoever_carries_the_operators_channel_keeps_its_streamers_token_too(
    front: Front, database: Postgres, calls: TokenCalls
) -> None:
    async def go() -> None:
        stage = Stage(front, database, calls, operators=["penny"])
        channel = stage.connects("penny", ended=True)
        await stage.connected.units()
        keeping = asyncio.ensure_future(stage.connected.keep_token_of("penny"))
        async with asyncio.timeout(20):
            while stage.find(channel).generation < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        front.call("POST", f"/twitch/channels/{channel}/expire", {"for_good": True})
        await until(stage, channel, ConnectionState.LOST)
        assert not keeping.done()
        keeping.cancel()

    asyncio.run(go())


def test_a_streamer_who_is_called_otherwise_now_has_one_claim_under_the_new_login(
    front: Front, database: Postgres, calls: TokenCalls
) -> None:
    async def go() -> None:
        stage = Stage(front, database, calls, operators=["empress"])
        channel = stage.connects("penny")
        assert front.call("POST", f"/twitch/channels/{channel}/rename", {"login": "empress"})
        async with stage.carrying(), asyncio.timeout(20):
            while stage.find(channel).name != "empress":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert await stage.channels() == []

    asyncio.run(go())


def test_a_login_that_another_streamer_has_by_now_is_theirs(
    front: Front, database: Postgres, calls: TokenCalls
) -> None:
    """Who disconnected under it is called otherwise by now, and nobody asks how."""

    async def go() -> None:
        stage = Stage(front, database, calls, operators=["penny"])
        former, now = stage.connects("penny"), stage.connects("pete")
        stage.connected.access.disconnect("twitch", former, kind=CHANNEL)
        database.write("UPDATE connections SET name = 'penny' WHERE account = %(it)s", {"it": now})
        assert await stage.channels() == []

    asyncio.run(go())


def test_a_channel_that_the_operator_named_by_its_login_is_still_spoken_in(
    front: Front, database: Postgres, calls: TokenCalls
) -> None:
    """Its streamer let the bot in as well, and does so no more: the operator's word stays."""

    async def go() -> None:
        stage = Stage(front, database, calls, operators=["Penny"])
        channel, other = stage.connects("penny"), stage.connects("pete")
        for one, login in ((channel, "penny"), (other, "pete")):
            with database.writer() as connection:
                Places(Edit(connection)).open(channel_entity("twitch", one), login=login)
        assert await stage.channels() == [other]  # the operator carries the first
        for one in (channel, other):
            stage.connected.access.disconnect("twitch", one, kind=CHANNEL)
        assert await stage.channels() == []
        assert not stage.connected.has_left(channel)
        assert stage.connected.has_left(other)
        database.write("DELETE FROM connections")
        assert await stage.channels() == []
        assert not stage.connected.has_left(channel)

    asyncio.run(go())


def test_whoever_carries_a_channel_renews_its_token_before_it_is_needed(stage: Stage) -> None:
    async def go() -> None:
        channel = stage.connects("penny", ended=True)
        async with stage.carrying(), asyncio.timeout(20):
            while stage.find(channel).generation < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert stage.find(channel).is_connected

    asyncio.run(go())


def test_a_token_that_twitch_says_is_none_any_more_is_found_and_lost_once(
    stage: Stage, front: Front
) -> None:
    async def go() -> None:
        channel = stage.connects("penny")
        async with stage.carrying():
            front.call("POST", f"/twitch/channels/{channel}/expire", {"for_good": True})
            await until(stage, channel, ConnectionState.LOST)
        assert await stage.channels() == []
        assert stage.told == [channel]
        assert "takes its tokens no more" in stage.find(channel).why

    asyncio.run(go())


def test_a_twitch_that_does_not_answer_loses_nobody(stage: Stage) -> None:
    async def go() -> None:
        channel = stage.connects("penny")
        stage.connected.auth_url = "http://127.0.0.1:9"
        async with stage.carrying():
            await asyncio.sleep(0.5)
        assert stage.find(channel).is_connected
        assert stage.told == []

    asyncio.run(go())


def test_a_streamer_who_gave_nothing_to_renew_with_gets_no_token_of_the_application(
    stage: Stage, database: Postgres
) -> None:
    async def go() -> None:
        channel = stage.connects("penny")
        connections = stage.connected.access.connections
        ended = datetime.now(UTC) - timedelta(seconds=1)
        row = stage.find(channel)
        connections.keep(
            Connection(
                service="twitch", account=channel, kind=CHANNEL, owner=row.owner, expires_at=ended
            ),
            Tokens(access="alone"),
        )
        database.write("UPDATE connections SET renewed_at = now() - interval '1 hour'")
        async with stage.carrying():
            await until(stage, channel, ConnectionState.LOST)

    asyncio.run(go())
