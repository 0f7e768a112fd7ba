"""`python -m gateway_bot`: runs until SIGTERM or SIGINT, and ends within three seconds of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, closing
from functools import partial
from typing import Any

from redis.asyncio import Redis

from gateway_bot.calling import load_helix_client
from gateway_bot.changed_secrets import ChangedSecrets, Doubt, no_doubt
from gateway_bot.connected import connections_of
from gateway_bot.connections.completing import Complete
from gateway_bot.consumers import Consumer
from gateway_bot.due import fire_all_due
from gateway_bot.health import GatewayHealth
from gateway_bot.liveness import Liveness
from gateway_bot.lost import tell_of_all_lost
from gateway_bot.paces import Pacer, SharedPace, paces_of
from gateway_bot.post import Post, open_session
from gateway_bot.reader import Reader, RouterClient
from gateway_bot.room import Room
from gateway_bot.senders import Senders
from gateway_bot.settings import GatewaySettings, read_settings
from gateway_bot.shares import Shares, Unit
from gateway_bot.speaking import giving_back, speaking_of
from gateway_bot.streams_server import AWAY, open_streams
from gateway_bot.twitch_tokens import APP_TOKEN, TwitchTokens, speaking_of_twitch, twitch_tokens
from gateway_bot.waiting import is_set_within
from waddlebot.domain.completions import Completing
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.runtime.environment import Environment, MissingVariable
from waddlebot.runtime.invoke import Invoker
from waddlebot.runtime.logs import get_logger
from waddlebot.runtime.standard_logging import write_json_lines
from waddlebot.stores.claims import Claims
from waddlebot.stores.keys import Partition
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.receipts import ReceiptStore
from waddlebot.stores.streams import ROUTER_GROUP, SENDERS_GROUP, EventStream, ReplyStream
from waddlebot.stores.valkey import connect
from waddlebot.stores.versions import Versions
from waddlebot_sdk.completions import Choice

Job = Callable[[], Awaitable[None]]

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
AWAY_PAUSE_SECONDS = 2.0
"""While a server is away: all goes on within seconds of its return."""
WELL_SECONDS = 60.0
FINISH_SECONDS = 2.0
PULSE_SECONDS = 60.0
CARRIER_SECONDS = 15.0
"""What a reader may still be waiting for when its share goes to somebody else."""
SPARE_THREADS = 8
TYPING_THREADS = 4
"""However many type at once, no line and no answer waits behind them."""
LOAD_LATER_SECONDS = 3.0
STREAM = "stream"
"""The platform of the stream's partitions among the claims (docs/delivery.md)."""

log = logging.getLogger(__name__)


def main() -> int:
    write_json_lines(get_logger("gateway_bot"))
    try:
        settings = read_settings(Environment.of_process())
    except (MissingVariable, Unavailable) as missing:
        print(missing, file=sys.stderr)
        return 2
    # Never closed: that would wait for a thread that still waits for the router. What it asked for
    # is pending, and receipts keep it from being answered twice.
    asyncio.Runner().run(run_until_told(settings))
    return 0


