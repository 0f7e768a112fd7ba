"""Variables of custom commands that say what the house is asked for beforehand; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from waddlebot.domain.custom_facts import Fact, PlaceAmongAll
from waddlebot.domain.custom_meanings import CALLERS, Calling, Meaning
from waddlebot.domain.custom_moments import in_words
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


def _check_alone(given: str) -> None:
    if given:
        raise wrong("It says this of who types the command: $(user.lastmessage), $(user.lastseen).")


def _last_line(calling: Calling, _given: str) -> str:
    lately = calling.facts.lately
    return lately.text if lately and lately.at else calling.facts.absent(Fact.LATELY)


def _last_moment(calling: Calling, _given: str) -> str:
    lately = calling.facts.lately
    if lately is None or lately.at is None:
        return calling.facts.absent(Fact.LATELY)
    return in_words(calling.now - lately.at)


def _chatter(calling: Calling, _given: str) -> str:
    chatters = calling.facts.chatters
    if chatters is None:
        return calling.facts.absent(Fact.CHATTERS)
    return calling.chance.choice(chatters or (calling.user,))


def _chatters(calling: Calling, _given: str) -> str:
    chatters = calling.facts.chatters
    return calling.facts.absent(Fact.CHATTERS) if chatters is None else str(len(chatters))


_LASTLINE = Meaning(say=_last_line, check=_check_alone, needs=Fact.LATELY)
_LASTSEEN = Meaning(say=_last_moment, check=_check_alone, needs=Fact.LATELY)

_OF_PERSON: Mapping[str, Meaning] = {
    "points": _POINTS,
    "points_alltime": _POINTS,
    "points_rank": _RANK,
    "points_alltime_rank": _RANK,
    "lastmessage": _LASTLINE,
    "lastseen": _LASTSEEN,
    "lastactive": _LASTSEEN,
}
ASKED: Mapping[str, Meaning] = {
    "points": _POINTS,
    "rank": _RANK,
    **{f"{who}.{name}": one for who in CALLERS for name, one in _OF_PERSON.items()},
    "random.chatter": Meaning(say=_chatter, needs=Fact.CHATTERS),
    "channel.chatters": Meaning(say=_chatters, needs=Fact.CHATTERS),
}
