"""Limits that a community set: whose holds, who shares a window, and what failed costs nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import redis

from functions.router.conclude import conclude
from functions.router.execute import Wave
from functions.router.judge import judge
from functions.router.limits import Limits
from tests.helpers.events_and_commands import (
    NOON,
    a_command,
    a_community,
    a_match,
    a_session,
    a_speaker,
    an_event,
)
from waddlebot.domain.entities import EntityId
from waddlebot.domain.executions import Execution, Status, execution_id
from waddlebot.domain.limits import Limit, closest_limit
from waddlebot.domain.matches import Match
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot_sdk.roles import Role

HERE, THERE = EntityId("twitch:channel:1"), EntityId("twitch:channel:2")


def a_limit(calls: int = 1, **fields: object) -> Limit:
    return Limit(**{"command": "!quote", "calls": calls, "seconds": 60, **fields})  # type: ignore[arg-type]


def says(
    limits: Sequence[Limit],
    *,
    who: str = "Ana",
    role: Role = Role.USER,
    where: EntityId = HERE,
    command: CommandTrigger | None = None,
) -> Match:
    event = an_event("!quote", entity=where, user=a_speaker(who))
    session = a_session(event=event, community=a_community(limits=limits), role=role)
    return a_match(command or a_command(), session=session)


def judged(server: redis.Redis, *matches: Match) -> list[Verdict]:
    return judge(matches, Limits(server), clock=lambda: NOON)


def passed(server: redis.Redis, *matches: Match) -> list[bool]:
    return [verdict.allowed for verdict in judged(server, *matches)]


def ended(verdict: Verdict, status: Status) -> Execution:
    return Execution(id=execution_id(verdict.match), verdict=verdict, status=status)


def test_the_highest_role_wins_then_the_place_then_the_community() -> None:
    everywhere, here = a_limit(1), a_limit(2, entity=HERE)
    moderators, owners = a_limit(3, role=Role.MODERATOR), a_limit(4, role=Role.OWNER)
    limits = [owners, everywhere, moderators, here]

    def holds(role: Role, entity: EntityId) -> Limit | None:
        return closest_limit(limits, command="!quote", together=False, role=role, entity=entity)

    assert holds(Role.USER, THERE) == everywhere
    assert holds(Role.USER, HERE) == here
    assert holds(Role.MODERATOR, HERE) == moderators
    assert holds(Role.ADMIN, HERE) == moderators
    assert holds(Role.OWNER, HERE) == owners
    assert closest_limit(limits, command="!x", together=False, role=Role.USER, entity=HERE) is None


def test_a_limit_takes_the_place_of_what_the_module_declares(limits: redis.Redis) -> None:
    command = a_command(per_minute=1, cooldown_seconds=30)
    call = [says([a_limit(2)], command=command) for _ in range(3)]

    assert passed(limits, *call) == [True, True, False]


def test_no_limit_is_no_limit_also_for_those_above(limits: redis.Redis) -> None:
    rules = [a_limit(1), a_limit(0, role=Role.MODERATOR)]
    calls = [says(rules, role=Role.ADMIN) for _ in range(3)]

    assert passed(limits, *calls) == [True] * 3
    assert limits.dbsize() == 0


def test_together_counts_everybody_in_a_place_and_says_so_once(limits: redis.Redis) -> None:
    rules = [a_limit(1, together=True)]
    first, second, third, elsewhere = judged(
        limits,
        says(rules),
        says(rules, who="Ben"),
        says(rules, who="Cy"),
        says(rules, who="Ben", where=THERE),
    )

    assert first.allowed
    assert elsewhere.allowed
    assert (second.reason, second.said) == (Reason.COOLDOWN, True)
    assert (third.reason, third.said) == (Reason.COOLDOWN, False)
    assert second.by == "!quote: once in 1 min, everybody together"


def test_all_commands_count_as_one_except_those_that_moderators_repair_with(
    limits: redis.Redis,
) -> None:
    rules = [a_limit(2, command="")]
    repair = a_command("rules off", role=Role.MODERATOR)
    calls = [
        says(rules, role=Role.OWNER),
        says(rules, role=Role.OWNER, command=a_command("roll")),
        says(rules, role=Role.OWNER, command=repair),
        says(rules, role=Role.OWNER, command=a_command("stats")),
    ]

    assert [verdict.reason for verdict in judged(limits, *calls)] == [
        Reason.ALLOWED,
        Reason.ALLOWED,
        Reason.ALLOWED,
        Reason.LIMIT,
    ]


def test_a_failed_call_is_given_back_and_a_good_one_is_not(limits: redis.Redis) -> None:
    rules = [a_limit(1), a_limit(5, together=True)]

    def ends(status: Status) -> Reason:
        match = says(rules)
        [verdict] = judged(limits, match)
        ran = [ended(verdict, status)] if verdict.allowed else []
        Limits(limits).refund(
            conclude(Wave(sessions=[match.session], verdicts=[verdict], executions=ran))
        )
        return verdict.reason

    assert ends(Status.FAILED) is Reason.ALLOWED
    assert ends(Status.SUCCESS) is Reason.ALLOWED
    assert ends(Status.SUCCESS) is Reason.COOLDOWN


def test_without_the_limits_server_what_failed_stays_charged(nowhere: redis.Redis) -> None:
    match = says([a_limit(1)])
    [verdict] = judged(nowhere, match)

    Limits(nowhere).refund(
        conclude(
            Wave(
                sessions=[match.session],
                verdicts=[verdict],
                executions=[ended(verdict, Status.FAILED)],
            )
        )
    )


@pytest.mark.parametrize("role", list(Role))
def test_a_limit_for_everybody_holds_for_each_role(limits: redis.Redis, role: Role) -> None:
    assert passed(limits, *(says([a_limit(1)], role=role) for _ in range(2))) == [True, False]
