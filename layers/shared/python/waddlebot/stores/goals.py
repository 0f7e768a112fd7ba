"""What a community counts towards, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.goals import CommunityGoal
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit

_OF = """
    SELECT what, target, title, counted FROM goals WHERE community_id = %(id)s ORDER BY what
"""


class Goals:
    """Of one community, in a change of it."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._community = community

    def hold(self) -> None:
        """Nothing is counted until the end: pushes are numbered before what they count for."""
        self._edit.connection.execute(
            "SELECT FROM overlay_state WHERE community_id = %(id)s FOR UPDATE",
            {"id": self._community},
        )

    def all(self) -> dict[str, CommunityGoal]:
        """By what is counted."""
        rows = self._edit.connection.execute(_OF, {"id": self._community})
        return {row["what"]: goal_of(row) for row in rows}

    def put(self, goal: CommunityGoal, *, before: CommunityGoal | None) -> None:
        self._edit.connection.execute(
            """
            INSERT INTO goals (community_id, what, target, title, counted)
            VALUES (%(id)s, %(what)s, %(target)s, %(title)s, %(count)s)
            ON CONFLICT (community_id, what) DO UPDATE SET target = excluded.target,
                title = excluded.title, counted = excluded.counted
            """,
            {"id": self._community, **asdict(goal)},
        )
        was = None if before is None else asdict(before)
        self._edit.note("set goal", goal.what, self._community, before=was, after=asdict(goal))

    def remove(self, goal: CommunityGoal) -> None:
        self._edit.connection.execute(
            "DELETE FROM goals WHERE community_id = %(id)s AND what = %(what)s",
            {"id": self._community, "what": goal.what},
        )
        self._edit.note("remove goal", goal.what, self._community, before=asdict(goal))


def list_goals(postgres: Postgres, community: CommunityId) -> list[CommunityGoal]:
    """As the writer has them. Raises Unavailable."""
    return [goal_of(row) for row in postgres.write(_OF, {"id": community})]


def goal_of(row: Mapping[str, Any]) -> CommunityGoal:
    """`row` is one of the table, by its columns."""
    return CommunityGoal(
        what=row["what"], target=row["target"], title=row["title"], count=row["counted"]
    )
