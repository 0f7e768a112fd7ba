"""`python -m gateway_bot` as a process of its own."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import time
import urllib.error
import urllib.request

import redis

from local.port import free_port
from tests.helpers.carrying import an_event
from tests.helpers.gateway_process import gateway, variables_of
from tests.helpers.lambda_stand_in import Door, LambdaStandIn, lambda_stand_in
from tests.helpers.patience import eventually
from tests.helpers.servers import Urls
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.streams import ROUTER_GROUP, EventStream

START_SECONDS = 15


def wait_for(router: LambdaStandIn, calls: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while len(router.seen) < calls:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def end(process: subprocess.Popen[str]) -> tuple[float, str]:
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=5)
    return time.monotonic() - began, said


def test_it_ends_within_three_seconds_and_leaves_what_it_held_pending(
    database_urls: Urls, streams: redis.Redis
) -> None:
    def hang(_: Door) -> None:
        time.sleep(6)

    EventStream(streams, Partitions()).append([an_event("!quote")])
    with lambda_stand_in(hang) as router, gateway(variables_of(database_urls, router)) as process:
        wait_for(router, 1)
        seconds, said = end(process)

    assert process.returncode == 0
    assert seconds < 3
    assert "gateway stopped" in said
    assert streams.xpending(Partition().events_stream(), ROUTER_GROUP)["pending"] == 1


def test_it_ends_in_time_also_while_every_server_is_away(servers: Urls) -> None:
    nowhere = {name: f"{url.partition(':')[0]}://127.0.0.1:1/0" for name, url in servers.items()}
    router = LambdaStandIn(lambda _: None, url="http://127.0.0.1:1")
    with gateway(variables_of(nowhere, router)) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "shares stay as they are" in line:
                break
        seconds, said = end(process)

    assert process.returncode == 0
    assert seconds < 3
    assert "gateway stopped" in said


def test_a_new_process_goes_on_at_once_with_what_a_killed_one_held(
    database_urls: Urls, streams: redis.Redis
) -> None:
    def answer(door: Door) -> None:
        if len(door.stand_in.seen) == 1:
            time.sleep(1)
            return
        door.says({"results": [{"standing": "ours"}]})

    EventStream(streams, Partitions()).append([an_event("!quote")])
    with lambda_stand_in(answer) as router:
        variables = variables_of(database_urls, router)
        with gateway(variables) as process:
            wait_for(router, 1)
            process.kill()
            process.wait()
        with gateway(variables) as process:
            wait_for(router, 2)
            end(process)

    assert streams.xlen(Partition().events_stream()) == 0


def test_it_tells_on_a_port_whether_it_is_well_and_what_it_carries(
    database_urls: Urls, streams: redis.Redis
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/health"
    told: dict[str, object] = {}

    def carries() -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
            told.update(json.load(answer))
        return bool(told.get("carries"))

    router = LambdaStandIn(lambda _: None, url="http://127.0.0.1:1")
    variables = variables_of(database_urls, router) | {"GATEWAY_HEALTH_PORT": str(port)}
    with gateway(variables, said=subprocess.DEVNULL):
        assert eventually(carries, within=START_SECONDS)
    assert told == {"success": True, "carries": ["stream 0"]}
    assert streams.ping()


def test_while_a_server_is_away_it_is_not_well_but_alive(database_urls: Urls) -> None:
    """Who ends what is not alive must not end all gateways while a server fails over."""
    port = free_port()
    told: dict[str, int] = {}

    def answers() -> bool:
        for what in ("health", "alive"):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/{what}", timeout=2) as one:
                    told[what] = one.status
            except urllib.error.HTTPError as refused:
                told[what] = refused.code
            except OSError:
                return False
        return True

    router = LambdaStandIn(lambda _: None, url="http://127.0.0.1:1")
    away = {"VALKEY_STREAMS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    variables = {**variables_of(database_urls, router), **away, "GATEWAY_HEALTH_PORT": str(port)}
    with gateway(variables, said=subprocess.DEVNULL):
        assert eventually(answers, within=START_SECONDS)
    assert told == {"health": 503, "alive": 200}


def test_a_health_port_that_is_none_is_named(database_urls: Urls) -> None:
    router = LambdaStandIn(lambda _: None, url="http://127.0.0.1:1")
    variables = variables_of(database_urls, router) | {"GATEWAY_HEALTH_PORT": "door"}
    with gateway(variables) as process:
        said, _ = process.communicate(timeout=START_SECONDS)

    assert process.returncode == 2
    assert "GATEWAY_HEALTH_PORT must be a port" in said


def test_a_missing_variable_is_named(servers: Urls) -> None:
    variables = {name: url for name, url in servers.items() if name.startswith("VALKEY")}
    with gateway(variables) as process:
        said, _ = process.communicate(timeout=START_SECONDS)

    assert process.returncode == 2
    assert "DATABASE_URL" in said
