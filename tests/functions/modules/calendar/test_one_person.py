"""Linked accounts are one person: one answer, one seat, one place in the waiting list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from functions.modules.calendar.feeding import read
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.module import MODULE
from functions.modules.calendar.personal_data import erase
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import WebRequest
from waddlebot_sdk.dialogue import Dialogue

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
PLACES = {"twitch": "twitch:channel:demo", "discord": "discord:channel:1"}


@pytest.fixture
def calendar(database_urls: Urls) -> Iterator[Postgres]:
    postgres = Postgres(as_module(database_urls, "calendar"))
    yield postgres
    postgres.close()


def typed(
    calendar: Postgres,
    name: str,
    line: str,
    *,
    on: str = "twitch",
    role: str = "user",
    now: datetime = NOW,
) -> str:
    """In a transaction of its own, as each call is."""
    with calendar.writer() as connection:
        chat = Dialogue(MODULE, Gatherings(connection), now=now, entity=PLACES[on])
        chat.says(name, line, role=role)
        (heard,) = chat.heard()
    return heard


def moderates(calendar: Postgres, line: str, *, name: str = "Max", now: datetime = NOW) -> str:
    return typed(calendar, name, line, role="moderator", now=now)


def planned(calendar: Postgres, seats: str = "") -> None:
    moderates(calendar, f'!event add tomorrow 20:00 "Game night" {seats}'.rstrip())


def shown(calendar: Postgres) -> str:
    """How many seats are taken, and so on; not what it is, and who added it."""
    return re.split(r" seats? · ", moderates(calendar, "!event show 1"), maxsplit=1)[1]


def told(database: Postgres) -> list[tuple[str, str]]:
    """Where and to whom something is said since, that somebody else did."""
    with database.writer() as connection:
        rows = Due(connection).take(NOW + timedelta(hours=1), 100)
        connection.execute("DELETE FROM due WHERE id = ANY(%s)", ([row.id for row in rows],))
    return [(row.entity_id.partition(":")[0], row.user.name if row.user else "") for row in rows]


def link(database: Postgres, *accounts: tuple[str, str]) -> None:
    [row] = database.write("INSERT INTO people DEFAULT VALUES RETURNING id")
    for platform, user in accounts:
        database.write(
            "INSERT INTO identities (platform, user_id, person_id, name) VALUES (%s, %s, %s, %s)",
            (platform, user, row["id"], user),
        )


def link_ana(database: Postgres) -> None:
    link(database, ("twitch", "ana"), ("discord", "ana_d"))


def test_an_answer_from_another_account_changes_the_first(
    calendar: Postgres, database: Postgres
) -> None:
    link_ana(database)
    planned(calendar, "2")
    typed(calendar, "Ana", "!event yes 1")
    again = typed(calendar, "Ana_D", "!event yes 1", on="discord")
    assert again.endswith("1 of 2 seats taken.")
    assert "1 of 2 seats taken · Ana_D" in shown(calendar)

    typed(calendar, "Ana", "!event maybe 1")
    assert "0 of 2 seats taken · 1 maybe" in shown(calendar)
    typed(calendar, "Ana_D", "!event no 1", on="discord")
    assert "0 of 2 seats taken · 1 no" in shown(calendar)


def test_a_seat_is_kept_from_another_account_and_goes_on_by_it(
    calendar: Postgres, database: Postgres
) -> None:
    link_ana(database)
    planned(calendar, "1")
    typed(calendar, "Ana", "!event yes 1")
    typed(calendar, "Bob", "!event yes 1")
    assert typed(calendar, "Ana_D", "!event yes 1", on="discord").startswith("You come to")
    assert told(database) == []

    typed(calendar, "Ana_D", "!event no 1", on="discord")
    assert "1 of 1 seats taken · Bob · 1 no" in shown(calendar)
    assert told(database) == [("twitch", "Bob")]


def test_a_place_in_the_waiting_list_is_the_persons(calendar: Postgres, database: Postgres) -> None:
    link_ana(database)
    planned(calendar, "1")
    for name in ("Max", "Ana", "Bob"):
        typed(calendar, name, "!event yes 1")
    assert "as number 1" in typed(calendar, "Ana_D", "!event yes 1", on="discord")
    assert "as number 2" in typed(calendar, "Bob", "!event yes 1")

    typed(calendar, "Max", "!event no 1")
    assert told(database) == [("discord", "Ana_D")], "where they answered last"
    assert "· Ana_D · 1 waits · 1 no" in shown(calendar)


def test_accounts_that_are_linked_after_they_answered_have_one_seat_and_wait_once(
    calendar: Postgres, database: Postgres
) -> None:
    planned(calendar, "2")
    typed(calendar, "Ana", "!event yes 1")
    typed(calendar, "Bob", "!event yes 1")
    for name, on in (("Ana_D", "discord"), ("Cleo", "twitch"), ("Cleo_D", "discord")):
        typed(calendar, name, "!event yes 1", on=on)
    assert "2 of 2 seats taken · Ana, Bob · 3 wait" in shown(calendar)

    link_ana(database)
    link(database, ("twitch", "cleo"), ("discord", "cleo_d"))
    assert "2 of 2 seats taken · Ana, Bob · 1 waits" in shown(calendar)
    assert "as number 2" in typed(calendar, "Dora", "!event yes 1")

    typed(calendar, "Bob", "!event no 1")
    assert told(database) == [("twitch", "Cleo")]
    assert "2 of 2 seats taken · Ana, Cleo · 1 waits · 1 no" in shown(calendar)
    typed(calendar, "Ana_D", "!event no 1", on="discord")
    assert told(database) == [("twitch", "Dora")]
    assert "2 of 2 seats taken · Cleo, Dora · 2 no" in shown(calendar)


def test_of_two_seats_of_one_person_the_second_goes_to_who_waits(
    calendar: Postgres, database: Postgres
) -> None:
    planned(calendar, "2")
    typed(calendar, "Ana", "!event yes 1")
    typed(calendar, "Ana_D", "!event yes 1", on="discord")
    typed(calendar, "Bob", "!event yes 1")
    link_ana(database)

    assert typed(calendar, "Cleo", "!event no 1").startswith("You do not come")
    assert told(database) == [("twitch", "Bob")]
    with calendar.writer() as connection:
        erase(1, "twitch", "ana", Gatherings(connection))
    assert told(database) == []
    assert "2 of 2 seats taken · Ana_D, Bob · 1 no" in shown(calendar)


def test_two_accounts_of_one_person_do_not_take_the_last_two_seats_at_once(
    calendar: Postgres, database: Postgres
) -> None:
    link_ana(database)
    for number in range(1, 6):
        planned(calendar, "2")
        typed(calendar, "Max", f"!event yes {number}")
        people = [("Ana", "twitch"), ("Ana_D", "discord")] * 2
        together = Barrier(len(people))

        def come(one: tuple[str, str], number: int = number, together: Barrier = together) -> str:
            name, on = one
            together.wait(30)
            return typed(calendar, name, f"!event yes {number}", on=on)

        with ThreadPoolExecutor(len(people)) as threads:
            heard = list(threads.map(come, people))

        assert all(one.endswith("2 of 2 seats taken.") for one in heard), heard
        assert "as number 1" in typed(calendar, "Bob", f"!event yes {number}")


def test_for_the_last_seat_two_people_race_with_two_accounts_each(
    calendar: Postgres, database: Postgres
) -> None:
    link_ana(database)
    link(database, ("twitch", "bob"), ("discord", "bob_d"))
    for number in range(1, 6):
        planned(calendar, "1")
        people = [("Ana", "twitch"), ("Ana_D", "discord"), ("Bob", "twitch"), ("Bob_D", "discord")]
        together = Barrier(len(people))

        def come(one: tuple[str, str], number: int = number, together: Barrier = together) -> str:
            name, on = one
            together.wait(30)
            return typed(calendar, name, f"!event yes {number}", on=on)

        with ThreadPoolExecutor(len(people)) as threads:
            ana, ana_d, bob, bob_d = (
                one.startswith("You come") for one in threads.map(come, people)
            )

        assert (ana, bob) in {(True, False), (False, True)}
        assert (ana, bob) == (ana_d, bob_d)
        assert "1 of 1 seats taken" in (seen := moderates(calendar, f"!event show {number}"))
        assert "1 waits" in seen


def test_news_come_once_to_a_person_and_not_to_who_made_them(
    calendar: Postgres, database: Postgres
) -> None:
    typed(calendar, "Max_D", '!event add tomorrow 20:00 "Game night"', on="discord", role="owner")
    typed(calendar, "Max", "!event yes 1")
    typed(calendar, "Ana", "!event yes 1")
    typed(calendar, "Ana_D", "!event yes 1", on="discord")
    link_ana(database)
    link(database, ("twitch", "max"), ("discord", "max_d"), ("slack", "max_s"))

    moderates(calendar, "!event move 1 tomorrow 21:00")
    assert told(database) == [("twitch", "Ana")]
    moderates(calendar, "!event move 1 tomorrow 22:00", name="Bob")
    assert sorted(told(database)) == [("discord", "Max_D"), ("twitch", "Ana")]


def test_a_feed_has_what_its_person_comes_to_with_any_account_once(
    calendar: Postgres, database: Postgres
) -> None:
    now = datetime.now(UTC)
    for title in ("one", "two", "three"):
        moderates(calendar, f'!event add tomorrow 20:00 "{title}"', now=now)
    typed(calendar, "Ana", "!event yes 1", now=now)
    typed(calendar, "Ana_D", "!event yes 1", on="discord", now=now)
    typed(calendar, "Ana_D", "!event maybe 2", on="discord", now=now)
    link_ana(database)
    address = typed(calendar, "Ana", "!event feed", now=now)
    with calendar.writer() as connection:
        request = WebRequest(
            method="GET",
            path={"token": address.partition("/feed/")[2].partition(" ")[0]},
            query={"mine": "1"},
            headers={},
            body=b"",
            deadline=now,
        )
        text = read(request, Gatherings(connection)).text
    assert sorted(line for line in text.splitlines() if line.startswith("SUMMARY")) == [
        "SUMMARY:one",
        "SUMMARY:two",
    ]
