"""Accounts and people: whatever is linked and unlinked, nobody is one with a stranger."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waddlebot.domain.errors import Rejected
from waddlebot.stores.identities import MOST_ATTEMPTS, Identities, Identity
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

PLATFORMS = ("discord", "slack", "twitch")
ACCOUNTS = [
    Identity(platform=platform, user_id=str(number), name=f"{platform}{number}")
    for platform, number in itertools.product(PLATFORMS, range(3))
]
accounts = st.sampled_from(ACCOUNTS)
steps = st.lists(
    st.tuples(st.just("link"), accounts, accounts)
    | st.tuples(st.just("unlink"), accounts, st.sampled_from(PLATFORMS)),
    max_size=12,
)


@dataclass
class People:
    """What should be: every account is in exactly one group."""

    groups: list[set[str]] = field(default_factory=lambda: [{one.key} for one in ACCOUNTS])

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


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_no_sequence_of_links_makes_strangers_one_or_leaves_a_row_behind(
    database: Postgres, versions: Versions, steps: list[tuple[str, Identity, Identity | str]]
) -> None:
    with database.writer() as connection:
        connection.execute("TRUNCATE identities, people CASCADE")
    people = People()
    for verb, one, other in steps:
        done = True
        try:
            with editing(database, versions) as edit:
                if isinstance(other, Identity):
                    Identities(edit).link(one, other)
                else:
                    Identities(edit).unlink(one, other)
        except Rejected:
            done = False
        expected = (
            people.link(one.key, other.key)
            if isinstance(other, Identity)
            else people.unlink(one.key, other)
        )
        assert done is expected, (verb, one, other)
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
