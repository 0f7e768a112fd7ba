"""A house whose streams are two shards: it talks, and goes on through a failover and a move."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import redis
from redis.crc import key_slot

from tests.cluster.shards import Cluster
from tests.helpers.first_answer import a_quote_is_kept_and_shown_once
from tests.helpers.homes import a_home, greeted_on_slack, own_place
from tests.helpers.house import Chat, House, running
from tests.helpers.inside import SETTLED_SECONDS, Inside
from tests.helpers.patience import eventually
from tests.helpers.storming import (
    MOST_IN_FLIGHT,
    Sent,
    Shown,
    commands_are_answered_once,
    lines_are_recorded_once,
    numbers_of_a_try,
    send_all,
    slack_asked,
    slack_line,
    slack_told,
    twitch_line,
    twitch_told,
)
from waddlebot.runtime.needs import PARTITIONS
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.valkey import connect

pytestmark = pytest.mark.xdist_group("a cluster")

SHARES = Partitions(16)
EVENTS, COMMAND_EVERY = 480, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideCluster(Inside):
    cluster: Cluster

    @contextlib.contextmanager
    def valkey(self, name: str) -> Iterator[redis.Redis]:
        assert name == "streams"
        with connect(self.cluster.address) as client:
            yield client


@pytest.fixture(scope="module")
def house(cluster: Cluster) -> Iterator[House]:
    environment = {
        "VALKEY_STREAMS_URL": cluster.address,
        PARTITIONS: str(SHARES.count),
        "TWITCH_BOT_IS_MODERATOR": "1",
    }
    with a_home() as home, running(home, **environment) as (house, _):
        yield house


@pytest.fixture
def chat(request: pytest.FixtureRequest, house: House) -> Chat:
    """A channel where the greeting is over."""
    talk = house.chat(on=request.param, **own_place(request.param))
    if request.param == "slack":
        greeted_on_slack(house)
        return talk
    talk.says("olga", "hello everybody")
    assert "!help" in talk.heard()[0]
    return talk


@pytest.mark.parametrize("chat", ["twitch", "slack", "discord"], indirect=True)
def test_a_chatter_gets_one_answer_on_every_platform(chat: Chat) -> None:
    a_quote_is_kept_and_shown_once(chat)


def test_health_and_figures_are_those_of_all_shards(house: House) -> None:
    status, health = house.ask("GET", "/health")
    assert status == 200, health
    bearer = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
    status, figures = house.ask("GET", "/api/operations/streams", headers=bearer)
    assert status == 200
    assert len(figures["partitions"]) == SHARES.count


def numbered(house: House) -> Iterator[Sent]:
    """Without an end."""
    doors = itertools.cycle((slack_asked, twitch_told, slack_told))
    for number in numbers_of_a_try():
        if number % COMMAND_EVERY == 0:
            yield next(doors)(house, number)
        else:
            yield (twitch_line if number % 2 else slack_line)(house, number)


def test_a_failover_and_a_move_under_traffic_lose_nothing_and_answer_once(
    house: House, cluster: Cluster
) -> None:
    """What `durability=sync` promises of a shard's failover (docs/decisions/0107) is kept here."""
    sent: list[Sent] = []

    def trouble() -> None:
        after(EVENTS // 4)
        cluster.end_primary_of(share_that_may_fail(cluster).events_stream())
        after(EVENTS // 4)
        for one in shares_of_a_shard(cluster)[::2]:
            slot = key_slot(one.events_stream().encode())
            others = {cluster.owner_of(other.events_stream()) for other in SHARES}
            [to] = others - {cluster.owner_of_slot(slot)}
            cluster.move(slot, to)

    def after(more: int) -> None:
        end = len(sent) + more
        assert eventually(lambda: len(sent) >= end, within=SETTLED_SECONDS)

    def storm() -> Iterator[Sent]:
        for event in numbered(house):
            if len(sent) >= EVENTS and troubled.done():
                return
            sent.append(event)
            yield event

    inside = InsideCluster(house=house, partitions=SHARES, cluster=cluster)
    shown = Shown(house=house)
    with shown.collected(), ThreadPoolExecutor(1) as operator:
        troubled = operator.submit(trouble)
        send_all(house, storm())
        troubled.result()
        inside.settle()
    lines_are_recorded_once(sent, inside)
    commands_are_answered_once(sent, inside, shown, most_doubtful=MOST_IN_FLIGHT)


def share_that_may_fail(cluster: Cluster) -> Partition:
    """Of the shard whose primary is not the way into the cluster, as it may be after a failover."""
    return next(at for at in SHARES if cluster.owner_of(at.events_stream()) is not cluster.entrance)


def shares_of_a_shard(cluster: Cluster) -> Sequence[Partition]:
    """Of the one that has most."""
    by_owner: dict[int, list[Partition]] = {}
    for at in SHARES:
        by_owner.setdefault(cluster.owner_of(at.events_stream()).port, []).append(at)
    return max(by_owner.values(), key=len)
