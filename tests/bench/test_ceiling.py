from __future__ import annotations

import itertools

import pytest
import redis

from bench.ceiling import measure_ceiling
from bench.chat_log import questions, replay
from bench.replay import said_events
from tests.helpers.servers import Urls
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import encode_event


def test_the_ceiling_leaves_the_rows_that_the_house_leaves(
    database_urls: Urls, database: Postgres, limits: redis.Redis
) -> None:
    quiet = [event for event in said_events(150, replay) if event.text[0] not in "!#"]
    events = [*quiet, *said_events(60, questions)]

    pace = measure_ceiling(database_urls, [encode_event(event) for event in events])

    assert pace.by_clock > 0
    assert pace.by_cpu > 0

    lines = database.write("SELECT event_id, text, user_id, entity_id FROM messages")
    assert {(row["event_id"], row["text"], row["user_id"], row["entity_id"]) for row in lines} == {
        (event.id, event.text, event.user.id, event.entity) for event in events if event.user
    }
    [verdicts] = database.write("SELECT count(*) AS rows FROM command_executions")
    assert verdicts["rows"] == 60
    assert len(limits.keys("waddlebot:rate_limit:ceiling:asker*")) == 60


@pytest.mark.parametrize("seed", [1, 2**100])
def test_questions_are_asked_by_a_thousand_people_in_turn(seed: int) -> None:
    lines = list(itertools.islice(questions(seed), 1_000))

    assert len({line.who for line in lines}) == 1_000
    assert {line.text for line in lines} == {"!quote"}
