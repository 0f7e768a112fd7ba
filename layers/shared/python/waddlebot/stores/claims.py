"""Who carries what: rows of `coordination`, each held by one gateway (spec, "Coordination System").

A holder's name is of one process alone, so it fences every write: nobody gives back what another
has taken meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import redis

from waddlebot.stores import keys
from waddlebot.stores.audit_log import Change, note
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.valkey import STREAMS, Script

EXPIRY_SECONDS = 360
CHECK_IN_SECONDS = 300
"""The spec's numbers: checked in every five minutes, a minute of grace."""
USUAL_PRIORITY = 100
SETTLED_SECONDS = 15
"""Who has claimed something a moment ago may not have been seen alive yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimable:
    """`holder` is empty where nobody has it; `since` when it took it.

    `servers` are those of a shard; `trouble` is a sentence for the operator.

    `viewers` is how many watch, 0 off air. Of a lower `priority` comes first, on air or not.
    `seen_at` is when somebody was last seen to write there, or it was on air.
    """

    platform: str
    channel: str
    priority: int = USUAL_PRIORITY
    holder: str = ""
    since: datetime | None = None
    is_live: bool = False
    viewers: int = 0
    seen_at: datetime | None = None
    servers: Sequence[str] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A channel that is on air, how many `viewers` watch, and the `game` that is played."""

    channel: str
    viewers: int
    game: str = ""


