"""A person makes a key of their own in chat, uses it for what they may, and ends it."""

from __future__ import annotations

import json

import pytest

from tests.helpers.chatting import says, says_privately
from tests.helpers.house import House
from tests.helpers.inviting import settled
from tests.helpers.own_keys import asks_house, key_in, place_of, seen_in

pytestmark = pytest.mark.xdist_group("invitations")


def test_a_key_from_chat_does_what_its_person_may_until_it_is_revoked(house: House) -> None:
    chat = settled(house, "discord")
    says(chat, "olga", "!community name The Puffins", "The Puffins")
    told = says_privately(chat, "!keys make laptop", "wbot_user_")
    key = key_in(told)
    assert "!keys revoke laptop" in told
    assert key not in says_privately(chat, "!keys", "laptop")

    me = seen_in(house, key, "The Puffins")
    ana = me["accounts"][0]["user_id"]
    [puffins] = [one for one in me["communities"] if one["name"] == "The Puffins"]
    at = f"/api/communities/{puffins['id']}"
    rule = {"match": "word", "pattern": "herring"}
    assert puffins["role"] == "user"
    assert asks_house(house, "GET", f"{at}/labels", key)[0] == 200
    assert asks_house(house, "POST", f"{at}/rules", key, rule)[1]["error"]["code"] == "MISSING_ROLE"
    assert (
        asks_house(house, "GET", "/api/operations/keys", key)[1]["error"]["code"] == "MISSING_SCOPE"
    )
    says(chat, "olga", f"!roles give <@{ana}> moderator", "is a moderator here now")
    assert asks_house(house, "POST", f"{at}/rules", key, rule)[0] == 200

    line = {"message_type": "chatMessage", "entity_id": place_of(chat), "message": "!whoami"}
    status, answer = asks_house(house, "POST", "/api/router/process", key, line)
    assert status == 200, answer
    assert "moderator here" in answer["replies"][0]["chat_message"]

    status, made = asks_house(house, "POST", "/api/identity/api-keys", key, {"name": "server"})
    assert status == 200
    second = made["data"]["key"]
    status, listed = asks_house(house, "GET", "/api/identity/api-keys", second)
    assert {one["name"] for one in listed["data"]} == {"laptop", "server"}
    assert second not in json.dumps(listed)
    gone = f"/api/identity/api-keys/{made['data']['id']}"
    assert asks_house(house, "DELETE", gone, key)[0] == 200
    says_privately(chat, "!keys revoke laptop", "is revoked")
    says_privately(chat, "!keys", "You have no key")
