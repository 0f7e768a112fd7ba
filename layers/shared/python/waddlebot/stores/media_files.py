"""Which pictures and sounds a community has; their bytes lie in a bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.media_files import (
    KEPT_FOR,
    MOST_BYTES_OF_ALL,
    READING_TIME,
    MediaFile,
    MediaKind,
    MediaState,
    ReadBack,
)
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.versions import Edit

MOST_DOOMED = 500
NEVER_READ = "It could not be read within the time for it."
_OF = "SELECT * FROM media_files WHERE community_id = %(community)s ORDER BY title"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaUse:
    """Of a community, without what was refused: how many `files` there are, their `size` in bytes
    in all, and how many are `waiting` to be uploaded.
    """

    files: int
    size: int
    waiting: int


class CommunityMedia:
    """Of one community, in a change of it."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._connection = edit.connection
        self._community = community

    def find(self, title: str) -> MediaFile | None:
        row = self._connection.execute(
            "SELECT * FROM media_files WHERE community_id = %(community)s AND title = %(title)s",
            {"community": self._community, "title": title},
        ).fetchone()
        return _file(row) if row else None

    def use(self) -> MediaUse:
        row = self._connection.execute(
            """
            SELECT count(*) AS files, coalesce(sum(size), 0)::bigint AS size,
                count(*) FILTER (WHERE state = 'asked') AS waiting
            FROM media_files WHERE community_id = %(community)s AND state <> 'refused'
            """,
            {"community": self._community},
        ).fetchone()
        assert row is not None  # noqa: S101 - counting has a row
        return MediaUse(**row)

    def ask(self, file: MediaFile) -> None:
        self._connection.execute(
            """
            INSERT INTO media_files (id, community_id, title, kind, size, state, asked_at,
                changed_at)
            VALUES (%(id)s, %(community)s, %(title)s, %(kind)s, %(size)s, 'asked', %(now)s, %(now)s)
            """,
            {
                "id": file.id,
                "community": self._community,
                "title": file.title,
                "kind": file.kind.value,
                "size": file.size,
                "now": file.asked_at,
            },
        )
        after = {"kind": file.kind.value, "size": file.size}
        self._edit.note("add media file", file.title, self._community, after=after)

    def remove(self, file: MediaFile) -> None:
        self._connection.execute("DELETE FROM media_files WHERE id = %(id)s", {"id": file.id})
        before = {"kind": file.kind.value, "size": file.size, "state": file.state.value}
        self._edit.note("remove media file", file.title, self._community, before=before)


def list_media(postgres: Postgres, community: CommunityId) -> Sequence[MediaFile]:
    """By their titles. Raises Unavailable."""
    return [_file(row) for row in postgres.write(_OF, {"community": community})]


def begin_reading(
    connection: Connection, community: CommunityId, file: str, now: datetime
) -> MediaFile | None:
    """Takes what was asked for, once: None for what nobody asked for or somebody reads already."""
    row = connection.execute(
        """
        UPDATE media_files SET state = 'reading', changed_at = %(now)s
        WHERE id = %(id)s AND community_id = %(community)s AND state = 'asked' RETURNING *
        """,
        {"id": file, "community": community, "now": now},
    ).fetchone()
    return _file(row) if row else None


def is_being_read(connection: Connection, community: CommunityId, file: str) -> bool:
    found = connection.execute(
        """
        SELECT FROM media_files
        WHERE id = %(id)s AND community_id = %(community)s AND state = 'reading'
        """,
        {"id": file, "community": community},
    )
    return found.rowcount == 1


def has_room(connection: Connection, community: CommunityId, file: str, size: int) -> bool:
    """Whether it may have that size beside all else; until the end nobody else takes the room."""
    connection.execute(
        "SELECT FROM communities WHERE id = %(community)s FOR NO KEY UPDATE",
        {"community": community},
    )
    row = connection.execute(
        """
        SELECT coalesce(sum(size), 0)::bigint AS size FROM media_files
        WHERE community_id = %(community)s AND id <> %(id)s AND state <> 'refused'
        """,
        {"community": community, "id": file},
    ).fetchone()
    assert row is not None  # noqa: S101 - counting has a row
    return int(row["size"]) + size <= MOST_BYTES_OF_ALL


def end_reading(
    connection: Connection, community: CommunityId, file: str, found: ReadBack, now: datetime
) -> bool:
    """Whether it is served from now on: nobody removed it meanwhile."""
    changed = connection.execute(
        """
        UPDATE media_files SET state = 'ready', ending = %(ending)s, size = %(size)s,
            width = %(width)s, height = %(height)s, seconds = %(seconds)s, changed_at = %(now)s
        WHERE id = %(id)s AND community_id = %(community)s AND state = 'reading'
        """,
        {
            "id": file,
            "community": community,
            "ending": found.ending,
            "size": found.size,
            "width": found.width,
            "height": found.height,
            "seconds": found.seconds,
            "now": now,
        },
    )
    return changed.rowcount == 1


def refuse_reading(
    connection: Connection, community: CommunityId, file: str, why: str, now: datetime
) -> None:
    connection.execute(
        """
        UPDATE media_files SET state = 'refused', why = %(why)s, changed_at = %(now)s
        WHERE id = %(id)s AND community_id = %(community)s AND state = 'reading'
        """,
        {"id": file, "community": community, "why": why, "now": now},
    )


def sweep_media(connection: Connection, now: datetime) -> Sequence[str]:
    """Forgets what came to nothing, and says which keys are to go from the bucket."""
    connection.execute(
        """
        UPDATE media_files SET state = 'refused', why = %(why)s, changed_at = %(now)s
        WHERE state = 'reading' AND changed_at < %(read_by)s
        """,
        {"why": NEVER_READ, "now": now, "read_by": now - READING_TIME},
    )
    connection.execute(
        "DELETE FROM media_files WHERE state <> 'ready' AND asked_at < %(until)s",
        {"until": now - KEPT_FOR},
    )
    rows = connection.execute(
        "SELECT key FROM doomed_media ORDER BY since LIMIT %(most)s", {"most": MOST_DOOMED}
    )
    return [row["key"] for row in rows]


def forget_doomed(connection: Connection, keys: Sequence[str]) -> None:
    connection.execute("DELETE FROM doomed_media WHERE key = ANY(%(keys)s)", {"keys": list(keys)})


def _file(row: Mapping[str, Any]) -> MediaFile:
    return MediaFile(
        id=row["id"],
        community=CommunityId(row["community_id"]),
        title=row["title"],
        kind=MediaKind(row["kind"]),
        size=row["size"],
        state=MediaState(row["state"]),
        asked_at=row["asked_at"],
        changed_at=row["changed_at"],
        why=row["why"],
        ending=row["ending"],
        width=row["width"],
        height=row["height"],
        seconds=row["seconds"],
    )
