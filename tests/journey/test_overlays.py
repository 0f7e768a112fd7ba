"""A moderator puts the ticker into OBS, tries it, and gets another address for it."""

from __future__ import annotations

import re

import pytest

from local.stand_ins.people import StandInPeople
from tests.helpers.chatting import named, says, says_privately
from tests.helpers.house import Chat, House
from tests.helpers.inviting import settled
from tests.helpers.signing_in import Browser

pytestmark = pytest.mark.xdist_group("overlays")


@pytest.fixture(params=["discord", "slack", "twitch"])
def there(request: pytest.FixtureRequest, house: House) -> Chat:
    chat = settled(house, request.param)
    chat.from_now_on()
    return chat


def lets(chat: Chat) -> None:
    says(chat, "olga", f"!roles give {named(chat)} moderator", "is a moderator here now")


def paths_in(chat: Chat, told: str) -> list[str]:
    """Behind the address of the house, as it stands for itself."""
    return re.findall(rf"{chat.house.url}(/[\w-]{{43}}/\w+)(?![\w/])", told)


def status(chat: Chat, path: str) -> int:
    return chat.house.ask("GET", path)[0]


def pushed(chat: Chat, path: str) -> list[int]:
    answer = chat.house.get(f"{path}/state?after=0")
    return [one["n"] for one in answer["pushes"]]


def test_a_moderator_is_told_the_address_alone_and_tries_it(there: Chat) -> None:
    refused = says_privately(there, "!overlay", "ask")
    assert not paths_in(there, refused)
    lets(there)

    told = says_privately(there, "!overlay ticker", "In OBS: ")
    [path] = paths_in(there, told)
    assert path.endswith("/ticker")
    assert status(there, path) == 200
    assert status(there, f"/overlay{path}") == 200
    assert status(there, path.replace("/ticker", "/media")) == 404
    all_three = paths_in(there, says_privately(there, "!overlay", "general: "))
    assert [one.rpartition("/")[2] for one in all_three] == ["ticker", "media", "general"]
    assert all_three[0] == path

    assert pushed(there, path) == []
    says_privately(there, "!overlay test", "A sample of ticker is on ticker now")
    assert pushed(there, path) == [1]
    says_privately(there, "!overlay clear ticker", "Nothing is shown any more on ticker")
    assert pushed(there, path) == [2]

    says(there, "olga", "!settings set prefix ?", "prefix is ? now")
    says_privately(there, "?overlay tikcer", "There is no source 'tikcer'")
    turned = says_privately(there, "?overlay rotate ticker", "cannot be had back")
    [new] = paths_in(there, turned)
    assert new != path
    assert status(there, path) == status(there, new) == 200
    assert "?overlay rotate" in says_privately(there, "?overlay ticker", "In OBS: ")


def test_me_lists_the_addresses_of_what_one_may_manage(there: Chat) -> None:
    says_privately(there, "!keys", "You have no key")
    browser = Browser(there.house)
    assert "For OBS" not in browser.signs_in(there.on, there.viewer).text
    lets(there)
    told = says_privately(there, "!overlay media", "In OBS: ")
    [path] = paths_in(there, told)

    page = browser.get("/me").text
    assert "For OBS" in page
    assert path in page
    assert "In OBS: " in page


def test_where_no_whisper_is_taken_the_way_to_the_address_is_said_and_not_the_address(
    house: House,
) -> None:
    chat = settled(house, "twitch")
    lets(chat)
    user = StandInPeople().named(chat.viewer).ids["twitch"]
    fault = {"on": "twitch", "what": "closed", "channel": user, "times": 5}
    assert house.post("/stand-ins/break", fault) == {"broken": "closed"}
    chat.from_now_on()

    chat.says("ana", "!overlay")

    told = chat.hears("for you alone", within=15)
    assert told is not None
    assert told["kind"] == "chat"
    assert f"{house.url}/me" in told["text"]
    assert not any(paths_in(chat, one["text"]) for one in [told, *chat._seen])


def test_an_address_is_in_no_log(house: House) -> None:
    chat = settled(house, "discord")
    lets(chat)
    [path] = paths_in(chat, says_privately(chat, "!overlay ticker", "In OBS: "))
    assert status(chat, path) == 200
    assert status(chat, f"{path}/state?after=0") == 200
    token = path.split("/")[1].encode()
    logs = [one for one in (house.home / "logs").rglob("*") if one.is_file()]
    assert logs
    assert [one.name for one in logs if token in one.read_bytes()] == []
