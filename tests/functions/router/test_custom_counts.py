"""What custom commands count is there again when what was done is undone."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import Channel, open_channel
from tests.helpers.router_doors import Doors
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions


@pytest.fixture
def channel(doors: Doors, database: Postgres, versions: Versions) -> Channel:
    return open_channel(doors, database, versions)


def undo(said: str) -> str:
    return said.partition("Undo: ")[2]


def a_day_goes_by(channel: Channel) -> None:
    channel.database.write(
        "UPDATE custom_counters SET left_at = left_at - interval '25 hours' "
        "WHERE community_id = %(id)s",
        {"id": channel.community},
    )


@pytest.fixture
def fallen(channel: Channel) -> Channel:
    channel.says("!addcom falls $(count) falls")
    channel.says("!custom count falls 7")
    assert channel.says("!falls", "ana") == "8 falls"
    return channel


def test_what_is_deleted_counts_on_when_that_is_undone(fallen: Channel) -> None:
    again = fallen.says(undo(fallen.says("!delcom falls")))
    assert again.startswith("!falls says: $(count) falls It counts on from 8. Undo: ")
    assert fallen.says("!falls", "bo") == "9 falls"


def test_what_no_text_counts_any_more_counts_on_when_that_is_undone(fallen: Channel) -> None:
    changed = fallen.says("!editcom falls Nobody counts")
    assert fallen.says("!falls", "bo") == "Nobody counts"
    assert " It counts on from 8." in fallen.says(undo(changed))
    assert fallen.says("!falls", "cy") == "9 falls"


def test_a_day_later_it_begins_anew(fallen: Channel) -> None:
    again = undo(fallen.says("!delcom falls"))
    a_day_goes_by(fallen)
    assert "counts on" not in fallen.says(again)
    assert fallen.says("!falls", "bo") == "1 falls"


def test_what_was_left_a_day_ago_is_forgotten(fallen: Channel) -> None:
    fallen.says("!delcom falls")
    a_day_goes_by(fallen)
    fallen.says("!addcom hello Hi")
    rows = fallen.database.write(
        "SELECT counter FROM custom_counters WHERE community_id = %(id)s", {"id": fallen.community}
    )
    assert rows == []


def test_another_that_is_called_so_now_has_its_own_count(fallen: Channel) -> None:
    fallen.says("!delcom falls")
    fallen.says("!addcom trips $(count) trips")
    assert fallen.says("!trips", "bo") == "1 trips"
    fallen.says("!custom rename trips falls")
    assert fallen.says("!falls", "cy") == "2 trips"


def test_what_was_off_is_off_when_its_deletion_is_undone(channel: Channel) -> None:
    channel.says("!addcom hello Hi")
    channel.says("!custom off hello")
    undone = undo(channel.says("!delcom hello"))
    assert undone == "!custom add -off hello Hi"
    assert channel.says(undone).startswith("!hello says (off): Hi")
    assert channel.says("!hello", "ana") == ""
    changed = channel.says("!editcom -on hello Hello")
    assert undo(changed) == "!custom edit -cd=0 -ul=user -off hello Hi"
