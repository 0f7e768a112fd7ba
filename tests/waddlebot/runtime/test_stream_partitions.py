"""How many shares the streams are kept in."""

from __future__ import annotations

import pytest

from waddlebot.runtime.environment import Environment, MissingVariable
from waddlebot.runtime.needs import PARTITIONS
from waddlebot.runtime.stream_partitions import partitions_of
from waddlebot.stores.keys import Partitions


def test_there_is_one_unless_something_else_is_said() -> None:
    assert partitions_of(Environment({})) == Partitions(1)
    assert partitions_of(Environment({PARTITIONS: "4"})) == Partitions(4)


@pytest.mark.parametrize("text", ["0", "65", "-1", "four", "\N{FULLWIDTH DIGIT ONE}"])
def test_what_is_no_such_number_is_named(text: str) -> None:
    with pytest.raises(MissingVariable, match=f"{PARTITIONS}={text} is no number of partitions"):
        partitions_of(Environment({PARTITIONS: text}))


def test_one_partition_has_the_names_of_the_spec_and_several_a_slot_each() -> None:
    [only] = Partitions(1)
    assert only.events_stream() == "waddlebot:stream:events"
    assert [at.events_stream() for at in Partitions(2)] == [
        "waddlebot:stream:events:{0}",
        "waddlebot:stream:events:{1}",
    ]
