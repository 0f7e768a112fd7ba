"""Variables of custom commands that say what the house is asked for beforehand; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from waddlebot.domain.custom_facts import Fact, PlaceAmongAll
from waddlebot.domain.custom_meanings import Calling, Meaning
from waddlebot.domain.custom_texts import wrong


def _of_standing(fact: Fact, say: Callable[[PlaceAmongAll], str]) -> Meaning:
    def said(calling: Calling, _given: str) -> str:
        standing = calling.facts.standing
        return say(standing) if standing else calling.facts.absent(fact)

    return Meaning(say=said, check=_check_nobody, needs=fact)


def _check_nobody(given: str) -> None:
    if given:
        raise wrong("It says the points of who types the command: $(user.points), $(rank).")


_POINTS = _of_standing(Fact.POINTS, lambda standing: str(standing.points))
_RANK = _of_standing(Fact.RANK, lambda standing: f"{standing.rank}/{standing.ranked}")

ASKED: Mapping[str, Meaning] = {
    "points": _POINTS,
    "user.points": _POINTS,
    "user.points_alltime": _POINTS,
    "rank": _RANK,
    "user.points_rank": _RANK,
    "user.points_alltime_rank": _RANK,
}
