"""What a person keeps for nobody else; each statement names whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.modules.memories.people import Somebody
from waddlebot.stores.postgres import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNote:
    number: int
    words: str
    created_at: datetime


class PrivateNotes:
    """The table `private_notes`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, community: int, words: str, *, by: Somebody, at: datetime) -> PrivateNote:
        statement = """
            WITH given AS (
                INSERT INTO memory_numbers AS numbers (community_id, series, last)
                VALUES (%(community)s, 'private_notes', 1)
                ON CONFLICT (community_id, series) DO UPDATE SET last = numbers.last + 1
                RETURNING last)
            INSERT INTO private_notes (community_id, number, platform, user_id, words, created_at)
            SELECT %(community)s, last, %(platform)s, %(user)s, %(words)s, %(at)s FROM given
            RETURNING *
            """
        values = {"community": community, "words": words, "at": at, **_whose(by)}
        [row] = self._connection.execute(statement, values).fetchall()
        return _note(row)

    def list_with(self, community: int, person: Somebody, words: str = "") -> list[PrivateNote]:
        """This person's with these words in them, the newest first."""
        statement = """
            SELECT * FROM private_notes
            WHERE community_id = %(community)s AND platform = %(platform)s AND user_id = %(user)s
              AND strpos(lower(words), lower(%(words)s)) > 0
            ORDER BY number DESC
            """
        values = {"community": community, "words": words, **_whose(person)}
        return [_note(row) for row in self._connection.execute(statement, values).fetchall()]

    def drop(self, community: int, number: int, person: Somebody) -> bool:
        """False where this person has none with that number."""
        statement = """
            DELETE FROM private_notes
            WHERE community_id = %(community)s AND number = %(number)s
              AND platform = %(platform)s AND user_id = %(user)s
            """
        values = {"community": community, "number": number, **_whose(person)}
        return self._connection.execute(statement, values).rowcount == 1

    def remove_all(self, community: int, platform: str, user_id: str) -> int:
        return self._connection.execute(
            """
            DELETE FROM private_notes
            WHERE community_id = %s AND platform = %s AND user_id = %s
            """,
            (community, platform, user_id),
        ).rowcount


def _whose(person: Somebody) -> Mapping[str, str]:
    return {"platform": person.platform, "user": person.id}


def _note(row: Mapping[str, Any]) -> PrivateNote:
    return PrivateNote(number=row["number"], words=row["words"], created_at=row["created_at"])
