"""Finds what is kept by words, whatever ending they have, and however they were typed.

A community's rows are read for each search: the price stands in (docs/decisions/0186).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from functions.modules.memories.kept import WantedMemories

NEAR_ENOUGH = 0.4
"""`wadle` for `waddle`, `fihs` for `fish`; three letters of five in common are too few."""
MOST_WORDS = 3
"""Each costs as much as the first."""
MOST_COMPARED = 3000
"""Of the newest: reading the stems of all of 20,000 quotes takes longer than a command may."""
MOST_NEAR = 5
_STEMS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""PostgreSQL's configurations by language; of others words are compared as they are."""

_HAY = "(searchable || ' ' || lower(game || ' ' || array_to_string(tags, ' ')))"
_NARROWED = """
    community_id = %(community)s AND is_active AND kind = coalesce(%(kind)s, kind)
    AND tags @> %(tags)s::text[] AND category = coalesce(%(category)s, category)
"""
_IS_NEW = f"""
    number > (
        SELECT coalesce(max(last), 0) - {MOST_COMPARED} FROM memory_numbers
        WHERE community_id = %(community)s AND series = 'memories')
"""  # noqa: S608 - our own number alone stands in it
MATCHES = f"""
    {_NARROWED}
    AND (strpos({_HAY}, lower(%(words)s)) > 0
        OR ({_IS_NEW} AND to_tsvector(%(stems)s::regconfig, {_HAY})
            @@ plainto_tsquery(%(stems)s::regconfig, %(words)s)))
"""
NEAR = f"""
    SELECT memories.*, count(*) OVER () AS total FROM memories, LATERAL (
        SELECT min(word_similarity(word, {_HAY})) AS nearness FROM unnest(%(each)s::text[]) AS word
    ) AS compared
    WHERE {_NARROWED} AND {_IS_NEW} AND nearness >= {NEAR_ENOUGH}
    ORDER BY nearness DESC, number DESC LIMIT {MOST_NEAR}
"""  # noqa: S608 - our own words alone stand in it
"""Each of the words is like one that stands there."""
ON_THIS_DAY = """
    SELECT *, count(*) OVER () AS total FROM memories,
        LATERAL (SELECT coalesce(said_at, created_at) AT TIME ZONE %(zone)s AS there) AS said
    WHERE community_id = %(community)s AND is_active AND kind = 'quote'
        AND to_char(there, 'MM-DD') = ANY(%(days)s) AND to_char(there, 'YYYY') < %(year)s
    ORDER BY there DESC, number DESC LIMIT %(limit)s
"""


def asked(community: int, wanted: WantedMemories) -> Mapping[str, Any]:
    """The values of the statements above."""
    return {
        "community": community,
        "kind": wanted.kind,
        "words": wanted.words,
        "each": wanted.words.lower().split()[:MOST_WORDS],
        "tags": list(wanted.tags),
        "category": wanted.category or None,
        "stems": _STEMS.get(wanted.language.partition("-")[0].lower(), "simple"),
    }


def days_of(there: datetime) -> list[str]:
    """`there` is now, as clocks of the community show it. What was said on a leap day is said on
    28 February in years that have none.
    """
    day, next_day = f"{there:%m-%d}", there + timedelta(days=1)
    return [day, "02-29"] if day == "02-28" and next_day.month == 3 else [day]
