"""Points that people give each other: none is made, none is lost, and reputation stays earned."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.functions.builtins.chatroom import Chatroom, said
from tests.helpers.events_and_commands import a_speaker
from tests.helpers.ledgers import a_ledger
from tests.helpers.servers import Urls
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Speaker
from waddlebot.domain.matches import Match
from waddlebot.domain.outcomes import Outcome
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.leaderboards import Leaderboards
from waddlebot.stores.personal_data import forget
from waddlebot.stores.point_moves import purses_now
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.reputation import Reputation
from waddlebot.stores.versions import editing

ANA, MAX, ZOE = a_speaker("Ana"), a_speaker("Max"), a_speaker("Zoe")
ALICE, ROY = (
    Speaker(id=f"30100000000000000{number}", name=name, role=ANA.role)
    for number, name in ((7, "Alice"), (8, "Roy"))
)
"""On Discord."""


def earned(room: Chatroom, who: Speaker, points: int) -> None:
    room.database.write(
        """
        INSERT INTO reputation AS known (community_id, platform, user_id, name, points, events)
        VALUES (%(community)s, 'twitch', %(id)s, %(name)s, %(points)s, 1)
        ON CONFLICT (community_id, platform, user_id)
            DO UPDATE SET points = known.points + EXCLUDED.points
        """,
        {"community": room.community, "id": who.id, "name": who.name, "points": points},
    )


def greets(room: Chatroom, who: Speaker) -> None:
    """A line that earns nothing."""
    session = room.session("hello", user=who)
    nothing = replace(session.community, settings={"points": {"message": 0}})
    a_ledger(room.database).record([Outcome(session=replace(session, community=nothing))])


@pytest.fixture
def pond(room: Chatroom) -> Chatroom:
    """Ana earned 20 points; Max and Zoe have written there."""
    for who in (ANA, MAX, ZOE):
        greets(room, who)
    earned(room, ANA, 20)
    return room


def has(room: Chatroom, who: Speaker) -> int:
    account = Account("twitch", who.id)
    purses = purses_now(room.database, room.community, account)
    return {purse.account: purse.points for purse in purses}[account]


def types(room: Chatroom, who: Speaker, text: str, **community: Any) -> str:
    return said(room.answer(matched(room, who, text, **community)))


def matched(room: Chatroom, who: Speaker, text: str, **community: Any) -> Match:
    session = room.session(text, user=who)
    if community:
        session = replace(session, community=replace(session.community, **community))
    match = room.fires(session)
    assert match, text
    return match


def test_points_go_from_one_to_the_other_and_reputation_stays(pond: Chatroom) -> None:
    told = types(pond, ANA, "!give @max 15")

    assert told == "You gave @max 15 points. 5 left to give; see: !reputation"
    assert (has(pond, ANA), has(pond, MAX)) == (5, 15)
    assert types(pond, MAX, "!give @zoe 1").startswith("You gave @zoe 1 point. 14 left to give")
    assert types(pond, ANA, "!reputation") == (
        "You have 20 points here. Standing: fair (600). 5 to give: !give @ana 5"
    )
    assert types(pond, MAX, "!reputation") == (
        "You have 0 points here. Standing: fair (600). 14 to give: !give @ana 5"
    )
    [leader] = Leaderboards(pond.database).leaders(pond.community, most=5)
    assert (leader.name, leader.points) == ("Ana", 20)
    account = Account("twitch", ANA.id)
    standing = Reputation(pond.database).standing(pond.community, account, ranked=True)
    assert (standing.points, standing.rank, standing.ranked) == (20, 1, 1)
    assert types(pond, ANA, "!reputation history").startswith("given away -15, ")
    assert types(pond, MAX, "!reputation history").startswith("given away -1, ")
    assert "a gift to you +15" in types(pond, MAX, "!reputation history")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!give", "Usage: !give <person> <points>. Example: !give @ana 5"),
        ("!give @max", "Usage: !give <person> <points>"),
        ("!give @max 0", "Give one point at least: !give @ana 5"),
        ("!give @max -5", "Say how many points as a whole number"),
        ("!give @max 1.5", "Say how many points as a whole number"),
        ("!give @max many", "Say how many points as a whole number"),
        ("!give @max 1,5", "Say how many points as a whole number"),
        ("!give @max 1,", "Say how many points as a whole number"),
        ("!give @max ٣", "Say how many points as a whole number"),
        ("!give @max 99999999999999999999", "Say how many points as a whole number"),
        ("!give @max 21", "You have 20 points to give. See where they come from: !reputation hist"),
        ("!give @ana 5", "You cannot give points to yourself. Name somebody else: !give @ana 5"),
        ("!give @nobody 5", "I have not seen @nobody write here yet"),
        ("!give somebody-else 5", "is nobody that I can find"),
    ],
)
def test_what_cannot_be_given_is_said_and_nothing_moves(
    pond: Chatroom, typed: str, answer: str
) -> None:
    assert answer in types(pond, ANA, typed)
    assert (has(pond, ANA), has(pond, MAX)) == (20, 0)
    assert pond.database.write("SELECT * FROM point_moves") == []


def test_a_community_switches_it_off(pond: Chatroom) -> None:
    told = types(pond, ANA, "!give @max 5", giving=0)

    assert told.startswith("In this community nobody gives points away.")
    assert told.endswith("!settings set giving usual")
    types(pond, ANA, "!give @max 5")
    assert types(pond, ANA, "!reputation", giving=0).endswith("Standing: fair (600).")


def test_one_person_gives_so_many_points_a_day(pond: Chatroom) -> None:
    types(pond, ANA, "!give @max 6", giving=10)

    more = types(pond, ANA, "!give @max 5", giving=10)
    assert more == (
        "One person gives at most 10 points in 24 hours here, and you can give 4 points more. "
        "Try fewer, or tomorrow."
    )
    types(pond, ANA, "!give @max 4", giving=10)
    assert "and you have given them" in types(pond, ANA, "!give @max 1", giving=10)
    pond.database.write("UPDATE point_moves SET moved_at = moved_at - %s", (timedelta(days=1),))
    assert types(pond, ANA, "!give @max 1", giving=10).startswith("You gave @max 1 point")


def test_a_give_that_is_delivered_twice_moves_once(pond: Chatroom) -> None:
    match = matched(pond, ANA, "!give @max 15")

    first, second = (said(pond.answer(match)) for _ in range(2))

    assert first == second == "You gave @max 15 points. 5 left to give; see: !reputation"
    assert (has(pond, ANA), has(pond, MAX)) == (5, 15)


@contextmanager
def rooms_of_two(pond: Chatroom, urls: Urls) -> Iterator[list[Chatroom]]:
    """The same place, as two processes serve it."""
    with (
        closing(Postgres(urls["DATABASE_URL"])) as one,
        closing(Postgres(urls["DATABASE_URL"])) as other,
    ):
        yield [replace(pond, database=postgres) for postgres in (one, other)]


def at_once(rooms: list[Chatroom], matches: list[Match]) -> list[str]:
    ready = threading.Barrier(len(matches))

    def one(room: Chatroom, match: Match) -> str:
        room.database.write("SELECT 1 AS connected")
        ready.wait()
        return said(room.answer(match))

    with ThreadPoolExecutor(len(matches)) as threads:
        return list(threads.map(one, rooms, matches))


ROUNDS = 5


def test_two_gives_at_once_of_the_last_points_are_exactly_one(
    pond: Chatroom, database_urls: Urls
) -> None:
    with rooms_of_two(pond, database_urls) as rooms:
        for number in range(1, ROUNDS + 1):
            earned(pond, ANA, 20 - has(pond, ANA))
            gives = [matched(pond, ANA, f"!give @{who} 20") for who in ("max", "zoe")]

            told = at_once(rooms, gives)

            assert sum(one.startswith("You gave @") for one in told) == 1, told
            assert sum(one.startswith("You have 0 points to give") for one in told) == 1, told
            assert (has(pond, ANA), has(pond, MAX) + has(pond, ZOE)) == (0, 20 * number)


def test_two_accounts_of_one_person_do_not_give_the_same_points_at_once(
    pond: Chatroom, database_urls: Urls
) -> None:
    on_discord = replace(pond, entity=EntityId("discord:channel:2/3"))
    greets(on_discord, ROY)
    alice = Identity(platform="discord", user_id=ALICE.id, name="Alice")
    with editing(pond.database, pond.versions) as edit:
        Identities(edit).link(Identity(platform="twitch", user_id=ANA.id, name="Ana"), alice)
    with rooms_of_two(pond, database_urls) as rooms:
        gives = [
            matched(pond, ANA, "!give @max 20"),
            matched(on_discord, ALICE, f"!give <@{ROY.id}> 20"),
        ]

        told = at_once(rooms, gives)

    assert sum(one.startswith("You gave ") for one in told) == 1, told
    assert sum(one.startswith("You have 0 points to give") for one in told) == 1, told
    [roys] = purses_now(pond.database, pond.community, Account("discord", ROY.id))
    assert (has(pond, ANA), has(pond, MAX) + roys.points) == (0, 20)


def test_one_call_that_two_make_at_once_moves_once(pond: Chatroom, database_urls: Urls) -> None:
    with rooms_of_two(pond, database_urls) as rooms:
        told = at_once(rooms, [matched(pond, ANA, "!give @max 15")] * 2)

    assert told[0] == told[1]
    assert (has(pond, ANA), has(pond, MAX)) == (5, 15)


def test_accounts_that_are_parted_have_given_only_what_each_had(pond: Chatroom) -> None:
    """Else who gives with one and parts them has the other's points once more."""
    ana = Identity(platform="twitch", user_id=ANA.id, name="Ana")
    alice = Identity(platform="discord", user_id="7", name="Alice")
    pond.database.write(
        "INSERT INTO reputation VALUES (%s, 'discord', '7', 'Alice', 30, 1)", (pond.community,)
    )
    with editing(pond.database, pond.versions) as edit:
        Identities(edit).link(ana, alice)
    assert "You cannot give points to yourself" in types(pond, ANA, "!give @ana 1")
    assert types(pond, ANA, "!give @max 45").startswith("You gave @max 45 points. 5 left")

    with editing(pond.database, pond.versions) as edit:
        Identities(edit).unlink(ana, "discord")

    assert "You have 0 points to give" in types(pond, ANA, "!give @max 1")
    [left] = purses_now(pond.database, pond.community, Account("discord", "7"))
    assert (left.points, has(pond, MAX)) == (5, 45)


