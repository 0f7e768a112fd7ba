"""An upload on its way from the bucket to the record: told of twice, and larger than its room."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.helpers.media_reading import Reading
from tests.helpers.media_samples import jpeg_with_exif, moving, opus, png, wav
from tests.helpers.uploading import post_form
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.media_files import show_media
from waddlebot.domain.media_files import MOST_BYTES_OF_ALL
from waddlebot.stores.versions import editing


def test_who_is_told_of_an_upload_while_another_reads_it_leaves_it_there(reading: Reading) -> None:
    key = reading.uploads("tada", png())
    reading.told_again = 1
    assert reading.is_told(key) == "ready"
    assert reading.file("tada").state == "ready"
    assert reading.keys() == [reading.file("tada").path.replace("/files/", "media/")]


def test_what_nobody_asked_for_or_was_read_already_goes_unread(reading: Reading) -> None:
    key = reading.uploads("tada", png())
    assert reading.is_told(key) == "ready"
    form = reading.store.form(key, most=10_000)
    assert post_form(form, png((9, 9))).status == 204
    assert reading.is_told(key) == "nobody's"
    assert reading.keys() == [reading.file("tada").path.replace("/files/", "media/")]


def test_what_has_grown_when_it_was_written_anew_counts_as_it_is(reading: Reading) -> None:
    key = reading.uploads("tada", png())
    small = reading.file("tada")
    reading.database.write(
        """
        INSERT INTO media_files
            (id, community_id, title, kind, size, state, ending, asked_at, changed_at)
        VALUES (repeat('a', 32), %(id)s, 'rest', 'image', %(size)s, 'ready', 'png', now(), now())
        """,
        {"id": reading.community, "size": MOST_BYTES_OF_ALL - 10},
    )
    reading.is_told(key)
    file = reading.file("tada")
    assert (file.state, file.ending) == ("refused", "")
    assert file.why.startswith("Written anew it has ")
    assert file.size == small.size
    assert reading.keys() == []


def test_what_a_file_is_says_its_content_and_not_whoever_asked(reading: Reading) -> None:
    """Asked for as a PNG: a JPEG is served as one, and a sound is no picture."""
    assert reading.is_told(reading.uploads("tada", jpeg_with_exif())) == "ready"
    assert reading.file("tada").ending == "jpg"
    assert reading.is_told(reading.uploads("fanfare", opus())) == "refused"
    assert reading.file("fanfare").why.startswith("That is no picture")


@pytest.mark.parametrize(
    ("content_type", "content", "seconds"),
    [
        ("image/png", png(), 10),
        ("image/gif", moving("GIF", 4), 10),  # a fifth of a second: it goes round
        ("image/gif", moving("GIF", 3, milliseconds=5_000), 15),
        ("audio/wav", wav(0.5), 1),
        ("audio/wav", wav(3.2, 8_000), 4),
    ],
)
def test_a_file_is_shown_to_its_end_and_a_picture_at_least_as_long_as_any(
    reading: Reading, content_type: str, content: bytes, seconds: int
) -> None:
    assert reading.is_told(reading.uploads("tada", content, content_type)) == "ready"
    asker = Asker.of_the_house("tests", reading.community)
    with editing(reading.database, reading.versions) as edit:
        show_media(edit, asker, title="tada", now=datetime.now(UTC))
    [push] = reading.database.write("SELECT content FROM overlay_pushes", {})
    assert push["content"]["duration"] == seconds