class Claims:
    """Every method raises Unavailable: the writer does not answer."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def populate(self, platform: str, channels: Sequence[str]) -> None:
        """Rows for these, where there are none yet; others that nobody holds are taken away."""
        self._postgres.write(
            """
            WITH gone AS (
                DELETE FROM coordination
                WHERE platform = %(platform)s AND channel_id <> ALL(%(channels)s::text[])
                    AND (claimed_by IS NULL OR claim_expires < now())
            )
            INSERT INTO coordination (platform, channel_id)
            SELECT %(platform)s, unnest(%(channels)s::text[])
            ON CONFLICT (platform, channel_id) DO NOTHING
            """,
            {"platform": platform, "channels": list(channels)},
        )

    def look(self, holder: str = "") -> list[Claimable]:
        """All rows as they stand: by priority, then what is on air, much watched and lately seen
        first; the holder's own are checked in when it is time."""
        rows = self._postgres.write(
            """
            WITH checked_in AS (
                UPDATE coordination SET claim_expires = now() + %(expiry)s * interval '1 s',
                    last_activity = greatest(last_activity, last_line_in(platform, channel_id))
                WHERE claimed_by = %(holder)s
                    AND claim_expires < now() + %(left)s * interval '1 s'
            )
            SELECT * FROM coordination
            ORDER BY platform, priority, is_live DESC, viewer_count DESC,
                last_activity DESC NULLS LAST, length(channel_id), channel_id
            """,
            {
                "holder": holder,
                "expiry": EXPIRY_SECONDS,
                "left": EXPIRY_SECONDS - CHECK_IN_SECONDS,
            },
        )
        return [
            Claimable(
                platform=row["platform"],
                channel=row["channel_id"],
                priority=row["priority"],
                holder=row["claimed_by"] or "",
                since=row["claimed_at"],
                is_live=row["is_live"],
                viewers=row["viewer_count"],
                seen_at=row["last_activity"],
                servers=row["servers"],
                trouble=row["trouble"],
            )
            for row in rows
        ]

    def take(
        self,
        holder: str,
        wanted: Sequence[Claimable],
        *,
        alive: Collection[str],
        ended: Collection[str] = (),
    ) -> list[Claimable]:
        """Those of `wanted` that are the holder's now, because nobody who lives had them.

        `ended` are holders that are known to be no more; of others that are not `alive` only what
        they have had for a while is taken.
        """
        rows = self._postgres.write(
            """
            WITH free AS (
                SELECT id FROM coordination
                JOIN unnest(%(platforms)s::text[], %(channels)s::text[])
                    AS wanted (platform, channel_id) USING (platform, channel_id)
                WHERE claimed_by IS NULL OR claimed_by = %(holder)s
                    OR claimed_by = ANY(%(ended)s) OR claim_expires < now()
                    OR (claimed_by <> ALL(%(alive)s)
                        AND claimed_at < now() - %(settled)s * interval '1 s')
                ORDER BY id FOR UPDATE OF coordination SKIP LOCKED
            )
            UPDATE coordination SET claimed_by = %(holder)s, claimed_at = now(),
                claim_expires = now() + %(expiry)s * interval '1 s', servers = '{}', trouble = '',
                heartbeat_interval = %(check_in)s
            FROM free WHERE coordination.id = free.id
            RETURNING platform, channel_id
            """,
            {
                "holder": holder,
                "platforms": [one.platform for one in wanted],
                "channels": [one.channel for one in wanted],
                "alive": list(alive),
                "ended": list(ended),
                "settled": SETTLED_SECONDS,
                "expiry": EXPIRY_SECONDS,
                "check_in": CHECK_IN_SECONDS,
            },
        )
        return [
            Claimable(platform=row["platform"], channel=row["channel_id"], holder=holder)
            for row in rows
        ]

    def release(self, holder: str, claims: Sequence[Claimable]) -> None:
        """Gives back what is still the holder's."""
        self._postgres.write(
            """
            UPDATE coordination
            SET claimed_by = NULL, claimed_at = NULL, claim_expires = NULL,
                servers = '{}', trouble = '', heartbeat_interval = NULL
            FROM unnest(%(platforms)s::text[], %(channels)s::text[])
                AS given (platform, channel_id)
            WHERE coordination.platform = given.platform
                AND coordination.channel_id = given.channel_id AND claimed_by = %(holder)s
            """,
            {
                "holder": holder,
                "platforms": [one.platform for one in claims],
                "channels": [one.channel for one in claims],
            },
        )

    def withdraw(self, claims: Sequence[Claimable]) -> None:
        """Nobody shall carry these any more: their rows go, where nobody has them."""
        self._postgres.write(
            """
            DELETE FROM coordination
            USING unnest(%(platforms)s::text[], %(channels)s::text[]) AS gone (platform, channel_id)
            WHERE coordination.platform = gone.platform
                AND coordination.channel_id = gone.channel_id AND claimed_by IS NULL
            """,
            {
                "platforms": [one.platform for one in claims],
                "channels": [one.channel for one in claims],
            },
        )

    def tell(
        self,
        holder: str,
        claim: Claimable,
        *,
        servers: Sequence[str] | None = None,
        trouble: str | None = None,
    ) -> None:
        """Of what is still the holder's; None leaves what stands there."""
        self._postgres.write(
            """
            UPDATE coordination SET servers = coalesce(%(servers)s::text[], servers),
                trouble = coalesce(%(trouble)s::text, trouble)
            WHERE platform = %(platform)s AND channel_id = %(channel)s
                AND claimed_by = %(holder)s
            """,
            {
                "platform": claim.platform,
                "channel": claim.channel,
                "holder": holder,
                "servers": None if servers is None else list(servers),
                "trouble": trouble,
            },
        )

    def waiting(self, platform: str, channels: Sequence[str]) -> set[str]:
        """Those of them that no gateway carries, though they could be."""
        rows = self._postgres.write(
            """
            SELECT channel_id FROM coordination
            WHERE platform = %(platform)s AND channel_id = ANY(%(channels)s::text[])
                AND (claimed_by IS NULL OR claim_expires < now())
            """,
            {"platform": platform, "channels": list(channels)},
        )
        return {row["channel_id"] for row in rows}

    def prefer(self, platform: str, channel: str, priority: int, *, by: str) -> int | None:
        """Of a lower priority is taken first, whatever is on air; 100 is everybody's.

        `channel` is what it is claimed by, or its login. What it was before; None where nothing is
        claimed under that name. `by` is on record.
        """
        with self._postgres.writer() as transaction:
            row = transaction.execute(
                """
                SELECT channel_id, priority FROM coordination
                WHERE platform = %(platform)s AND (channel_id = %(channel)s OR channel_id IN (
                    SELECT split_part(entity_id, ':', 3) FROM entity_names
                    WHERE name = %(platform)s || ':channel:' || lower(%(channel)s)
                    UNION SELECT account FROM connections
                    WHERE (service, kind, name) = (%(platform)s, 'channel', lower(%(channel)s))
                )) ORDER BY channel_id <> %(channel)s LIMIT 1 FOR UPDATE
                """,
                {"platform": platform, "channel": channel},
            ).fetchone()
            if row is None:
                return None
            before: int = row["priority"]
            channel = row["channel_id"]
            if before != priority:
                transaction.execute(
                    """
                    UPDATE coordination SET priority = %(priority)s
                    WHERE platform = %(platform)s AND channel_id = %(channel)s
                    """,
                    {"platform": platform, "channel": channel, "priority": priority},
                )
                change = Change(
                    who=by,
                    action="prefer channel",
                    about=f"{platform} {channel}",
                    before={"priority": before},
                    after={"priority": priority},
                )
                note(transaction, change)
        return before

    def set_live(self, platform: str, live: Sequence[Live]) -> list[str]:
        """All others of the platform are off air. Those where something else runs than before."""
        rows = self._postgres.write(
            """
            UPDATE coordination SET is_live = live.channel IS NOT NULL,
                viewer_count = coalesce(live.viewers, 0), game = coalesce(live.game, ''),
                last_activity = CASE WHEN live.channel IS NULL THEN coordination.last_activity
                    ELSE now() END
            FROM coordination AS row
            LEFT JOIN unnest(%(channels)s::text[], %(viewers)s::int[], %(games)s::text[])
                AS live (channel, viewers, game) ON live.channel = row.channel_id
            WHERE row.id = coordination.id AND coordination.platform = %(platform)s
                AND (coordination.is_live, coordination.viewer_count, coordination.game)
                    IS DISTINCT FROM (
                        live.channel IS NOT NULL, coalesce(live.viewers, 0), coalesce(live.game, '')
                    )
            RETURNING coordination.channel_id, (coordination.is_live, coordination.game)
                IS DISTINCT FROM (row.is_live, row.game) AS is_news
            """,
            {
                "platform": platform,
                "channels": [one.channel for one in live],
                "viewers": [one.viewers for one in live],
                "games": [one.game for one in live],
            },
        )
        return [row["channel_id"] for row in rows if row["is_news"]]


# KEYS: who lives until when (sorted set).
_ALIVE = Script(
    """
    local now = redis.call('TIME')[1] * 1000
    return redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')
    """,
    server=STREAMS,
)


def find_alive(client: redis.Redis) -> set[str]:
    """Holders that have lately said that they live. Raises Unavailable."""
    return {name.decode() for name in _ALIVE.run(client, [keys.gateways_alive()], [])}
