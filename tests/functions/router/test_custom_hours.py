"""Custom commands that answer in some hours of the day alone, as the clocks of its people show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.helpers.aliases import OLGA, Channel, open_channel
from tests.helpers.router_doors import Doors
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def channel(doors: Doors, database: Postgres, versions: Versions) -> Channel:
    opened = open_channel(doors, database, versions)
    opened.says("!settings set timezone Asia/Tokyo", OLGA)
    return opened


def around_now(*, begins: int, ends: int) -> str:
    """So many hours from now in Tokyo, as they are typed."""
    now = datetime.now(UTC).astimezone(TOKYO)
    at = (now + timedelta(hours=one) for one in (begins, ends))
    return "-".join(f"{one:%H:%M}" for one in at)


def test_it_answers_in_its_hours_alone(channel: Channel) -> None:
    later, now = around_now(begins=2, ends=4), around_now(begins=-3, ends=3)
    channel.says(f"!addcom -when={later} hello Hi")
    assert channel.says("!hello", "ana") == ""
    why = channel.says("!why", "ana")
    assert why.startswith("Nothing was said: !hello answers only from ")
    assert why.endswith(" (Asia/Tokyo).")
    said = channel.says(f"!custom when hello {now}")
    undone = said.partition("Undo: ")[2]
    assert channel.says("!hello", "ana") == "Hi"
    channel.says(undone)
    assert channel.says("!hello", "bo") == ""
    channel.says(f"!custom when hello {now} {later}")
    assert channel.says("!hello", "bo") == "Hi"


@pytest.mark.parametrize("typed", ["25-3", "18:60-19", "5-5", "0-24", "24-0"])
def test_hours_that_are_none_say_how_they_are_written(channel: Channel, typed: str) -> None:
    channel.says("!addcom hello Hi")
    said = channel.says(f"!custom when hello {typed}")
    assert said == (f"'{typed}' are no hours of a day. Say them like 18:00-23:00 or 22-2.")
