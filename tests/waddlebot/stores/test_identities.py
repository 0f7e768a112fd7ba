"""Accounts and people: whatever is linked and unlinked, nobody is one with a stranger."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Rejected
from waddlebot.stores.identities import MOST_ATTEMPTS, Identities, Identity
from waddlebot.stores.personal_data import forget
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.reputation import Reputation
from waddlebot.stores.versions import Versions, editing

PLATFORMS = ("discord", "slack", "twitch")
ACCOUNTS = [
    Identity(platform=platform, user_id=str(number), name=f"{platform}{number}")
    for platform, number in itertools.product(PLATFORMS, range(3))
]
HERE = CommunityId(7)
EARN = """
    INSERT INTO reputation AS known (community_id, platform, user_id, name, points, events)
    VALUES (7, %s, %s, '', %s, 1) ON CONFLICT (community_id, platform, user_id)
    DO UPDATE SET points = known.points + EXCLUDED.points
"""
accounts = st.sampled_from(ACCOUNTS)
steps = st.lists(
    st.tuples(st.just("link"), accounts, accounts)
    | st.tuples(st.just("unlink"), accounts, st.sampled_from(PLATFORMS))
    | st.tuples(st.just("earn"), accounts, st.integers(-3, 9).map(str))
    | st.tuples(st.just("erase"), accounts, st.just("")),
    max_size=12,
)


@dataclass
class People:
    """What should be: every account is in exactly one group, and has what it earned."""

    groups: list[set[str]] = field(default_factory=lambda: [{one.key} for one in ACCOUNTS])
    points: Counter[str] = field(default_factory=Counter)

    def of(self, key: str) -> set[str]:
        return next(group for group in self.groups if key in group)

    def link(self, one: str, other: str) -> bool:
        mine, theirs = self.of(one), self.of(other)
        platforms = [key.partition(":")[0] for key in (*mine, *theirs)]
        if mine is theirs or len(set(platforms)) < len(platforms):
            return False
        self.groups = [group for group in self.groups if group not in (mine, theirs)]
        self.groups.append(mine | theirs)
        return True

    def unlink(self, one: str, platform: str) -> bool:
        group = self.of(one)
        gone = {key for key in group if key.startswith(f"{platform}:")}
        if not gone or len(group) < 2:
            return False
        self.groups.remove(group)
        self.groups += [gone, group - gone]
        return True

    def erase(self, one: str) -> None:
        group = self.of(one)
        self.groups.remove(group)
        self.groups += [{one}, *([group - {one}] if len(group) > 1 else [])]
        del self.points[one]

    def score(self, one: str) -> int:
        return sum(self.points[key] for key in self.of(one))


def does(database: Postgres, versions: Versions, verb: str, one: Identity, other: Any) -> bool:
    """False where it was refused."""
    try:
        with editing(database, versions) as edit:
            match verb:
                case "link":
                    Identities(edit).link(one, other)
                case "unlink":
                    Identities(edit).unlink(one, other)
                case "earn":
                    edit.connection.execute(EARN, (one.platform, one.user_id, int(other)))
                case _:
                    forget(edit.connection, one.platform, one.user_id)
    except Rejected:
        return False
    return True


def should(people: People, verb: str, one: Identity, other: Any) -> bool:
    match verb:
        case "link":
            return people.link(one.key, other.key)
        case "unlink":
            return people.unlink(one.key, other)
        case "earn":
            people.points[one.key] += int(other)
        case _:
            people.erase(one.key)
    return True


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_no_sequence_makes_strangers_one_makes_or_loses_points_or_leaves_a_row_behind(
    database: Postgres, versions: Versions, steps: list[tuple[str, Identity, Identity | str]]
) -> None:
    with database.writer() as connection:
        connection.execute("TRUNCATE identities, people, reputation CASCADE")
    people, reputation = People(), Reputation(database)
    for verb, one, other in steps:
        expected = should(people, verb, one, other)
        assert does(database, versions, verb, one, other) is expected, (verb, one, other)
    for account in ACCOUNTS:
        score = reputation.score(HERE, account.platform, account.user_id)
        assert score.here == score.everywhere == people.score(account.key), account
    [total] = database.write("SELECT coalesce(sum(points), 0) AS sum FROM reputation")
    assert total["sum"] == sum(people.points.values())
    rows = database.write("SELECT person_id, platform || ':' || user_id AS key FROM identities")
    groups: dict[int, set[str]] = {}
    for row in rows:
        groups.setdefault(row["person_id"], set()).add(row["key"])
    linked = [group for group in people.groups if len(group) > 1]
    assert sorted(map(sorted, groups.values())) == sorted(map(sorted, linked))
    assert {row["id"] for row in database.write("SELECT id FROM people")} == groups.keys()


ANA, ALICE = ACCOUNTS[0], ACCOUNTS[6]
MALLORY = Identity(platform="twitch", user_id="666", name="mallory")


def asked(database: Postgres, versions: Versions) -> str:
    with editing(database, versions) as edit:
        return Identities(edit).ask(ANA, "twitch", "@Twitch0")


def tries(database: Postgres, versions: Versions, code: str, one: Identity) -> bool:
    with editing(database, versions) as edit:
        return Identities(edit).find(code, one) is not None


def test_a_code_is_for_one_account_and_a_few_tries(database: Postgres, versions: Versions) -> None:
    code = asked(database, versions)

    assert not tries(database, versions, code, MALLORY)
    assert tries(database, versions, code.lower(), ALICE)
    for _ in range(MOST_ATTEMPTS):
        assert not tries(database, versions, "AAAAAA", ALICE)
    assert not tries(database, versions, code, ALICE)


def test_strangers_who_guess_do_not_use_up_anybodys_tries(
    database: Postgres, versions: Versions
) -> None:
    code = asked(database, versions)

    for _ in range(MOST_ATTEMPTS + 1):
        assert not tries(database, versions, "AAAAAA", MALLORY)
    assert tries(database, versions, code, ALICE)


def test_a_code_ends_after_ten_minutes_and_is_not_told_again_at_once(
    database: Postgres, versions: Versions
) -> None:
    code = asked(database, versions)
    with pytest.raises(Rejected, match="just now"):
        asked(database, versions)
    database.write("UPDATE identity_codes SET created_at = created_at - interval '61 s'")
    again = asked(database, versions)
    assert not tries(database, versions, code, ALICE)
    assert tries(database, versions, again, ALICE)
    database.write("UPDATE identity_codes SET created_at = created_at - interval '10 min'")
    assert not tries(database, versions, again, ALICE)
