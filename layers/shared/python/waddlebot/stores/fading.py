"""Points that fade: each week by so many in a hundred, where a community wants that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from waddlebot.domain.standing_tiers import BEGIN
from waddlebot.stores.postgres import Connection

_STATEMENT = """
    WITH wanting AS (
        SELECT id, (settings #>> '{waddlebot,decay}')::int AS percent FROM communities
        WHERE settings #> '{waddlebot,decay}' IS NOT NULL
    ), stopped AS (
        -- Where it is off it begins anew, however soon it is on again.
        DELETE FROM reputation_fading
        WHERE community_id NOT IN (SELECT id FROM wanting WHERE percent > 0)
    ), begun AS (
        -- Once a week and community, whoever comes; the first time it is only remembered.
        INSERT INTO reputation_fading AS known (community_id, week)
        SELECT id, %(first_week)s FROM wanting WHERE percent > 0 ORDER BY id
        ON CONFLICT (community_id) DO UPDATE SET week = %(week)s WHERE known.week < %(week)s
        RETURNING community_id, old.week AS before
    ), fading AS (
        -- In the order in which the record locks them. What nobody swept is left out.
        SELECT community_id, platform, user_id, percent
        FROM reputation JOIN begun USING (community_id) JOIN wanting ON wanting.id = community_id
        WHERE before = %(last_week)s
        ORDER BY community_id, platform, user_id FOR UPDATE OF reputation
    )
    UPDATE reputation AS known SET
        points = known.points - trunc(known.points * percent / 100.0)::bigint,
        standing = known.standing - trunc((known.standing - %(begin)s) * percent / 100.0)::int
    FROM fading
    WHERE (known.community_id, known.platform, known.user_id)
        = (fading.community_id, fading.platform, fading.user_id)
"""


def fade_points(connection: Connection, now: datetime) -> int:
    """Toward nothing, from above and from below; so many accounts. Again in a week it is nothing.

    `now` has a zone. A week begins on Monday in UTC, and the first is a whole one: what an admin
    set by mistake on a Sunday is not done on Monday.
    """
    today = now.astimezone(UTC).date()
    week = today - timedelta(days=today.weekday())
    about = {
        "week": week,
        "first_week": week if week == today else week + timedelta(days=7),
        "last_week": week - timedelta(days=7),
        "begin": BEGIN,
    }
    return connection.execute(_STATEMENT, about).rowcount
