"""Of which places a community shows its chat in OBS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.chat_box import ChatBox
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit

_OF = "SELECT places, commands FROM chat_boxes WHERE community_id = %(id)s"


class ChatBoxes:
    """Of one community, in a change of it."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._community = community

    def find(self) -> ChatBox | None:
        row = self._edit.connection.execute(_OF, {"id": self._community}).fetchone()
        return _box(row) if row else None

    def put(self, box: ChatBox) -> None:
        """What was written before now is not shown."""
        self._edit.connection.execute(
            """
            INSERT INTO chat_boxes (community_id, places, commands)
            VALUES (%(id)s, %(places)s, %(commands)s)
            ON CONFLICT (community_id) DO UPDATE SET
                places = excluded.places, commands = excluded.commands, since = now()
            """,
            {"id": self._community, "places": sorted(box.places), "commands": box.commands},
        )
        self._note("show chat", {"places": sorted(box.places), "commands": box.commands})

    def remove(self) -> None:
        self._edit.connection.execute(
            "DELETE FROM chat_boxes WHERE community_id = %(id)s", {"id": self._community}
        )
        self._note("hide chat", None)

    def _note(self, action: str, after: dict[str, Any] | None) -> None:
        self._edit.note(action, "chat", self._community, after=after)


def find_box(postgres: Postgres, community: CommunityId) -> ChatBox | None:
    """Raises Unavailable."""
    rows = postgres.write(_OF, {"id": community})
    return _box(rows[0]) if rows else None


def _box(row: Mapping[str, Any]) -> ChatBox:
    return ChatBox(places=frozenset(row["places"]), commands=row["commands"])
