"""People with keys of their own, who ask the rooms with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.helpers.communities_api import Answer, ask
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
    with editing(database, versions, by=person.key) as edit:
        return make_own_key(edit, person, name=name, by=by)


def asks(made: MadeKey, method: str, path: str, body: Any = None, *, query: Any = None) -> Answer:
    return ask(method, path, body, key=made.text, query=query, at="")
