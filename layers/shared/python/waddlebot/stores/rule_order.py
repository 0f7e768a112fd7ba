"""The order in which a community's rules are looked at, and whether one still is."""

from __future__ import annotations

from collections.abc import Sequence

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit


def put_in_order(edit: Edit, community: CommunityId, rules: Sequence[int]) -> None:
    """`rules` are the numbers of all that are at work. They keep them, and so do others theirs.

    The places are dealt out anew, so that no two have one, also of those that are off.
    """
    before = [
        row["id"]
        for row in edit.connection.execute(
            """
            SELECT id FROM string_rules WHERE community_id = %(community)s AND is_active
            ORDER BY priority, coalesce(place, id)
            """,
            {"community": community},
        )
    ]
    edit.connection.execute(
        """
        WITH wanted AS (
            SELECT id, turn FROM unnest(%(rules)s::bigint[]) WITH ORDINALITY AS one (id, turn)
        ), dealt AS (
            SELECT coalesce(place, id) AS place,
                row_number() OVER (ORDER BY coalesce(place, id)) AS turn
            FROM string_rules WHERE community_id = %(community)s AND id = ANY(%(rules)s)
        )
        UPDATE string_rules AS rule SET place = dealt.place
        FROM wanted JOIN dealt USING (turn) WHERE rule.id = wanted.id
        """,
        {"community": community, "rules": list(rules)},
    )
    after = {"rules": list(rules)}
    edit.note("order rules", "rules", community, before={"rules": before}, after=after)


def is_at_work(postgres: Postgres, community: CommunityId, rule: int) -> bool:
    """At the writer: it may have been switched off a moment ago. Raises Unavailable."""
    rows = postgres.write(
        """
        SELECT id FROM string_rules
        WHERE community_id = %(community)s AND id = %(rule)s AND is_active
        """,
        {"community": community, "rule": rule},
    )
    return bool(rows)
