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
        ("\ufeffname,count\nlens,2", "Added 1 thing."),
        ("Name;Quantity\r\nlens;2\r\n", "Added 1 thing."),
        ("lens\t2\tfor the wide shot\nbattery\t\tin the box", "Added 2 things."),
        ("lens;2;for the wide shot, in the box;power,blue", "Added 1 thing."),
        ("name,colour\nlens,red", "Nothing is added: I know no column 'colour', but name, count"),
        ("lens,2,Sony, A7,fine,black", "Nothing is added. Line 1: That is more than 5 cells."),
        ("lens,2,,,gone", "Nothing is added. Line 1: 'gone' is no state. It is one of fine,"),
        ('lens\n\n"two\nlines"\nbattery,many', "Nothing is added. Line 5: 'many' is no"),
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


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_what_a_spreadsheet_of_any_country_writes_is_read(chat: Chat, sign: str) -> None:
    rows = [["name", "count", "description", "state"], ["Größe L", "3", "blau", "repair"]]

    assert sends(chat, "\n".join(map(sign.join, rows))).startswith("Added 1 thing.")
    assert says(chat, "Ana", "!inv show größe l") == ["#1 Größe L (repair): blau. 3 of 3 are here."]


def test_no_cell_is_reckoned_and_each_comes_back_as_it_was(now: Chat, inventory: Inventory) -> None:
    about = ["x;=1+1", "'=1", "''=1", "\uff1d1+1", "=1", "a|@b", "it's - fine", "5' + 3", "-5 V"]
    for number, text in enumerate(about):
        moderates(now, f"!inv add thing{number} x1 {text}")

    answer = fetch(now, inventory, export(now))

    for row in list(csv.reader(io.StringIO(answer.text)))[1:]:
        for cell in row:
            for part in cell.replace("|", ";").split(";"):
                assert not part.startswith(("=", "+", "-", "@", "\uff1d")), row
    theirs = Dialogue(MODULE, inventory, community=CommunityInfo(id=2, name="Other"))
    assert sends(theirs, answer.text).startswith(f"Added {len(about)} things.")
    theirs.now = now.now
    assert fetch(theirs, inventory, export(theirs)).text == answer.text


def test_what_is_broken_there_is_broken_here(now: Chat, inventory: Inventory) -> None:
    moderates(now, "!inv add camera", "!inv state camera broken")

    answer = fetch(now, inventory, export(now))

    theirs = Dialogue(MODULE, inventory, community=CommunityInfo(id=2, name="Other"))
    sends(theirs, answer.text)
    assert says(theirs, "Ana", "!inv take camera") == ["camera is broken, so it is not lent."]
