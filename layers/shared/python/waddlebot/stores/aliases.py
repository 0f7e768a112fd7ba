"""What a community calls lines of its own."""

from __future__ import annotations

from collections.abc import Mapping

from waddlebot.domain.aliases import read_alias
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.own_counters import OF_ALIASES, OwnCounters
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit

_OF = "SELECT alias, text FROM aliases WHERE community_id = %(id)s ORDER BY alias"


class Aliases:
    """Of one community, in a change of it."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._connection = edit.connection
        self._community = community
        self.counters = OwnCounters(edit, community, OF_ALIASES)

    def all(self) -> dict[str, str]:
        """What each stands for, by name."""
        return dict(self._kept())

    def _kept(self) -> dict[str, str]:
        """Read once of a community that is held."""
        return self._edit.keep("aliases", self._community, self._read)

    def _read(self) -> dict[str, str]:
        rows = self._connection.execute(_OF, {"id": self._community})
        return {row["alias"]: row["text"] for row in rows}

    def settle_counters(self) -> None:
        """Once all is changed, those that no alias counts with any more are left."""
        self._edit.at_last("counters of aliases", self._community, self._settle_counters)

    def _settle_counters(self) -> None:
        read = (read_alias(name, text) for name, text in self._kept().items())
        counted = {alias.counter for alias in read if alias.counter}
        self.counters.bring_back(counted)
        self.counters.leave_others(counted)

    def put(self, name: str, text: str, *, before: str | None) -> None:
        self._connection.execute(
            """
            INSERT INTO aliases (community_id, alias, text) VALUES (%(id)s, %(name)s, %(text)s)
            ON CONFLICT (community_id, alias) DO UPDATE SET text = excluded.text
            """,
            {"id": self._community, "name": name, "text": text},
        )
        self._kept()[name] = text
        was = None if before is None else {"text": before}
        self._edit.note("set alias", name, self._community, before=was, after={"text": text})

    def rename(self, before: str, after: str) -> None:
        """It stays the same one."""
        self._connection.execute(
            """
            UPDATE aliases SET alias = %(after)s
            WHERE community_id = %(id)s AND alias = %(before)s
            """,
            {"id": self._community, "before": before, "after": after},
        )
        kept = self._kept()
        if before in kept:
            kept[after] = kept.pop(before)
        self._edit.note(
            "rename alias", before, self._community, before={"name": before}, after={"name": after}
        )

    def remove(self, name: str, text: str) -> None:
        self._connection.execute(
            "DELETE FROM aliases WHERE community_id = %(id)s AND alias = %(name)s",
            {"id": self._community, "name": name},
        )
        self._kept().pop(name, None)
        self._edit.note("remove alias", name, self._community, before={"text": text})


def list_aliases(postgres: Postgres, community: CommunityId) -> Mapping[str, str]:
    """What each stands for, by name, in the alphabet's order. Raises Unavailable."""
    rows = postgres.write(_OF, {"id": community})
    return {row["alias"]: row["text"] for row in rows}
