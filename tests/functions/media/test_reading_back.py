"""An upload on its way from the bucket to the record: told of twice, and larger than its room."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.media import reader_handler, records_handler
from local.object_store import AT, BUCKET, key_id_of, secret_of
from tests.helpers.aws_context import AwsContext
from tests.helpers.events_and_commands import TWITCH
from tests.helpers.lambda_stand_in import Door, lambda_stand_in
from tests.helpers.media_samples import png
from tests.helpers.media_store import SECRET, RunningStore, running_store
from tests.helpers.servers import Urls
from tests.helpers.uploading import post_form
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.media_files import ask_upload
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.media_files import MOST_BYTES_OF_ALL, MediaFile, incoming_key
from waddlebot.runtime.needs import MEDIA_BUCKET, S3_ENDPOINT
from waddlebot.stores.media_files import list_media
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing


@dataclass(slots=True, kw_only=True)
class Reading:
    """A community whose uploads are read. `told_again` events come as the first begins."""

    database: Postgres
    versions: Versions
    store: RunningStore
    community: CommunityId
    told_again: int = 0

    def uploads(self, name: str, content: bytes) -> str:
        """Its key."""
        asker = Asker.of_the_house("tests", self.community)
        with editing(self.database, self.versions) as edit:
            file = ask_upload(
                edit,
                asker,
                title=name,
                content_type="image/png",
                size=len(content),
                now=datetime.now(UTC),
            )
        key = incoming_key(self.community, file.id)
        assert post_form(self.store.form(key, most=len(content)), content).status == 204
        return key

    def is_told(self, key: str) -> str:
        read: str = reader_handler.handler({"detail": {"object": {"key": key}}}, AwsContext())[
            "read"
        ]
        return read

    def answers(self, door: Door) -> None:
        asked = json.loads(door.body)
        told = records_handler.handler(asked, AwsContext())
        if asked["asks"] == "begin" and self.told_again:
            self.told_again -= 1
            assert self.is_told(incoming_key(asked["community"], asked["id"])) == "nobody's"
        door.says(told)

    def file(self, name: str) -> MediaFile:
        return next(one for one in list_media(self.database, self.community) if one.title == name)

    def keys(self) -> list[str]:
        folder = self.store.folder
        return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


@pytest.fixture
def reading(
    database: Postgres,
    versions: Versions,
    database_urls: Urls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Reading]:
    with editing(database, versions) as edit:
        community = Places(edit).join([TWITCH], "The Pond")
    with running_store(tmp_path / "media") as store:
        at = Reading(database=database, versions=versions, store=store, community=community)
        with lambda_stand_in(at.answers) as functions:
            environment: dict[str, Any] = {
                **functions.environment(WADDLEBOT_FUNCTION_PREFIX="").values,
                "DATABASE_URL": database_urls["DATABASE_URL"],
                MEDIA_BUCKET: BUCKET,
                S3_ENDPOINT: f"{store.url}{AT}",
                "AWS_ACCESS_KEY_ID": key_id_of("read-back"),
                "AWS_SECRET_ACCESS_KEY": secret_of("read-back", SECRET),
            }
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            _forget()
            yield at
            records_handler.resources().close()
            _forget()


def _forget() -> None:
    reader_handler.resources.cache_clear()
    records_handler.resources.cache_clear()


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
