"""ElastiCache ends each connection that a token opened after twelve hours, whatever is under way.

Here a front ends all of them every few seconds, those to the database too: every 3, four times.
What counts is how often an end meets work that is under way, and four ends that are 10 s apart
take 40 s to meet it as often. WADDLEBOT_CUT_SECONDS=10 runs it so.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import redis

from gateway_bot.__main__ import keep_running
from gateway_bot.reader import Reader
from gateway_bot.streams_server import open_streams
from tests.helpers.carrying import address_of, an_event, router_consumer, wait_until
from tests.helpers.fronts import SECRET, SESSION, fronted
from tests.helpers.gateway_process import gateway, variables_of
from tests.helpers.lambda_stand_in import LambdaStandIn, lambda_stand_in
from tests.helpers.lost_answers import losing
from tests.helpers.patience import eventually
from tests.helpers.platform_stand_in import PlatformStandIn, platform_stand_in
from tests.helpers.readers import answer_all, is_empty, router_client, texts_of
from tests.helpers.senders import a_reply, send
from tests.helpers.senders import is_empty as is_sent
from tests.helpers.servers import Urls
from waddlebot.domain.entities import EntityId
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.streams import EventStream, ReplyStream
from waddlebot.stores.valkey import connect

CUT_SECONDS = float(os.environ.get("WADDLEBOT_CUT_SECONDS", "3"))
CUTS = int(os.environ.get("WADDLEBOT_CUTS", "4"))
LINES = 120
SETTLED_SECONDS = 60


def test_what_was_read_and_not_heard_is_read_again(streams: redis.Redis) -> None:
    """Its answer is on the way when the connection ends: the entries are ours already."""

    async def go() -> None:
        async with open_streams(wire.url) as client:
            reader = Reader(
                partition=Partition(),
                consumer=router_consumer(client),
                router=router_client(streams, stand_in),
            )
            stop = asyncio.Event()
            running = asyncio.ensure_future(keep_running("reader", lambda: reader.run(stop), stop))
            try:
                await wait_until(lambda: is_empty(streams), running)
            finally:
                stop.set()
                await asyncio.wait_for(running, 3)

    with losing(address_of(streams), b"!quote") as wire, lambda_stand_in(answer_all) as stand_in:
        EventStream(streams, Partitions()).append([an_event("!quote")])
        asyncio.run(go())

    assert wire.is_broken.is_set()
    assert texts_of(stand_in) == [["!quote"]]


def test_what_was_to_be_sent_and_not_heard_is_sent_once(streams: redis.Redis) -> None:
    with (
        losing(address_of(streams), b"said once") as wire,
        closing(connect(wire.url)) as client,
    ):
        platform = send(client, [a_reply("said once"), a_reply("said after it")])

    assert wire.is_broken.is_set()
    assert platform.texts() == ["said once", "said after it"]


def test_reader_senders_and_claims_come_back_with_new_tokens(
    database_urls: Urls, streams: redis.Redis, tmp_path: Path
) -> None:
    """Each reply is shown once; each event reaches the router, where receipts know it again."""
    said = tmp_path / "gateway.log"

    async def go() -> None:
        with (
            fronted(database_urls, cut_every_seconds=CUT_SECONDS) as front,
            lambda_stand_in(answer_all) as router,
            said.open("w") as log,
        ):
            async with platform_stand_in() as platform:
                variables = {
                    **variables_of(front.variables, router),
                    **front.variables,
                    **platform.variables,
                }
                with gateway(variables, said=log.fileno()):
                    await asyncio.to_thread(talk, streams)
                    assert await asyncio.to_thread(
                        eventually,
                        lambda: is_empty(streams) and is_sent(streams),
                        within=SETTLED_SECONDS,
                    ), said.read_text()[-4_000:]
                    # The database is entered where it is needed: on a busy machine later.
                    assert await asyncio.to_thread(
                        eventually,
                        lambda: (
                            len(front.valkey.entered) > 2 * CUTS
                            and len(front.database.entered) > CUTS
                        ),
                        within=SETTLED_SECONDS,
                    ), "each cut is a new token"
        assert_once(platform, router)
        refused = front.valkey.refused + front.database.refused
        assert [why for why in refused if "went away" not in why] == []

    asyncio.run(go())
    told = said.read_text()
    for secret in ("X-Amz-Signature", SECRET, SESSION):
        assert secret not in told


def talk(streams: redis.Redis) -> None:
    """As long as connections are cut some times."""
    for number in range(LINES):
        EventStream(streams, Partitions()).append([an_event(f"line {number}", number=number)])
        reply = a_reply(f"answer {number}", entity=EntityId(f"discord:channel:9/{100 + number}"))
        ReplyStream(streams, Partitions()).append([reply])
        time.sleep(CUTS * CUT_SECONDS / LINES)


def assert_once(platform: PlatformStandIn, router: LambdaStandIn) -> None:
    routed = {text for batch in texts_of(router) for text in batch}
    assert routed == {f"line {number}" for number in range(LINES)}
    # Whatever comes twice with one nonce Discord shows once.
    shown = {
        (seen.body["content"], seen.body["nonce"])
        for seen in platform.seen
        if seen.body and "nonce" in seen.body
    }
    assert Counter(text for text, _ in shown) == {f"answer {number}": 1 for number in range(LINES)}
