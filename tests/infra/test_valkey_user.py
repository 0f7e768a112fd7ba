"""What the one user of ElastiCache may, on a Valkey of this machine with the same rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from tests.infra.stacks import Stacks

NAME = "waddlebot-dev-app"
USED = [
    ("SET", "waddlebot:cache:a", "1"),
    ("MGET", "waddlebot:cache:a", "waddlebot:cache:b"),
    ("EVAL", "return 1", "1", "waddlebot:rate_limit:a"),
    ("XADD", "waddlebot:stream:events", "*", "a", "1"),
    ("XREADGROUP", "GROUP", "g", "c", "STREAMS", "waddlebot:stream:events", ">"),
    ("XAUTOCLAIM", "waddlebot:stream:events", "g", "c", "1", "0"),
    ("SCAN", "0", "MATCH", "waddlebot:*"),
    ("INFO", "memory"),
    ("CLIENT", "SETINFO", "LIB-NAME", "a"),
    ("CLUSTER", "SLOTS"),
    ("SELECT", "2"),
    ("PING",),
]
REFUSED = [
    ("GET", "somebody:elses"),
    ("FLUSHALL",),
    ("KEYS", "*"),
    ("CONFIG", "SET", "maxmemory", "1"),
    ("ACL", "SETUSER", NAME),
    ("SHUTDOWN",),
]


@pytest.fixture
def as_on_aws(cache: redis.Redis, stacks: Stacks) -> Iterator[redis.Redis]:
    (user,) = stacks.data.of_type("AWS::ElastiCache::User").values()
    cache.execute_command("ACL", "SETUSER", NAME, "reset", *user["AccessString"].split())
    yield cache
    cache.execute_command("ACL", "DELUSER", NAME)


def test_the_user_may_all_that_we_do_and_nothing_that_ends_a_server(as_on_aws: redis.Redis) -> None:
    for command in USED:
        assert as_on_aws.execute_command("ACL", "DRYRUN", NAME, *command) == b"OK", command
    for command in REFUSED:
        assert as_on_aws.execute_command("ACL", "DRYRUN", NAME, *command) != b"OK", command
