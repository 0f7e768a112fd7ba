"""The router that a reader asks, and what has reached it."""

from __future__ import annotations

import json

import redis

from gateway_bot.reader import RouterClient
from tests.helpers.lambda_stand_in import Door, LambdaStandIn
from waddlebot.runtime.invoke import Invoker
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.receipts import ReceiptStore
from waddlebot.stores.streams import ROUTER_GROUP


def texts_of(stand_in: LambdaStandIn) -> list[list[str]]:
    return [[event["text"] for event in json.loads(one.body)["events"]] for one in stand_in.seen]


def answer_all(door: Door, standing: str = "ours") -> None:
    events = json.loads(door.stand_in.seen[-1].body)["events"]
    door.says(
        {"results": [{"standing": standing, "passed_on": False, "replies": []}] * len(events)}
    )


def is_empty(streams: redis.Redis) -> bool:
    if streams.xlen(Partition().events_stream()):
        return False
    return streams.xpending(Partition().events_stream(), ROUTER_GROUP)["pending"] == 0


def router_client(streams: redis.Redis, stand_in: LambdaStandIn) -> RouterClient:
    invoke = Invoker(stand_in.environment(WADDLEBOT_FUNCTION_PREFIX=""))
    return RouterClient(invoke, ReceiptStore(streams, Partitions()))
