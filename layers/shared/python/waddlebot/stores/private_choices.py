"""Which of their communities a person's private lines act in: kept on the cache server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import redis

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.stores import keys
from waddlebot.stores.valkey import CACHE, Script

CHOICE_SECONDS = 3_600
QUESTION_SECONDS = 600

# KEYS: the questions. ARGV: the event that answers each. Whoever is first has answered it, and has
# it answered again when the same event is delivered again; a later line of digits answers nothing.
_ANSWER = Script(
    """
    local found = {}
    for n, key in ipairs(KEYS) do
        found[n] = redis.call('HGET', key, 'question')
        if found[n] and redis.call('HSETNX', key, 'by', ARGV[n]) == 0
            and redis.call('HGET', key, 'by') ~= ARGV[n] then found[n] = false end
    end
    return found
    """,
    server=CACHE,
)
# KEYS: whose choices. ARGV: how long each holds from now on.
_CHOSEN = Script(
    """
    local found = {}
    for n, key in ipairs(KEYS) do found[n] = redis.call('GETEX', key, 'EX', ARGV[1]) end
    return found
    """,
    server=CACHE,
)
# KEYS: whose choices. ARGV: how long they hold, and what each is.
_CHOOSE = Script(
    """
    for n, key in ipairs(KEYS) do redis.call('SET', key, ARGV[n + 1], 'EX', ARGV[1]) end
    return 1
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

    def chosen(self, people: Sequence[str]) -> Mapping[str, CommunityId]:
        """Of those who have chosen; one round trip."""
        names = [keys.private_choice(whose) for whose in people]
        found: Any = _CHOSEN.run(self.cache, names, [CHOICE_SECONDS]) if names else ()
        return {
            whose: CommunityId(int(one)) for whose, one in zip(people, found, strict=True) if one
        }

    def choose(self, chosen: Mapping[str, CommunityId]) -> None:
        """One round trip."""
        names = [keys.private_choice(whose) for whose in chosen]
        if names:
            _CHOOSE.run(self.cache, names, [CHOICE_SECONDS, *chosen.values()])

    def ask(self, place: EntityId, communities: Sequence[CommunityId], line: str) -> None:
        question = Question(communities=tuple(communities), line=line)
        encoded = msgspec.json.encode(question)
        _ASK.run(self.cache, [keys.private_question(place)], [encoded, QUESTION_SECONDS])

    def answer(self, answers: Sequence[tuple[EntityId, str]]) -> list[Question | None]:
        """What was asked last in each place, if this event is the first to answer it; one trip.

        `answers` are `(place, event)` by their ids. Raises Unavailable.
        """
        if not answers:
            return []
        names = [keys.private_question(place) for place, _ in answers]
        found: Any = _ANSWER.run(self.cache, names, [event for _, event in answers])
        return [msgspec.json.decode(one, type=Question) if one else None for one in found]
