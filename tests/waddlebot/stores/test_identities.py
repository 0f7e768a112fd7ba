"""Accounts and people: whatever is linked and unlinked, nobody is one with a stranger."""

from __future__ import annotations

import itertools
import secrets
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.identity_codes import MOST_MISSED, IdentityCodes, Target
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
                    forget(edit.connection, Account(one.platform, one.user_id))
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
    database: Postgres,
    owner: Postgres,
    versions: Versions,
    steps: list[tuple[str, Identity, Identity | str]],
) -> None:
    owner.write("TRUNCATE identities, people, reputation CASCADE")
    people, reputation = People(), Reputation(database)
    for verb, one, other in steps:
        expected = should(people, verb, one, other)
        assert does(database, versions, verb, one, other) is expected, (verb, one, other)
    for account in ACCOUNTS:
        score = reputation.score(HERE, Account(account.platform, account.user_id))
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


ANA = ACCOUNTS[0]
ALICE = Identity(platform="twitch", user_id="55", name="Alice", login="alice")
MALLORY = Identity(platform="twitch", user_id="666", name="Alice", login="mallory")
STRANGER = Identity(platform="twitch", user_id="777", name="Eve", login="eve")
PLACE = EntityId("discord:channel:1/2")


def asked(database: Postgres, versions: Versions, target: Target | None = None) -> str:
    target = target or Target(platform="twitch", name="@Alice")
    with editing(database, versions) as edit:
        return IdentityCodes(edit).ask(ANA, target, at=PLACE, call=secrets.token_hex(4))


def tries(database: Postgres, versions: Versions, code: str, one: Identity) -> bool | None:
    """Whether the account is meant; None where it may not even be asked about."""
    with editing(database, versions) as edit:
        found = IdentityCodes(edit).find(code, one, has_own_name=one.platform != "slack")
    return found.is_meant if found else None


def test_a_code_is_for_the_account_of_that_name_and_others_are_asked_about(
    database: Postgres, versions: Versions
) -> None:
    code = asked(database, versions)

    assert tries(database, versions, code, STRANGER) is None
    assert tries(database, versions, code, MALLORY) is False
    assert tries(database, versions, code.lower(), ALICE) is True
    assert tries(database, versions, code, MALLORY) is None


def test_what_looks_like_an_id_is_for_that_id(database: Postgres, versions: Versions) -> None:
    code = asked(database, versions, Target(platform="twitch", id="55", name="55"))
    called_so = Identity(platform="twitch", user_id="4", name="55", login="55")
    shown_so = Identity(platform="twitch", user_id="5", name="55", login="five")

    assert tries(database, versions, code, shown_so) is None
    assert tries(database, versions, code, called_so) is False
    assert tries(database, versions, code, ALICE) is True


def test_where_accounts_have_no_name_of_their_own_everybody_is_asked_about(
    database: Postgres, versions: Versions
) -> None:
    code = asked(database, versions, Target(platform="slack", name="alice"))
    one = Identity(platform="slack", user_id="U1", name="U1")

    assert tries(database, versions, code, one) is False
    assert tries(database, versions, code, Identity(**{**asdict(one), "user_id": "U2"})) is None


def test_whoever_guesses_uses_up_their_own_tries_and_no_code(
    database: Postgres, versions: Versions
) -> None:
    code = asked(database, versions)

    for guesser in (MALLORY, STRANGER):
        for _ in range(MOST_MISSED):
            assert tries(database, versions, "AAAAAA", guesser) is None
        with pytest.raises(Rejected, match="codes that are none"):
            tries(database, versions, code, guesser)
    assert tries(database, versions, code, ALICE) is True
    database.write("UPDATE identity_guesses SET since = since - interval '10 min'")
    assert tries(database, versions, "AAAAAA", MALLORY) is None
    [row] = database.write("SELECT missed FROM identity_guesses WHERE user_id = '666'")
    assert row["missed"] == 1


def test_a_code_ends_after_ten_minutes_and_is_not_told_again_at_once(
    database: Postgres, versions: Versions
) -> None:
    code = asked(database, versions)
    with pytest.raises(Rejected, match="just now"):
        asked(database, versions)
    database.write("UPDATE identity_codes SET created_at = created_at - interval '61 s'")
    again = asked(database, versions)
    assert tries(database, versions, code, ALICE) is None
    assert tries(database, versions, again, ALICE) is True
    database.write("UPDATE identity_codes SET created_at = created_at - interval '10 min'")
    assert tries(database, versions, again, ALICE) is None


def test_what_waits_for_a_yes_ends_too(database: Postgres, versions: Versions) -> None:
    code = asked(database, versions)
    with editing(database, versions) as edit:
        found = IdentityCodes(edit).find(code, MALLORY, has_own_name=True)
        assert found is not None
        IdentityCodes(edit).agree(found)
        waiting = IdentityCodes(edit).waiting(ANA)
    assert waiting is not None
    assert (waiting.typed, waiting.place) == (MALLORY, PLACE)
    database.write("UPDATE identity_codes SET agreed_at = agreed_at - interval '10 min'")
    with editing(database, versions) as edit:
        assert IdentityCodes(edit).waiting(ANA) is None
