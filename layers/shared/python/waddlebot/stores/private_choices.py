"""Which of their communities a person's private lines act in: kept on the cache server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import redis

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.stores import keys
from waddlebot.stores.valkey import CACHE, Script, answering

CHOICE_SECONDS = 3_600
QUESTION_SECONDS = 600

# KEYS: the question. ARGV: the event that answers it. Whoever is first has answered it, and has it
# answered again when the same event is delivered again; a later line of digits answers nothing.
_ANSWER = Script(
    """
    local question = redis.call('HGET', KEYS[1], 'question')
    if not question then return false end
    if redis.call('HSETNX', KEYS[1], 'by', ARGV[1]) == 0
        and redis.call('HGET', KEYS[1], 'by') ~= ARGV[1] then return false end
    return question
    """,
    server=CACHE,
)
_ASK = Script(
    """
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'question', ARGV[1])
    redis.call('EXPIRE', KEYS[1], ARGV[2])
    return 1
    """,
    server=CACHE,
)


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """`line` is what was typed, and is done once it is known where."""

    communities: tuple[CommunityId, ...]
    line: str


@dataclass(frozen=True, slots=True)
class PrivateChoices:
    """Every method raises Unavailable."""

    cache: redis.Redis

    def chosen(self, whose: str) -> CommunityId | None:
        with answering(CACHE):
            found: Any = self.cache.getex(keys.private_choice(whose), ex=CHOICE_SECONDS)
        return CommunityId(int(found)) if found else None

    def choose(self, whose: str, community: CommunityId) -> None:
        with answering(CACHE):
            self.cache.set(keys.private_choice(whose), community, CHOICE_SECONDS)

    def ask(self, place: EntityId, communities: Sequence[CommunityId], line: str) -> None:
        question = Question(communities=tuple(communities), line=line)
        encoded = msgspec.json.encode(question)
        _ASK.run(self.cache, [keys.private_question(place)], [encoded, QUESTION_SECONDS])

    def answer(self, place: EntityId, event: str) -> Question | None:
        """What was asked last, if this event is the first to answer it."""
        found: Any = _ANSWER.run(self.cache, [keys.private_question(place)], [event])
        return msgspec.json.decode(found, type=Question) if found else None
