"""Reading from the replica what its reader may have written a moment ago.

By the community's version, as the router does it (stores/versions.py): a replica that has come as
far as the change that the reader knows of has all that was written before it.
"""

from __future__ import annotations

from typing import Any, LiteralString

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Postgres

Rows = list[dict[str, Any]]


def read_as_of(
    postgres: Postgres,
    community: CommunityId,
    version: str,
    statement: LiteralString,
    params: dict[str, Any],
) -> Rows:
    """The rows of a SELECT, its values as JSON has them.

    From the replica where it has this version of the community, which is one round trip; else
    from the writer, as also for whoever knows no version. Raises Unavailable.

    `params` are those of the statement.
    """
    asked = _in_one_snapshot(statement)
    params = {**params, "as_of_community": community}
    if version:
        [row] = postgres.read(asked, params)
        if row["version"] == version:
            return list(row["found"])
    [row] = postgres.write(asked, params)
    return list(row["found"])


def _in_one_snapshot(statement: LiteralString) -> LiteralString:
    return _AS_OF + statement + ") AS found) AS found"


_AS_OF = """
    SELECT (
        SELECT version FROM communities WHERE id = %(as_of_community)s
    ) AS version, (
        SELECT coalesce(jsonb_agg(to_jsonb(found)), '[]') FROM ("""
