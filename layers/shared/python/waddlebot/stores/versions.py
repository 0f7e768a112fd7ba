"""Version tokens: who keeps rows in memory learns from them that the rows changed.

A token is random; a community's begins with the time of its change, in µs. It stands in the
changed rows (`communities.version`, `table_versions`) and, after the commit, on the cache server
under every place of the community (docs/delivery.md). A missing token means changed. Rows and
token are loaded in one snapshot, so a replica that lags is found out by comparing.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import redis

from waddlebot.domain.entities import GLOBAL_COMMUNITY, CommunityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.socket_pushes import SocketPush
from waddlebot.stores import keys
from waddlebot.stores.audit_log import Change, Values, note
from waddlebot.stores.new_api_keys import NewApiKeys
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.valkey import CACHE, Script, answering

HOUSE = "waddlebot"
"""Who changes what nobody asked for."""

T = TypeVar("T")

log = logging.getLogger(__name__)

TOKEN_SECONDS = 86_400
"""Then whoever knew it loads once more: a server that evicts nothing must not keep all for good."""

# ARGV: seconds, then a token a key. Of two editors the later one's stays, whoever of them gets
# here first.
_SET = Script(
    """
    local function time_of(token)
      return tonumber(string.match(token or '', '^(%d+)%.') or 0)
    end

    for i, key in ipairs(KEYS) do
      if time_of(ARGV[i + 1]) >= time_of(redis.call('GET', key)) then
        redis.call('SET', key, ARGV[i + 1], 'EX', ARGV[1])
      end
    end
    """,
    server=CACHE,
)

# ARGV holds seconds, then, per key, the token that was seen ('' for none) and the one that the
# rows carry.
_MEND = Script(
    """
    for i, key in ipairs(KEYS) do
      if (redis.call('GET', key) or '') == ARGV[2 * i] then
        redis.call('SET', key, ARGV[2 * i + 1], 'EX', ARGV[1])
      end
    end
    """,
    server=CACHE,
)


def new_token() -> str:
    return secrets.token_urlsafe(12)


class Versions:
    def __init__(self, cache: redis.Redis) -> None:
        self.cache = cache

    def read(self, names: Sequence[str]) -> dict[str, str | None]:
        """The tokens by key, in one round trip; None where there is none.

        Raises:
            Unavailable: the cache server does not answer.
        """
        with answering(CACHE):
            tokens = self.cache.mget(names)
        return {
            name: token.decode() if isinstance(token, bytes) else None
            for name, token in zip(names, tokens, strict=True)
        }

    def set(self, tokens: Mapping[str, str]) -> None:
        """After a commit. Raises Unavailable: the change is then in force within five minutes."""
        if tokens:
            _SET.run(self.cache, list(tokens), [TOKEN_SECONDS, *tokens.values()])

    def set_commands(self, token: str) -> None:
        """Raises Unavailable, as `set`."""
        self.set({keys.commands_version(): token})

    def mend(self, seen: Mapping[str, str | None], found: Mapping[str, str]) -> None:
        """Puts the writer's tokens where those that were seen still stand.

        A token set by an editor meanwhile stays. Raises Unavailable.
        """
        wrong = [name for name, token in found.items() if seen.get(name) != token]
        if wrong:
            pairs = [part for name in wrong for part in (seen.get(name) or "", found[name])]
            _MEND.run(self.cache, wrong, [TOKEN_SECONDS, *pairs])


@dataclass(slots=True)
class Edit:
    """A change to communities under way. `in_force` turns false where it will take minutes.

    `by` is who makes it, as `platform:id`. `new_keys` are hashes of keys that it makes: they are
    known at once, also where a replica lags. `pushed` is new on overlays where somebody looks now.
    """

    connection: Connection
    by: str = HOUSE
    touched: set[CommunityId] = field(default_factory=set)
    in_force: bool = True
    new_keys: list[bytes] = field(default_factory=list)
    pushed: list[SocketPush] = field(default_factory=list)
    _held: set[CommunityId] = field(default_factory=set)
    _kept: dict[tuple[str, CommunityId], Any] = field(default_factory=dict)
    _last: dict[tuple[str, CommunityId], Callable[[], None]] = field(default_factory=dict)

    def hold(self, community: CommunityId) -> None:
        """Until the end whoever else decides for this community waits: what is seen stays so."""
        if community not in self._held:
            self.connection.execute(
                "SELECT FROM communities WHERE id = %(id)s FOR NO KEY UPDATE", {"id": community}
            )
            self._held.add(community)

    def keep(self, what: str, community: CommunityId, read: Callable[[], T]) -> T:
        """What `read` gives, of a community that is held: the same until the end, and whoever
        changes it there changes it here. Of one that is not held it is read each time.
        """
        if community not in self._held:
            return read()
        if (what, community) not in self._kept:
            self._kept[what, community] = read()
        return cast(T, self._kept[what, community])

    def at_last(self, what: str, community: CommunityId, deed: Callable[[], None]) -> None:
        """Done before the commit, and once, however often it is asked for."""
        self._last[what, community] = deed

    def finish(self) -> None:
        """Does what was asked for at last."""
        for deed in self._last.values():
            deed()
        self._last.clear()

    @contextmanager
    def part(self, *, is_trial: bool) -> Iterator[None]:
        """Of one that fails, and of a trial, nothing stays."""
        touched, last, stays = set(self.touched), dict(self._last), False
        try:
            with self.connection.transaction(force_rollback=is_trial):
                yield
                stays = not is_trial
        finally:
            if not stays:
                self.touched, self._last = touched, last
                self._kept.clear()

    def touch(self, communities: Iterable[CommunityId]) -> None:
        """These have changed: whoever keeps their rows, members or places must load them again."""
        self.touched.update(communities)

    def note(
        self,
        action: str,
        about: str,
        community: CommunityId,
        *,
        before: Values = None,
        after: Values = None,
    ) -> None:
        """For the audit log; see there. The community has changed by it."""
        self.touch([community])
        change = Change(
            who=self.by,
            action=action,
            about=about,
            community=community,
            before=before,
            after=after,
        )
        note(self.connection, change)


@contextmanager
def editing(postgres: Postgres, versions: Versions, *, by: str = HOUSE) -> Iterator[Edit]:
    """One transaction of changes; afterwards every router sees them at its next event.

    Raises:
        Unavailable: nothing was changed, or the commit's answer was lost.
    """
    with postgres.writer() as connection:
        edit = Edit(connection, by)
        yield edit
        edit.finish()
        tokens = _renew(connection, edit.touched)
    try:
        versions.set(tokens)
    except Unavailable:
        edit.in_force = False
        log.warning("change not yet in force everywhere", extra={"places": len(tokens)})
    for key_hash in edit.new_keys:
        NewApiKeys(versions.cache).announce(key_hash)


def _renew(connection: Connection, communities: set[CommunityId]) -> dict[str, str]:
    """New tokens in the rows, and all keys under which they are looked up."""
    if not communities:
        return {}
    token = new_token()
    of_all = _renew_all(connection, token) if GLOBAL_COMMUNITY in communities else {}
    rows = connection.execute(
        """
        WITH renewed AS (
            -- The clock is asked once the row is ours: later editors have later times.
            UPDATE communities SET version =
                (extract(epoch FROM clock_timestamp()) * 1000000)::bigint || '.' || %(token)s
                || '.' || communities.id
            FROM (
                SELECT id FROM communities WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE
            ) AS locked
            WHERE communities.id = locked.id
            RETURNING communities.id, version
        )
        SELECT name, version FROM renewed
        JOIN entity_names ON entity_names.community_id = renewed.id
        """,
        {"token": token, "ids": list(communities)},
    ).fetchall()
    return of_all | {keys.place_version(row["name"]): row["version"] for row in rows}


def _renew_all(connection: Connection, token: str) -> dict[str, str]:
    """What holds everywhere goes by the token of the command table, which everybody reads."""
    connection.execute(
        "UPDATE table_versions SET version = %(token)s WHERE name = 'commands'", {"token": token}
    )
    return {keys.commands_version(): token}