async def run_until_told(settings: GatewaySettings) -> None:
    """It begins anew where a secret is another: a token that was changed needs no deploy."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    while True:
        await run_a_term(settings, told)
        if told.is_set():
            return
        settings = read_settings(Environment.of_process())


async def run_a_term(settings: GatewaySettings, told: asyncio.Event) -> None:
    """Until it is `told` to end, or a secret is another than now."""
    stop = asyncio.Event()
    changed = ChangedSecrets(settings.environment)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(run(settings, stop, changed.doubt))
        ends = {tasks.create_task(told.wait()), tasks.create_task(changed.wait())}
        await asyncio.wait({running, *ends}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        _cancel([*ends])


async def run(settings: GatewaySettings, stop: asyncio.Event, doubt: Doubt = no_doubt) -> None:
    """All jobs beside each other; one that fails is begun anew and the others go on."""
    # A reader waits for the router in a thread; whoever tells that we live must not wait for that.
    threads = ThreadPoolExecutor(settings.partitions.count + SPARE_THREADS)
    asyncio.get_running_loop().set_default_executor(threads)
    async with AsyncExitStack() as stack:
        client = stack.enter_async_context
        streams: Redis = await client(open_streams(settings.streams))
        session = await client(open_session())
        appending = stack.enter_context(closing(connect(settings.streams)))
        limits = stack.enter_context(closing(connect(settings.limits)))
        cache = stack.enter_context(closing(connect(settings.cache)))
        postgres = stack.enter_context(closing(Postgres(settings.database, name="gateway_bot")))
        events = EventStream(appending, settings.partitions)
        replies = ReplyStream(appending, settings.partitions)
        router = RouterClient(
            Invoker(settings.environment), ReceiptStore(appending, settings.partitions)
        )
        paces = paces_of(
            is_twitch_moderator=settings.is_twitch_moderator,
            is_twitch_verified=settings.is_twitch_verified,
        )
        tokens = twitch_tokens(settings.environment, postgres, session)
        room = Room(client=streams, partitions=settings.partitions)
        claims = Claims(postgres)
        storing = partial(append_with_room, room, events)
        connected = connections_of(
            settings,
            storing,
            claims,
            postgres,
            streams,
            versions=Versions(cache),
            tokens=tokens,
            doubt=doubt,
            complete=_completing(router, stack.enter_context(ThreadPoolExecutor(TYPING_THREADS))),
        )
        post = Post(
            session=session,
            variables=settings.variables,
            pacer=Pacer(paces, SharedPace(limits)),
            doubt=doubt,
            speaking={
                **speaking_of(settings.environment, postgres, session),
                **speaking_of_twitch(tokens, connected.streamers),
            },
        )
        shares = Shares(
            claims=claims,
            liveness=Liveness(client=streams, name=settings.consumer),
            units=[
                *(
                    share_of_stream(at, settings, streams, router, post)
                    for at in settings.partitions
                ),
                *connected.units,
            ],
            start=keep_running,
            find_more=connected.find_more,
        )
        sources: dict[str, Job] = {
            "room": partial(room.watch, stop),
            "due": partial(fire_all_due, postgres, events, stop),
            "lost": partial(
                tell_of_all_lost,
                postgres,
                replies,
                settings.public_address,
                stop,
                giving_back=giving_back(settings.environment, postgres, session),
            ),
            "pulse": partial(tell_pulse, stop),
            **helix_client_of(settings, tokens, stop),
            **connected.jobs,
        }
        if settings.health_port:
            health = GatewayHealth(shares=shares)
            sources["health"] = partial(health.serve, settings.health_port, stop)
        await run_jobs({"shares": partial(shares.run, stop)}, sources, stop)


def _completing(router: RouterClient, threads: ThreadPoolExecutor) -> Complete:
    async def complete(asked: Completing) -> Sequence[Choice]:
        return await asyncio.get_running_loop().run_in_executor(threads, router.complete, asked)

    return complete


def share_of_stream(
    at: Partition, settings: GatewaySettings, streams: Redis, router: RouterClient, post: Post
) -> Unit:
    """The reader and the senders of one partition."""

    def jobs(term: asyncio.Event) -> dict[str, Job]:
        reading = consumer_of(settings, streams, at.events_stream(), ROUTER_GROUP)
        sending = consumer_of(settings, streams, at.replies_stream(), SENDERS_GROUP)
        reader = Reader(partition=at, consumer=reading, router=router)
        senders = Senders(partition=at, partitions=settings.partitions, consumer=sending, post=post)
        return {
            f"reader{at.tag}": partial(reader.run, term),
            f"senders{at.tag}": partial(senders.run, term),
        }

    return Unit(
        platform=STREAM, channel=str(at.number), jobs=jobs, patience_seconds=CARRIER_SECONDS
    )


async def run_jobs(
    carriers: Mapping[str, Job], sources: Mapping[str, Job], stop: asyncio.Event
) -> None:
    """At the end sources are cut off at once, carriers get a moment to finish what they hold."""
    log.info("gateway started", extra={"jobs": [*carriers, *sources]})
    async with asyncio.TaskGroup() as tasks:
        carrying = [
            tasks.create_task(keep_running(name, job, stop)) for name, job in carriers.items()
        ]
        feeding = [
            tasks.create_task(keep_running(name, job, stop)) for name, job in sources.items()
        ]
        await stop.wait()
        _cancel(feeding)
        await asyncio.wait(carrying, timeout=FINISH_SECONDS)
        _cancel(carrying)
    log.info("gateway stopped")


async def keep_running(name: str, job: Job, stop: asyncio.Event) -> None:
    """Until it returns; a failure is one log line and a pause, which grows with each crash."""
    loop = asyncio.get_running_loop()
    pause = FIRST_PAUSE_SECONDS
    while not stop.is_set():
        began = loop.time()
        try:
            await job()
        except (Unavailable, *AWAY) as error:
            log.warning("job interrupted", extra={"job": name, "why": str(error)})
            await is_set_within(stop, AWAY_PAUSE_SECONDS)
            continue
        except Exception:
            log.exception("job crashed", extra={"job": name})
        else:
            return
        pause = FIRST_PAUSE_SECONDS if loop.time() - began > WELL_SECONDS else pause
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def tell_pulse(stop: asyncio.Event) -> None:
    """A line a minute says that the process is well."""
    while not stop.is_set():
        await asyncio.sleep(PULSE_SECONDS)
        log.info("gateway alive")


def helix_client_of(
    settings: GatewaySettings, tokens: TwitchTokens, stop: asyncio.Event
) -> Mapping[str, Job]:
    """Loads what calls Twitch when all else has begun, so that no line waits for it."""

    async def load() -> None:
        if not await is_set_within(stop, LOAD_LATER_SECONDS):
            await asyncio.to_thread(load_helix_client)

    speaks = settings.variables.get(APP_TOKEN) or tokens.app.access
    return {"helix client": load} if speaks else {}


async def append_with_room(room: Room, events: EventStream, told: Sequence[Event]) -> None:
    await room.wait()
    await asyncio.to_thread(events.append, told)


def consumer_of(settings: GatewaySettings, streams: Redis, stream: str, group: str) -> Consumer:
    return Consumer(client=streams, stream=stream, group=group, name=settings.consumer)


def _cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    code = main()
    with contextlib.suppress(OSError):  # a full disk
        sys.stdout.flush()
    # For the same thread: without the interpreter's goodbye, which joins it.
    os._exit(code)
