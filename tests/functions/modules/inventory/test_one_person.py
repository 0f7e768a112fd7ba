"""A person is one borrower: by whichever account they speak, and whatever they are called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.store import Inventory
from tests.functions.modules.inventory.talking import Chat, moderates, says
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls, as_owner
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.dialogue import Dialogue


def link(urls: Urls, *accounts: tuple[str, str]) -> None:
    with psycopg.connect(as_owner(urls), autocommit=True) as connection:
        row = connection.execute("INSERT INTO people DEFAULT VALUES RETURNING id").fetchone()
        assert row
        for platform, user in accounts:
            connection.execute(
                "INSERT INTO identities (platform, user_id, person_id, name)"
                " VALUES (%s, %s, %s, %s)",
                (platform, user, row[0], user),
            )


def seen(urls: Urls, login: str, user: str) -> None:
    """The house knows whom a login means, as somebody of the community."""
    with psycopg.connect(as_owner(urls), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO communities (id, name, version) VALUES (1, 'Demo', '1')"
            " ON CONFLICT DO NOTHING"
        )
        connection.execute(
            "INSERT INTO community_members (community_id, platform, user_id, name, role)"
            " VALUES (1, 'twitch', %s, %s, 'vip')",
            (user, login),
        )


@pytest.fixture
def talks(database_urls: Urls) -> Iterator[dict[str, Chat]]:
    """The same community on two platforms, in one transaction."""
    with ExitStack() as stack:
        postgres = stack.enter_context(
            closing(Postgres(as_module(database_urls, "inventory"), name="tests"))
        )
        connection = stack.enter_context(postgres.writer())
        inventory = Inventory(connection)
        yield {
            one: Dialogue(MODULE, inventory, entity=f"{one}:channel:demo", seed=one)
            for one in ("discord", "twitch")
        }


@pytest.fixture
def linked(database_urls: Urls, talks: dict[str, Chat]) -> dict[str, Chat]:
    """Ana of Discord is waddler of Twitch."""
    link(database_urls, ("discord", "ana"), ("twitch", "waddler"))
    moderates(talks["twitch"], "!inv add camera", "!inv add battery x5")
    return talks


def test_what_one_account_took_another_one_has_and_brings_back(linked: dict[str, Chat]) -> None:
    discord, twitch = linked["discord"], linked["twitch"]
    says(discord, "Ana", "!inv take camera")

    (mine,) = says(twitch, "Waddler", "!inv mine")
    assert mine.startswith("You have: camera until ")
    (again,) = says(twitch, "Waddler", "!inv take camera")
    assert again.startswith("You have camera already until ")
    (longer,) = says(twitch, "Waddler", "!inv extend camera until 12 feb")
    assert longer.startswith("Ana has camera until ")
    assert says(twitch, "Waddler", "!inv return camera") == ["camera is back."]
    assert says(discord, "Ana", "!inv mine") == ["You have nothing. What there is: !inventory list"]


def test_of_many_one_person_has_one_loan(linked: dict[str, Chat]) -> None:
    discord, twitch = linked["discord"], linked["twitch"]
    says(discord, "Ana", "!inv take battery 2")

    (taken,) = says(twitch, "Waddler", "!inv take battery")
    assert taken.startswith("You have 3 x battery until ")
    assert says(discord, "Ana", "!inv return battery") == ["3 x battery are back."]


def test_one_person_stands_in_line_once(linked: dict[str, Chat]) -> None:
    discord, twitch = linked["discord"], linked["twitch"]
    says(discord, "Cleo", "!inv take camera")
    says(discord, "Ana", "!inv reserve camera")

    (again,) = says(twitch, "Waddler", "!inv reserve camera")
    assert again.startswith("You are in line for camera already.")
    says(discord, "Cleo", "!inv return camera")
    (taken,) = says(twitch, "Waddler", "!inv take camera")
    assert taken.startswith("You have camera until ")
    assert says(discord, "Ana", "!inv waiting camera") == ["Nobody waits for camera."]


def test_who_is_not_linked_is_somebody_else(linked: dict[str, Chat]) -> None:
    says(linked["discord"], "Ana", "!inv take camera")

    (said,) = says(linked["twitch"], "Ana", "!inv return camera")
    assert said.startswith("You have no camera. Ana has 1 until ")


def test_a_login_is_the_account_that_bore_it_when_it_was_lent(
    database_urls: Urls, talks: dict[str, Chat]
) -> None:
    """Logins are given up and taken by others; nobody inherits what was lent to one."""
    seen(database_urls, "ana", "55")
    twitch = talks["twitch"]
    moderates(twitch, "!inv add camera", "!inv checkout camera @Ana")

    (said,) = says(twitch, "Ana", "!inv return camera")  # the account `ana` took the login over
    assert said.startswith("You have no camera.")
    (shown,) = says(twitch, "Cleo", "!inv show camera")
    assert shown.startswith("#1 camera. Ana has it since ")
