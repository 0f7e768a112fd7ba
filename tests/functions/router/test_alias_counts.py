"""What aliases count is there again when what was done is undone."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import Channel


def undo(said: str) -> str:
    return said.partition("Undo: ")[2]


def a_day_goes_by(channel: Channel) -> None:
    channel.database.write(
        "UPDATE alias_counters SET left_at = left_at - interval '25 hours' "
        "WHERE community_id = %(id)s",
        {"id": channel.community},
    )


@pytest.fixture
def fallen(channel: Channel) -> Channel:
    channel.says("!alias add falls = counter: {count} falls")
    channel.says("!alias count falls 7")
    assert channel.says("!falls", "ana") == "8 falls"
    return channel


def test_what_is_removed_counts_on_when_that_is_undone(fallen: Channel) -> None:
    again = fallen.says(undo(fallen.says("!alias remove falls")))
    assert again.startswith("!falls stands for counter: {count} falls now. It counts on from 8.")
    assert undo(again) == "!alias remove falls"
    assert fallen.says("!falls", "bo") == "9 falls"


def test_what_no_alias_counts_any_more_counts_on_when_that_is_undone(fallen: Channel) -> None:
    changed = fallen.says("!alias edit falls = Nobody counts")
    assert fallen.says("!falls", "bo") == "Nobody counts"
    assert " It counts on from 8." in fallen.says(undo(changed))
    assert fallen.says("!falls", "cy") == "9 falls"


def test_a_day_later_it_begins_anew(fallen: Channel) -> None:
    again = undo(fallen.says("!alias remove falls"))
    a_day_goes_by(fallen)
    assert "counts on" not in fallen.says(again)
    assert fallen.says("!falls", "bo") == "1 falls"


def test_what_was_left_a_day_ago_is_forgotten(fallen: Channel) -> None:
    fallen.says("!alias remove falls")
    a_day_goes_by(fallen)
    fallen.says("!alias add hello = Hi")
    rows = fallen.database.write(
        "SELECT counter FROM alias_counters WHERE community_id = %(id)s", {"id": fallen.community}
    )
    assert rows == []


def test_another_that_is_called_so_now_has_its_own_count(fallen: Channel) -> None:
    fallen.says("!alias remove falls")
    fallen.says("!alias add trips = counter: {count} trips")
    assert fallen.says("!trips", "bo") == "1 trips"
    fallen.says("!alias rename trips falls")
    assert fallen.says("!falls", "cy") == "2 trips"


def test_a_named_counter_is_said_by_its_name(fallen: Channel) -> None:
    fallen.says("!alias edit falls = counter deaths: {count} deaths")
    fallen.says("!alias count falls 3")
    gone = fallen.says("!alias remove falls")
    assert " deaths counts on from 3." in fallen.says(undo(gone))


def test_what_another_counts_the_same_is_told_of_by_nobody(fallen: Channel) -> None:
    fallen.says("!alias add too = counter falls: {count} too")
    gone = fallen.says("!alias remove falls")
    assert fallen.says("!too", "bo") == "9 too"
    assert "counts on" not in fallen.says(undo(gone))
    assert fallen.says("!falls", "cy") == "10 falls"