def test_who_lost_points_gives_none_until_they_are_earned_again(pond: Chatroom) -> None:
    types(pond, ANA, "!give @max 20")
    earned(pond, ANA, -50)

    assert "You have 0 points to give" in types(pond, ANA, "!give @max 1")
    assert types(pond, ANA, "!reputation").startswith("You have -30 points here.")
    earned(pond, ANA, 51)
    assert types(pond, ANA, "!give @max 1").startswith("You gave @max 1 point. 0 left")


def test_who_is_erased_leaves_to_others_what_they_gave(pond: Chatroom) -> None:
    types(pond, ANA, "!give @max 15")
    with pond.database.writer() as connection:
        forget(connection, Account("twitch", ANA.id))

    assert (has(pond, ANA), has(pond, MAX)) == (0, 15)
    with pond.database.writer() as connection:
        forget(connection, Account("twitch", MAX.id))
    assert pond.database.write("SELECT * FROM point_moves") == []


def test_all_that_moves_is_together_nothing(pond: Chatroom) -> None:
    for who, line in [(ANA, "!give @max 7"), (MAX, "!give @zoe 3"), (ZOE, "!give @ana 2")] * 2:
        assert types(pond, who, line).startswith("You gave @")

    rows = pond.database.write("SELECT sum(amount) AS sum FROM point_moves GROUP BY move_id")
    assert [row["sum"] for row in rows] == [0] * 6
    assert sum(has(pond, who) for who in (ANA, MAX, ZOE)) == 20
