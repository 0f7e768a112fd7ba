"""An inventory leaves as CSV, and many things come at once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from functions.modules.inventory.csv_commands import fetched
from functions.modules.inventory.module import MODULE
from functions.modules.inventory.store import Inventory
from tests.functions.modules.inventory.talking import Chat, moderates, says
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import Chat as Said
from waddlebot_sdk import CommunityInfo, WebAnswer, WebRequest
from waddlebot_sdk.dialogue import Dialogue


def export(chat: Chat) -> str:
    """What stands at the end of the secret address."""
    chat.says("Olga", "!inventory export", role="admin")
    told = chat.answers[-1]
    assert isinstance(told, Said)
    assert told.secret
    return chat.heard()[0].rpartition("/csv/")[2]


def fetch(chat: Chat, inventory: Inventory, token: str) -> WebAnswer:
    request = WebRequest(
        method="GET", path={"token": token}, query={}, headers={}, body=b"", deadline=chat.now
    )
    return fetched(request, inventory)


def sends(chat: Chat, rows: str) -> str:
    chat.says("Olga", "!inventory import", role="admin")
    chat.submits("Olga", {"rows": rows}, role="admin")
    return chat.heard()[-1]


@pytest.fixture
def now(inventory: Inventory, connection: Connection) -> Chat:
    """A chat whose clock is that of the database, by which addresses end."""
    (row,) = connection.execute("SELECT now() AS now").fetchall()
    return Dialogue(MODULE, inventory, now=row["now"])


def test_what_one_community_fetches_another_one_adds(now: Chat, inventory: Inventory) -> None:
    moderates(
        now,
        '!inv add camera "Sony A7, big" #video #photo',
        "!inv add AA battery x5",
        '!inv add "=1+1" x2 "-5 V"',
    )
    says(now, "Ana", "!inv take camera")

    answer = fetch(now, inventory, export(now))

    assert answer.content_type.startswith("text/csv")
    assert list(csv.reader(io.StringIO(answer.text))) == [
        ["name", "count", "description", "labels", "state", "here", "number"],
        ["camera", "1", "Sony A7, big", "photo; video", "fine", "0", "1"],
        ["AA battery", "5", "", "", "fine", "5", "2"],
        ["'=1+1", "2", "'-5 V", "", "fine", "2", "3"],
    ]
    theirs = Dialogue(MODULE, inventory, community=CommunityInfo(id=2, name="Other"))
    assert sends(theirs, answer.text) == "Added 3 things. What there is: !inventory list"
    assert says(theirs, "Ana", "!inv list", "!inv show camera", "!inv show =1+1") == [
        "Inventory: #1 camera · #2 AA battery (5 of 5) · #3 =1+1 (2 of 2)",
        "#1 camera: Sony A7, big. Labels: photo, video. It is here.",
        "#3 =1+1: -5 V. 2 of 2 are here.",
    ]


def test_an_address_is_for_one_community_and_an_hour(now: Chat, inventory: Inventory) -> None:
    moderates(now, "!inv add camera")
    earlier = Dialogue(MODULE, inventory, now=now.now - timedelta(hours=2))

    assert fetch(now, inventory, export(earlier)).status == 404
    assert fetch(now, inventory, "guessed").status == 404
    assert fetch(now, inventory, export(now)).status == 200


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        ("lens\nbattery,12,in the box,power;blue", "Added 2 things."),
        ("description,name\ngood,lens", "Added 1 thing."),
        ("  \n", "That is no CSV. Rows of CSV"),
        ("name,count", "That is no CSV. Rows of CSV"),
        ('"lens', "That is no CSV. Rows of CSV"),
        ("lens\nCamera", "Nothing is added: there is Camera already, which !inventory edit"),
        ("lens\nLENS", "Nothing is added. Line 2: LENS stands there twice."),
        ("name,count\nlens,many", "Nothing is added. Line 2: 'many' is no number of things."),
        ("lens,0", "Nothing is added. Line 1: It is 1 at least and 100,000 at most."),
        ("lens,1,,a;b;c;d;e;f", "Nothing is added. Line 1: An item has 5 labels at most."),
        (f"{'x' * 256}", "Nothing is added. Line 1: That is 256 characters long;"),
        ("\n".join(f"t{n}" for n in range(1001)), "Those are more than 1000 rows."),
    ],
)
def test_rows_are_added_all_or_none(chat: Chat, rows: str, answer: str) -> None:
    moderates(chat, "!inv add camera")

    assert sends(chat, rows).startswith(answer)
    (listed,) = says(chat, "Ana", "!inv list")
    assert ("lens" in listed) is answer.startswith("Added")


def test_only_admins_export_and_import(chat: Chat) -> None:
    heard = moderates(chat, "!inventory export", "!inv import")

    assert [line.partition(" needs ")[2] for line in heard] == ["admin."] * 2
    for line in ("!inventory export all", "!inventory import all"):
        chat.says("Olga", line, role="admin")
    assert [line.startswith("Usage: ") for line in chat.heard()] == [True, True]
