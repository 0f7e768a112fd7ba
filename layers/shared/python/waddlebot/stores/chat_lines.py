"""The last lines of communities' chat boxes: on the cache server, bounded, and gone by themselves.

Of each community two keys in one slot: its entries by number (sorted set), and what is known of
lines by name (hash), so that none is shown twice, nor after it was deleted, whatever comes first.
Numbers are milliseconds, or one more than the last: they go on after a server was replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import redis

from waddlebot.domain.chat_box import LINE_SECONDS, MOST_LINES
from waddlebot.domain.chat_lines import ChatEntry, ChatLine, ChatNews, Removal
from waddlebot.domain.entities import CommunityId
from waddlebot.stores import keys
from waddlebot.stores.valkey import CACHE, Script, answering

MOST_KNOWN = 20 * MOST_LINES

_BEGIN = """
    local entries, known, told = KEYS[1], KEYS[2], {}
    local time = redis.call('TIME')
    local last = tonumber(redis.call('HGET', known, 'last') or 0)
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local first = last
    local function add(fields)
        last = math.max(last + 1, now)
        local entry = '{"c":' .. string.format('%.0f', last) .. ',' .. fields
        redis.call('ZADD', entries, last, entry)
        told[#told + 1] = entry
        return last
    end
    local function close(life, most, most_known)
        if redis.call('HLEN', known) > most_known then redis.call('DEL', known) end
        redis.call('HSET', known, 'last', string.format('%.0f', last))
        redis.call('ZREMRANGEBYRANK', entries, 0, -(most + 1))
        redis.call('EXPIRE', entries, life)
        redis.call('EXPIRE', known, life)
        return {string.format('%.0f', first), told}
    end
"""
# ARGV: how long and how many, then of each line its name, whose it is, when, and its fields.
_ADD = Script(
    _BEGIN
    + """
    for n = 4, #ARGV, 4 do
        local name, whose, at, fields = ARGV[n], ARGV[n + 1], tonumber(ARGV[n + 2]), ARGV[n + 3]
        local place = string.match(name, '^(.*)|') or name
        local gone = math.max(tonumber(redis.call('HGET', known, 'of ' .. whose) or 0),
            tonumber(redis.call('HGET', known, 'at ' .. place) or 0))
        if at > gone and redis.call('HEXISTS', known, 'line ' .. name) == 0 then
            local early = redis.call('HGET', known, 'early ' .. name)
            local kept = early and string.match(fields, '^(.-"shown":{"at":[%d.eE+-]+,)')
            if kept then
                fields = kept .. string.match(early, '^[^\\n]*\\n(.*)$')
                redis.call('HDEL', known, 'early ' .. name)
            end
            redis.call('HSET', known, 'line ' .. name, string.format('%.0f', add(fields)))
        end
    end
    return close(tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
    """,
    server=CACHE,
)
# ARGV: how long and how many, then of each line its name, whose it is, and what is shown of it but
# when. Whose it is and when it was written stay: what is put together here is taken apart here too.
# A line that nobody has added yet may still be on its way: half of what is known may be such.
_CHANGE = Script(
    _BEGIN
    + """
    for n = 4, #ARGV, 3 do
        local name, fields = 'line ' .. ARGV[n], ARGV[n + 2]
        local number = redis.call('HGET', known, name)
        if not number and redis.call('HLEN', known) < tonumber(ARGV[3]) / 2 then
            redis.call('HSET', known, 'early ' .. ARGV[n], ARGV[n + 1] .. '\\n' .. fields)
        end
        number = number or '0'
        for _, entry in ipairs(redis.call('ZRANGEBYSCORE', entries, number, number)) do
            local kept = string.match(entry, '^{"c":%d+,(.-"shown":{"at":[%d.eE+-]+,)')
            if kept and string.sub(kept, 1, 6) ~= '"was":' then
                kept = '"was":' .. number .. ',' .. kept
            end
            if kept and redis.call('ZREM', entries, entry) == 1 then
                redis.call('HSET', known, name, string.format('%.0f', add(kept .. fields)))
            end
        end
    end
    return close(tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
    """,
    server=CACHE,
)
# ARGV: how long and how many, then of each removal its kind (line, of, called, at, forgotten), what
# of, and when. Whoever is called so is known by their account from then on.
_REMOVE = Script(
    _BEGIN
    + """
    local gone = {}
    local function drop(entry, line)
        if redis.call('ZREM', entries, entry) == 1 then
            gone[#gone + 1] = string.format('%.0f', line.was or line.c)
        end
    end
    for n = 4, #ARGV, 3 do
        local kind, what, at = ARGV[n], ARGV[n + 1], tonumber(ARGV[n + 2])
        if kind == 'line' then redis.call('HDEL', known, 'early ' .. what) end
        if kind == 'forgotten' then
            kind = 'of'
            redis.call('HDEL', known, 'of ' .. what)
            local all = redis.call('HGETALL', known)
            for m = 1, #all, 2 do
                local is_early = string.sub(all[m], 1, 6) == 'early '
                if is_early and string.match(all[m + 1], '^[^\\n]*') == what then
                    redis.call('HDEL', known, all[m])
                end
            end
        else
            redis.call('HSET', known, kind .. ' ' .. what, kind == 'line' and 0 or at)
        end
        for _, entry in ipairs(redis.call('ZRANGE', entries, 0, -1)) do
            local line = cjson.decode(entry)
            local is_called = kind == 'called' and line.name and line.at * 1000 <= at
                and line.shown.platform .. ':' .. string.lower(line.shown.name) == what
            if is_called then
                redis.call('HSET', known, 'of ' .. line.whose, at)
                drop(entry, line)
            elseif line.name and (kind == 'line' and line.name == what
                or line.at * 1000 <= at and (kind == 'of' and line.whose == what
                    or kind == 'at' and string.match(line.name, '^(.*)|') == what)) then
                drop(entry, line)
            end
        end
    end
    if #gone > 0 then add('"gone":[' .. table.concat(gone, ',') .. ']}') end
    return close(tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
    """,
    server=CACHE,
)


@dataclass(frozen=True, slots=True)
class ChatLines:
    """Every method is one round trip, and raises Unavailable."""

    cache: redis.Redis

    def add(self, community: CommunityId, lines: Sequence[ChatLine]) -> ChatNews:
        """Those that nobody has added or deleted yet."""
        told: list[str | bytes | int] = []
        for line in lines:
            told += [line.name, line.whose, _ms(line.at), msgspec.json.encode(line)[1:]]
        return self._run(_ADD, community, told)

    def change(self, community: CommunityId, lines: Sequence[ChatLine]) -> ChatNews:
        """What they say now, of those that are there: they keep their place and their time. One
        that is not there yet is added as it says by then.
        """
        told: list[str | bytes | int] = []
        for line in lines:
            shown = {name: value for name, value in line.shown.items() if name != "at"}
            told += [line.name, line.whose, msgspec.json.encode(shown)[1:] + b"}"]
        return self._run(_CHANGE, community, told)

    def remove(self, community: CommunityId, removals: Sequence[Removal]) -> ChatNews:
        """Also what comes late. Nothing is news where no line is hit."""
        told: list[str | bytes | int] = []
        for one in removals:
            told += [one.kind, one.what, _ms(one.at.timestamp())]
        return self._run(_REMOVE, community, told)

    def read(self, community: CommunityId, *, after: int) -> ChatNews:
        """What came after that number, in order."""
        with answering(CACHE):
            found: Any = self.cache.zrangebyscore(keys.chat_entries(community), f"({after}", "+inf")
        return ChatNews(after=after, entries=_entries(found))

    def _run(
        self, script: Script, community: CommunityId, told: Sequence[str | bytes | int]
    ) -> ChatNews:
        names = [keys.chat_entries(community), keys.chat_known(community)]
        first, entries = script.run(
            self.cache, names, [LINE_SECONDS, MOST_LINES, MOST_KNOWN, *told]
        )
        return ChatNews(after=int(first), entries=_entries(entries))


def _entries(found: Sequence[bytes]) -> list[ChatEntry]:
    return [msgspec.json.decode(one, type=ChatEntry) for one in found]


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
