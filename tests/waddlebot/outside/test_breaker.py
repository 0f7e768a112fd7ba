"""A service that fails is left alone by all processes at once, and tried again by one of them."""

import datetime as dt
import subprocess
import sys

import pytest
import redis

from tests.helpers.patience import eventually
from tests.helpers.servers import Urls
from tests.helpers.service_stand_in import HOST, Handler, always, serving
from waddlebot.outside.breaker import MOST_FAILURES, Breaker
from waddlebot.outside.client import OutsideClient, ServiceCall
from waddlebot.outside.connecting import Transport
from waddlebot.outside.errors import Declined, OutsideFailed, Resting
from waddlebot.outside.kept_answers import KeptAnswers

# One process that asks so often; says by line what came of it.
ASKER = """
import datetime as dt, sys
from waddlebot.outside.breaker import Breaker
from waddlebot.outside.client import ServiceCall, OutsideClient
from waddlebot.outside.connecting import Transport
from waddlebot.outside.errors import OutsideFailed
from waddlebot.outside.kept_answers import KeptAnswers
from waddlebot.stores.valkey import connect
cache, origin, host, times = connect(sys.argv[1]), *sys.argv[2:]
ours = OutsideClient(transport=Transport(stand_ins={host: origin}), breaker=Breaker(cache),
               kept=KeptAnswers(cache))
asked = ServiceCall(service="shared", what="the service", url=f"https://{host}/")
for _ in range(int(times)):
    try:
        ours.ask(asked, deadline=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=15))
    except OutsideFailed as error:
        print(type(error).__name__, "told" if error.told else "")
"""


def of_another_process(urls: Urls, origin: str, times: int) -> list[str]:
    command = [sys.executable, "-c", ASKER, urls["VALKEY_CACHE_URL"], origin, HOST, str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [line.strip() for line in done.stdout.splitlines()]


def test_three_processes_make_five_calls_in_all_and_one_owner_is_told_once(
    servers: Urls, cache: redis.Redis
) -> None:
    cache.ping()
    with serving(always(b"", 500)) as service:
        said = [of_another_process(servers, service.origin, times) for times in (2, 2, 3)]
    assert said == [
        ["Declined", "Declined"],
        ["Declined", "Declined"],
        ["Declined told", "Resting", "Resting"],
    ]
    assert len(service.seen) == MOST_FAILURES


def outside(origin: str, breaker: Breaker) -> OutsideClient:
    return OutsideClient(
        transport=Transport(stand_ins={HOST: origin}), breaker=breaker, kept=KeptAnswers(None)
    )


def ask(ours: OutsideClient) -> OutsideFailed | None:
    asked = ServiceCall(service="test", what="the service", url=f"https://{HOST}/")
    try:
        ours.ask(asked, deadline=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=15))
    except OutsideFailed as error:
        return error
    return None


@pytest.mark.parametrize("kept", ["on the cache server", "in the process", "where it is away"])
def test_after_a_rest_one_tries_and_all_follow_if_that_goes_well(
    kept: str, cache: redis.Redis, nowhere: redis.Redis
) -> None:
    clients = {"on the cache server": cache, "where it is away": nowhere}
    breaker = Breaker(clients.get(kept), rest_seconds=0.5)
    is_well: list[bool] = []

    def does(handler: Handler, _number: int) -> None:
        handler.says(b"", 200 if is_well else 500)

    with serving(does) as service:
        ours = outside(service.origin, breaker)
        failed = [ask(ours) for _ in range(MOST_FAILURES)]
        assert {type(one) for one in failed} == {Declined}
        assert [one.told for one in failed if one] == [False, False, False, False, True]
        assert isinstance(ask(ours), Resting)

        assert eventually(lambda: breaker.wait_seconds("test") == 0, within=15)
        assert breaker.wait_seconds("test") > 1, "one tries, the others wait for it"
        assert not breaker.failed("test"), "it was told before"
        assert eventually(lambda: breaker.wait_seconds("test") == 0, within=15)

        is_well.append(True)
        breaker.went_well("test")
        assert [ask(ours) for _ in range(3)] == [None, None, None]
        assert breaker.wait_seconds("test") == 0


def test_a_success_between_failures_begins_the_count_anew(cache: redis.Redis) -> None:
    breaker = Breaker(cache)
    for _ in range(2):
        for _ in range(MOST_FAILURES - 1):
            assert not breaker.failed("test")
        breaker.went_well("test")
    assert breaker.wait_seconds("test") == 0
