"""A community brings its commands along from another bot, and they answer as the report says."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import House
from tests.helpers.inviting import settled
from tests.helpers.other_bots import FILES, TOLD
from tests.helpers.own_keys import asks_house

pytestmark = pytest.mark.xdist_group("invitations")


@pytest.mark.parametrize("form", sorted(FILES))
def test_what_was_brought_along_answers_as_the_report_says(house: House, form: str) -> None:
    chat = settled(house, "discord")
    name = f"Brought {uuid.uuid4().hex[:8]}"
    says(chat, "olga", f"!community name {name}", name)
    key, at = house.keys["WADDLEBOT_API_KEY"], of_community(house, name)
    status, told = asks_house(house, "POST", f"{at}/import/{form}", key, {"file": FILES[form]})
    assert status == 200, told
    assert {one["name"]: one["outcome"] for one in told["data"]["report"]} == TOLD[form]
    assert asks_house(house, "PUT", f"{at}/text", key, {"text": told["data"]["text"]})[0] == 200
    says(chat, "olga", "!hello", "Hi ")
    says(chat, "olga", "!vips", "For you")
    says(chat, "olga", "!custom show calc", "off): ")
    if "hey" in TOLD[form]:
        says(chat, "olga", "!custom rest hello none", "hello")
        says(chat, "olga", "!custom rest hello none each", "hello")
        says(chat, "olga", "!hey", "Hi ")
    says(chat, "olga", "!editcom calc It is two.", "calc")
    says(chat, "olga", "!custom on calc", "calc")
    says(chat, "olga", "!calc", "It is two.")


def of_community(house: House, name: str) -> str:
    """Its address, among all that there are."""
    after: Any = -1
    while after is not None:
        page = asks_house(
            house, "GET", f"/api/communities?after={after}", house.keys["WADDLEBOT_API_KEY"]
        )[1]
        for one in page["data"]:
            if one["name"] == name:
                return f"/api/communities/{one['id']}"
        after = page["meta"]["pagination"]["next"]
    raise AssertionError(f"there is no {name}")
