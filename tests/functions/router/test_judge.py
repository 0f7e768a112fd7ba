"""Who may: rights, then limits, and nobody pays for what did not run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import redis

from functions.router.judge import judge
from functions.router.limits import Limits
from tests.helpers.events_and_commands import (
    NOON,
    a_command,
    a_community,
    a_listener,
    a_match,
    a_rule_trigger,
    a_session,
    a_speaker,
    an_event,
)
from waddlebot.domain.events import Interaction, MessageType, ResponseUrl, WayBack
from waddlebot.domain.matches import Match, Standing
from waddlebot.domain.sessions import Spot
from waddlebot.domain.triggers import FIRST_CONTACT, Trigger, Turn
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot_sdk.roles import Role

PLACE = an_event().entity


def verdicts(limits: redis.Redis, *matches: Match, now: datetime = NOON) -> list[Verdict]:
    return judge(matches, Limits(limits), clock=lambda: now)


def reasons(limits: redis.Redis, matches: Sequence[Match], *, now: datetime = NOON) -> list[Reason]:
    return [verdict.reason for verdict in verdicts(limits, *matches, now=now)]


def a_call(trigger: Trigger | None = None, *, role: Role = Role.USER, **event: object) -> Match:
    session = a_session(event=an_event("!quote", **event), role=role)  # type: ignore[arg-type]
    return a_match(trigger or a_command(), session=session)  # type: ignore[arg-type]


def at(spot: Spot, trigger: Trigger) -> Match:
    return a_match(trigger, session=a_session("!quote", spot=spot, role=Role.OWNER))  # type: ignore[arg-type]


def test_a_role_is_needed_and_inherited_downward(limits: redis.Redis) -> None:
    trigger = a_command("addquote", role=Role.MODERATOR)

    refused, allowed = verdicts(limits, a_call(trigger), a_call(trigger, role=Role.OWNER))

    assert (refused.reason, refused.by) == (Reason.ROLE, "moderator")
    assert allowed.allowed


@pytest.mark.parametrize(
    ("label", "role", "destination", "is_allowed"),
    [
        ("memories", Role.MODERATOR, "lambda", True),
        ("regular", Role.MODERATOR, "lambda", False),
        ("memories", Role.ADMIN, "lambda", False),
        ("memories", Role.MODERATOR, "builtin", False),
    ],
)
def test_a_label_called_like_a_module_gives_what_its_moderators_may(
    limits: redis.Redis, label: str, role: Role, destination: str, *, is_allowed: bool
) -> None:
    session = a_session("!addquote", labels=[label])
    trigger = a_command("addquote", role=role, destination=destination)

    [verdict] = verdicts(limits, a_match(trigger, session=session))

    assert verdict.allowed is is_allowed


def test_a_role_refusal_is_said_once_a_minute(limits: redis.Redis) -> None:
    trigger = a_command("addquote", role=Role.MODERATOR)

    said = [verdict.said for verdict in verdicts(limits, a_call(trigger), a_call(trigger))]

    assert said == [True, False]


def test_a_quiet_place_listens_to_one_command(limits: redis.Redis) -> None:
    quiet = Spot(entity=PLACE, quiet=True)
    wake_up = a_command("waddlebot on", module="quiet")

    assert reasons(limits, [at(quiet, a_command()), at(quiet, wake_up)]) == [
        Reason.QUIET,
        Reason.ALLOWED,
    ]


@pytest.mark.parametrize("name", ["memories", "!quote", "!q"])
def test_modules_commands_and_aliases_can_be_switched_off(limits: redis.Redis, name: str) -> None:
    alias = a_command("q", canonical="quote")
    in_place = at(Spot(entity=PLACE, disabled=frozenset({name})), alias)
    community = a_community(disabled=[name])
    everywhere = a_match(alias, session=a_session("!q", community=community))

    for verdict in verdicts(limits, in_place, everywhere):
        assert (verdict.reason, verdict.by) == (Reason.DISABLED, name)


def test_old_commands_are_stale_sooner_than_old_lines_and_raids_never(
    limits: redis.Redis,
) -> None:
    raid = a_session(event=an_event(type=MessageType.RAID))
    matches = [a_call(), a_call(a_rule_trigger()), a_match(a_listener(), session=raid)]

    def after(seconds: int) -> list[Reason]:
        return reasons(limits, matches, now=NOON + timedelta(seconds=seconds))

    stale, fine = Reason.STALE, Reason.ALLOWED
    assert after(60) == [fine, fine, fine]
    assert after(61) == [stale, fine, fine]
    assert after(301) == [stale, stale, fine]


def test_moderators_are_exempt_from_rules_and_still_get_their_command(
    limits: redis.Redis,
) -> None:
    session = a_session("!quote free nitro", role=Role.MODERATOR)
    matches = [a_match(a_rule_trigger(), session=session), a_match(session=session)]

    assert reasons(limits, matches) == [Reason.EXEMPT, Reason.ALLOWED]


def test_what_is_consumed_shadows_the_rest_and_costs_nothing(limits: redis.Redis) -> None:
    session = a_session("!quote free nitro")
    shadowed = a_match(a_command(role=Role.OWNER), session=session)
    matches = [a_match(a_rule_trigger(), session=session), a_match(session=session), shadowed]

    assert reasons(limits, matches) == [Reason.ALLOWED, Reason.SHADOWED, Reason.SHADOWED]
    assert limits.dbsize() == 0


def test_the_greeting_waits_for_a_line_without_another_answer(limits: redis.Redis) -> None:
    def spoken_to() -> list[Match]:
        session = a_session("!addquote x")
        refused = a_match(a_command("addquote", role=Role.MODERATOR), session=session)
        return [refused, a_match(a_listener(FIRST_CONTACT), session=session)]

    assert reasons(limits, spoken_to()) == [Reason.ROLE, Reason.SHADOWED]
    # That refusal was said a moment ago and is not said again.
    assert reasons(limits, spoken_to()) == [Reason.ROLE, Reason.ALLOWED]


def test_a_refused_command_does_not_shadow_what_follows(limits: redis.Redis) -> None:
    trigger = a_command(per_minute=1)
    session = a_session("!quote")
    answer = a_command("roll", turn=Turn.RESPOND)
    matches = [a_call(trigger), a_match(trigger, session=session), a_match(answer, session=session)]

    assert reasons(limits, matches) == [Reason.ALLOWED, Reason.COOLDOWN, Reason.ALLOWED]


def test_one_persons_calls_in_a_batch_see_each_other(limits: redis.Redis) -> None:
    trigger = a_command(per_minute=2)

    told = verdicts(limits, *(a_call(trigger) for _ in range(4)))

    assert [v.reason for v in told] == [Reason.ALLOWED] * 2 + [Reason.LIMIT] * 2
    assert [v.said for v in told] == [False, False, True, False]
    assert 59 < told[2].wait_seconds <= 60


def test_limits_are_per_person_and_command(limits: redis.Redis) -> None:
    trigger, other = a_command(per_minute=1), a_command("roll", per_minute=1)
    calls = [a_call(trigger), a_call(trigger, user=a_speaker("Max")), a_call(other)]

    assert reasons(limits, calls) == [Reason.ALLOWED] * 3


def test_an_alias_shares_the_windows_of_its_command(limits: redis.Redis) -> None:
    calls = [
        a_call(a_command(per_minute=1)),
        a_call(a_command("q", canonical="quote", per_minute=1)),
    ]

    assert reasons(limits, calls) == [Reason.ALLOWED, Reason.COOLDOWN]


def test_a_cooldown_is_named_and_tells_how_long(limits: redis.Redis) -> None:
    trigger = a_command(cooldown_seconds=5)

    _, refused = verdicts(limits, a_call(trigger), a_call(trigger))

    assert refused.reason is Reason.COOLDOWN
    assert 4 < refused.wait_seconds <= 5
    assert refused.said


def test_the_same_call_again_is_neither_charged_nor_refused(limits: redis.Redis) -> None:
    call = a_call(a_command(per_minute=1, cooldown_seconds=5))

    assert reasons(limits, [call]) == [Reason.ALLOWED]
    assert reasons(limits, [call]) == [Reason.ALLOWED]
    assert reasons(limits, [a_call(a_command(per_minute=1))]) == [Reason.COOLDOWN]


def test_nobody_pays_for_an_event_that_is_somebody_elses(limits: redis.Redis) -> None:
    busy = replace(a_call(), standing=Standing.BUSY)

    assert reasons(limits, [busy]) == [Reason.REPEATED]
    assert limits.dbsize() == 0


def test_without_the_limits_server_windows_are_open_and_rights_stay(
    nowhere: redis.Redis,
) -> None:
    trigger = a_command(per_minute=1)
    needs_role = a_call(a_command("addquote", role=Role.MODERATOR))

    told = reasons(nowhere, [a_call(trigger), a_call(trigger), needs_role])

    assert told == [Reason.ALLOWED, Reason.ALLOWED, Reason.ROLE]


@pytest.mark.parametrize(
    "way_back",
    [
        Interaction(application="1", id="2", token="t", until=NOON),
        ResponseUrl(url="https://hooks.slack.com/x", until=NOON),
    ],
)
def test_whoever_typed_a_slash_command_reads_every_refusal(
    limits: redis.Redis, way_back: WayBack
) -> None:
    slash = {"type": MessageType.SLASH_COMMAND, "way_back": way_back}
    role = a_call(a_command("addquote", role=Role.MODERATOR), **slash)
    for _ in range(2):
        [refused] = verdicts(limits, role)
        assert (refused.reason, refused.said) == (Reason.ROLE, True)
    event = an_event("!quote", **slash)  # type: ignore[arg-type]
    quiet = a_session(event=event, spot=Spot(entity=PLACE, quiet=True))
    off = a_session(event=event, spot=Spot(entity=PLACE, disabled=frozenset({"!quote"})))
    for session, reason in ((quiet, Reason.QUIET), (off, Reason.DISABLED)):
        [refused] = verdicts(limits, a_match(a_command(), session=session))
        assert (refused.reason, refused.said) == (reason, True)
    [watched] = verdicts(limits, a_match(a_rule_trigger(), session=quiet))
    assert not watched.said
