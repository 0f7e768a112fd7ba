"""A community whose uploads are read back: a database, a store, and the two functions between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.media import reader_handler, records_handler
from local.object_store import AT, BUCKET, key_id_of, secret_of
from tests.helpers.aws_context import AwsContext
from tests.helpers.lambda_stand_in import Door, lambda_stand_in
from tests.helpers.media_store import SECRET, RunningStore, running_store
from tests.helpers.uploading import post_form
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.media_files import ask_upload
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.media_files import MediaFile, incoming_key
from waddlebot.runtime.needs import MEDIA_BUCKET, S3_ENDPOINT
from waddlebot.stores.media_files import list_media
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing


@dataclass(slots=True, kw_only=True)
class Reading:
    """`told_again` events come as the first begins. Of a sweep it is heard `heard` times what went;
    then whoever tells it is not answered, as one that was killed.
    """

    database: Postgres
    versions: Versions
    store: RunningStore
    community: CommunityId
    told_again: int = 0
    heard: int = 1_000

    def asks(self, name: str, content_type: str = "image/png", size: int = 100) -> MediaFile:
        """Raises Refusal."""
        asker = Asker.of_the_house("tests", self.community)
        with editing(self.database, self.versions) as edit:
            return ask_upload(
                edit,
                asker,
                title=name,
                content_type=content_type,
                size=size,
                now=datetime.now(UTC),
            )

    def uploads(self, name: str, content: bytes, content_type: str = "image/png") -> str:
        """Its key."""
        file = self.asks(name, content_type, len(content))
        key = incoming_key(self.community, file.id)
        assert post_form(self.store.form(key, most=len(content)), content).status == 204
        return key

    def is_told(self, key: str) -> str:
        told = reader_handler.handler({"detail": {"object": {"key": key}}}, AwsContext())
        read: str = told["read"]
        return read

    def sweeps(self) -> int:
        """How many keys went."""
        deleted: int = reader_handler.handler({}, AwsContext())["deleted"]
        return deleted

    def answers(self, door: Door) -> None:
        asked = json.loads(door.body)
        if asked["asks"] == "gone":
            self.heard -= 1
            if self.heard < 0:
                door.says({"message": "killed"}, 500)
                return
        told = records_handler.handler(asked, AwsContext())
        if asked["asks"] == "begin" and self.told_again:
            self.told_again -= 1
            assert self.is_told(incoming_key(asked["community"], asked["id"])) == "nobody's"
        door.says(told)

    def file(self, name: str) -> MediaFile:
        return next(one for one in list_media(self.database, self.community) if one.title == name)

    def doomed(self) -> list[str]:
        return [row["key"] for row in self.database.write("SELECT key FROM doomed_media", {})]

    def keys(self) -> list[str]:
        folder = self.store.folder
        return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


@contextmanager
def a_reading(
    database: Postgres,
    versions: Versions,
    community: CommunityId,
    *,
    url: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Reading]:
    with running_store(folder) as store:
        at = Reading(database=database, versions=versions, store=store, community=community)
        with lambda_stand_in(at.answers) as functions:
            environment: dict[str, Any] = {
                **functions.environment(WADDLEBOT_FUNCTION_PREFIX="").values,
                "DATABASE_URL": url,
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
