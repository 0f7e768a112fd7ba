"""People with keys of their own, who ask the rooms with them."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime
from typing import Any

from tests.helpers.communities_api import Answer, ask
from tests.helpers.house import Chat, House
from tests.helpers.patience import patience
from waddlebot.decisions.own_keys import MadeKey, make_own_key
from waddlebot.stores.identities import Identity
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

ANA = Identity(platform="twitch", user_id="71", name="Ana")
BEN = Identity(platform="twitch", user_id="72", name="Ben")
KEYS = "/api/identity/api-keys"
ME = "/api/identity/me"


def a_key_of(
    database: Postgres,
    versions: Versions,
    person: Identity = ANA,
    *,
    name: str = "laptop",
    by: datetime | None = None,
) -> MadeKey:
    """Until `by` it works, or for a year."""
    with editing(database, versions, by=person.key) as edit:
        made = make_own_key(edit, person, name=name)
    if by:
        database.write(
            "UPDATE user_api_keys SET expires_at = %(by)s WHERE key_hash = %(hash)s",
            {"by": by, "hash": made.key.hash},
        )
    return made


def asks(made: MadeKey, method: str, path: str, body: Any = None, *, query: Any = None) -> Answer:
    return ask(method, path, body, key=made.text, query=query, at="")


def asks_house(
    house: House, method: str, path: str, key: str, body: object = None
) -> tuple[int, dict[str, Any]]:
    raw = None if body is None else json.dumps(body).encode()
    return house.ask(method, path, body=raw, headers={"authorization": f"Bearer {key}"})


def key_in(told: str) -> str:
    found = re.search(r"wbot_user_\w{49}", told)
    assert found is not None, told
    return found[0]


def seen_in(house: House, key: str, name: str) -> dict[str, Any]:
    """Who this key is, once it is on record that they wrote there: answers do not wait for that."""
    end = time.monotonic() + patience(10)
    while True:
        status, told = asks_house(house, "GET", "/api/identity/me", key)
        assert status == 200, told
        me: dict[str, Any] = told["data"]
        if any(one["name"] == name for one in me["communities"]):
            return me
        assert time.monotonic() < end, me
        time.sleep(0.2)


def place_of(chat: Chat) -> str:
    return f"discord:channel:{chat.server}/{chat.channel}"
