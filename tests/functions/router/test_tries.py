"""A try that came to nothing costs nobody a call, and is not answered without end."""

from __future__ import annotations

import pytest
import redis

from functions.router.conclude import conclude
from functions.router.execute import Wave
from functions.router.judge import judge
from functions.router.limits import OF_PERSON, OF_PLACE, Limits
from tests.helpers.events_and_commands import (
    NOON,
    a_command,
    a_community,
    a_listener,
    a_match,
    a_session,
    a_speaker,
    a_verdict,
    an_event,
)
from waddlebot.domain.events import Caller, WayBack
from waddlebot.domain.executions import Execution, Status, execution_id
from waddlebot.domain.matches import Match
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.triggers import MISTYPED
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot_sdk.responses import Chat, Failed, Response

USAGE = Chat("Usage: !quote [number]", private=True, free=True)
ONCE = a_command(per_minute=1)


def typed(who: str = "Ana", way_back: WayBack | None = None) -> Match:
    event = an_event("!quote x", user=a_speaker(who), way_back=way_back)
    return a_match(ONCE, session=a_session(event=event))


def answered(verdict: Verdict, response: Response = USAGE) -> Execution:
    status = Status.FAILED if isinstance(response, Failed) else Status.SUCCESS
    match = verdict.match
    return Execution(id=execution_id(match), verdict=verdict, status=status, responses=(response,))


def replies(limits: Limits, verdict: Verdict, *executions: Execution) -> tuple[Reply, ...]:
    session = verdict.match.session
    wave = Wave(sessions=[session], verdicts=[verdict], executions=executions)
    [outcome] = conclude(limits.hush(wave))
    limits.refund([outcome])
    return outcome.replies


@pytest.mark.parametrize("response", [USAGE, Failed("It broke.")])
def test_a_try_that_came_to_nothing_costs_no_call(limits: redis.Redis, response: Response) -> None:
    windows = Limits(limits)
    [verdict] = judge([typed()], windows, clock=lambda: NOON)
    assert replies(windows, verdict, answered(verdict, response))

    [again, more] = judge([typed(), typed()], windows, clock=lambda: NOON)
    assert again.allowed
    assert not more.allowed


def test_what_is_given_back_stays_bounded(limits: redis.Redis) -> None:
    windows = Limits(limits)
    for _ in range(2):
        [verdict] = judge([typed()], windows, clock=lambda: NOON)
        assert verdict.allowed
        replies(windows, verdict, answered(verdict))
    [third] = judge([typed()], windows, clock=lambda: NOON)
    assert not third.allowed


def told(limits: Limits, who: str, way_back: WayBack | None = None) -> bool:
    verdict = a_verdict(typed(who, way_back))
    return bool(replies(limits, verdict, answered(verdict)))


def test_one_person_is_told_five_times_a_minute(limits: redis.Redis) -> None:
    windows = Limits(limits)
    told_of = [told(windows, "Ana") for _ in range(OF_PERSON + 3)]
    assert told_of == [True] * 5 + [True] + [False] * 2, "the sixth says that there is no more"
    assert told(windows, "Ben")


def test_who_was_told_in_one_community_is_told_in_another(limits: redis.Redis) -> None:
    windows = Limits(limits)
    while told(windows, "Ana"):
        pass
    event = an_event("!quote x", user=a_speaker("Ana"))
    elsewhere = a_verdict(
        a_match(ONCE, session=a_session(event=event, community=a_community(id=2)))
    )
    assert replies(windows, elsewhere, answered(elsewhere))


def test_one_place_is_told_twenty_times_a_minute(limits: redis.Redis) -> None:
    windows = Limits(limits)
    answers = [told(windows, f"Viewer{number}") for number in range(OF_PLACE)]
    assert answers == [True] * 20
    assert told(windows, "Ben"), "everybody reads that there is no more"
    assert not told(windows, "Cleo")


def test_refusals_are_of_the_same_kind(limits: redis.Redis) -> None:
    windows = Limits(limits)
    for _ in range(OF_PERSON + 1):
        assert told(windows, "Ana")
    refused = a_verdict(typed(), Reason.ROLE, said=True)
    assert replies(windows, refused) == ()


def test_an_answer_that_is_none_of_these_is_never_hushed(limits: redis.Redis) -> None:
    windows = Limits(limits)
    for _ in range(OF_PERSON + 1):
        told(windows, "Ana")
    verdict = a_verdict(typed())
    assert replies(windows, verdict, answered(verdict, Chat("A quote.")))


def test_who_waits_for_an_answer_of_their_own_always_gets_it(limits: redis.Redis) -> None:
    windows = Limits(limits)
    assert all(told(windows, "Ana", Caller()) for _ in range(OF_PERSON + 3))


def test_an_offer_is_made_once_a_minute_and_not_given_back(limits: redis.Redis) -> None:
    windows, offer = Limits(limits), a_listener(MISTYPED, module="help")

    def offered() -> Verdict:
        match = a_match(offer, session=a_session(event=an_event("!qoute")))
        [verdict] = judge([match], windows, clock=lambda: NOON)
        return verdict

    first = offered()
    assert first.allowed
    assert replies(windows, first, answered(first, Chat("Did you mean !quote?", free=True)))
    second = offered()
    assert (second.allowed, second.said) == (False, False)
