"""What a community may upload in all, and what goes: with it, and what came to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from functions.media import reader_handler
from local.object_store import BUCKET
from tests.helpers.media_reading import Reading
from tests.helpers.media_samples import png
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Refusal, Unavailable
from waddlebot.domain.media_files import (
    KEPT_FOR,
    MOST_BYTES,
    MOST_BYTES_OF_ALL,
    MOST_FILES,
    MOST_WAITING,
    READING_TIME,
    MediaKind,
)
from waddlebot.stores.media_files import list_media

LITTLE = timedelta(minutes=1)


def refused(reading: Reading, name: str, content_type: str = "image/png", size: int = 9) -> str:
    with pytest.raises(Refusal) as found:
        reading.asks(name, content_type, size)
    return found.value.code


def has(reading: Reading, names: Sequence[str], *, size: int = 1, state: str = "ready") -> None:
    """Files that were asked for just now."""
    for name in names:
        reading.database.write(
            """
            INSERT INTO media_files
                (id, community_id, title, kind, size, state, ending, asked_at, changed_at)
            VALUES (md5(%(name)s), %(id)s, %(name)s, 'image', %(size)s, %(state)s,
                CASE %(state)s WHEN 'ready' THEN 'png' ELSE '' END, now(), now())
            """,
            {"id": reading.community, "name": name, "size": size, "state": state},
        )


def older(reading: Reading, by: timedelta) -> None:
    reading.database.write(
        "UPDATE media_files SET asked_at = asked_at - %(by)s, changed_at = changed_at - %(by)s",
        {"by": by},
    )


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("audio/x-wav", MediaKind.SOUND),  # as `file` and Python say it
        ("audio/vnd.wave", MediaKind.SOUND),  # as IANA does
        ("audio/mp3", MediaKind.SOUND),
        ("audio/opus", MediaKind.SOUND),
        ("Image/JPG", MediaKind.IMAGE),
    ],
)
def test_a_type_is_taken_by_all_its_names(reading: Reading, told: str, kind: MediaKind) -> None:
    assert reading.asks("tada", told).kind is kind


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a/b", "a\\b", "..", "tada.png", "x" * 41, "a\0b", "\u202ea"]
)
def test_a_file_is_called_by_no_path(reading: Reading, name: str) -> None:
    assert refused(reading, name) == "INVALID_FIELD"
    assert list_media(reading.database, reading.community) == []


@pytest.mark.parametrize(
    ("content_type", "size"),
    [
        ("image/svg+xml", 9),
        ("text/html", 9),
        ("image/png; charset=x", 9),
        ("audio/mpeg", MOST_BYTES[MediaKind.SOUND] + 1),
        ("image/png", MOST_BYTES[MediaKind.IMAGE] + 1),
        ("image/png", 0),
        ("image/png", -1),
    ],
)
def test_of_no_other_type_and_no_larger_size(
    reading: Reading, content_type: str, size: int
) -> None:
    assert refused(reading, "tada", content_type, size) == "INVALID_FIELD"


def test_so_many_files_and_no_more(reading: Reading) -> None:
    has(reading, [f"f{number}" for number in range(MOST_FILES)])
    assert refused(reading, "tada") == "NO_ROOM"


def test_so_many_bytes_and_no_more_also_of_those_that_are_waited_for(reading: Reading) -> None:
    has(reading, ["large"], size=MOST_BYTES_OF_ALL - 10)
    assert refused(reading, "tada", size=11) == "NO_ROOM"
    reading.asks("tada", size=10)
    assert refused(reading, "more", size=1) == "NO_ROOM"


def test_so_many_are_waited_for(reading: Reading) -> None:
    has(reading, [f"f{number}" for number in range(MOST_WAITING)], state="asked")
    assert refused(reading, "tada") == "UPLOADS_OPEN"


def test_what_was_refused_takes_no_room(reading: Reading) -> None:
    has(reading, ["large"], size=MOST_BYTES_OF_ALL, state="refused")
    reading.asks("tada", size=10)


def test_what_was_never_read_back_goes_after_an_hour_and_not_before(reading: Reading) -> None:
    key = reading.uploads("lost", png())
    assert reading.is_told(reading.uploads("kept", png())) == "ready"
    served = reading.file("kept").path.replace("/files/", "media/")
    older(reading, KEPT_FOR - LITTLE)
    assert reading.sweeps() == 0
    assert reading.keys() == sorted([key, served])
    older(reading, 2 * LITTLE)
    assert reading.sweeps() == 1
    assert reading.keys() == [served]
    assert [one.title for one in list_media(reading.database, reading.community)] == ["kept"]


def test_who_reads_for_too_long_reads_no_more_and_its_room_is_free(reading: Reading) -> None:
    has(reading, ["slow"], size=MOST_BYTES_OF_ALL, state="reading")
    older(reading, READING_TIME + LITTLE)
    reading.sweeps()
    assert reading.file("slow").state == "refused"
    reading.asks("tada", size=10)


def test_a_community_takes_its_files_with_it(reading: Reading) -> None:
    """One that nothing was ever noted of: the log of deeds keeps all others."""
    reading.database.write("INSERT INTO communities (id, name, version) VALUES (7, 'Penguins', '')")
    reading.community = CommunityId(7)
    has(reading, ["tada"])
    served = reading.file("tada").path.replace("/files/", "media/")
    reading.store.client("read-back").put_object(Bucket=BUCKET, Key=served, Body=png())
    assert reading.keys() == [served]
    reading.database.write("DELETE FROM communities WHERE id = 7")
    reading.sweeps()
    assert reading.keys() == reading.doomed() == []


def test_a_sweep_that_was_killed_goes_on_where_it_was(reading: Reading) -> None:
    """What went is forgotten as it goes; else one that never comes to its end begins anew."""
    many = reader_handler.AT_ONCE * 3
    reading.database.write(
        """
        INSERT INTO doomed_media (key)
        SELECT 'incoming/1/' || md5(n::text) FROM generate_series(1, %(many)s) AS n
        """,
        {"many": many},
    )
    reading.heard = 1
    with pytest.raises(Unavailable):
        reading.sweeps()
    reading.heard = 1_000
    assert reading.sweeps() == many - reader_handler.AT_ONCE
    assert reading.doomed() == []
    assert reading.sweeps() == 0
