"""A community read and written as text."""

from __future__ import annotations

import uuid

from tests.helpers.communities_api import Answer, ask
from tests.helpers.servers import catch_up
from tests.helpers.tenants import Tenants
from waddlebot.stores.api_keys import ADMIN, ApiKey, ApiKeys, hash_key


def read(tenants: Tenants) -> str:
    text: str = ask("GET", f"/{tenants.ours}/text", key=fresh_key(tenants)).data["text"]
    return text


def bring(tenants: Tenants, text: str, *, dry_run: bool = False) -> Answer:
    body = {"text": text, "dry_run": dry_run}
    return ask("PUT", f"/{tenants.ours}/text", body, key=fresh_key(tenants))


def fresh_key(tenants: Tenants) -> str:
    """These routes have a limit of their own, which tests are quicker than."""
    name = f"house-{uuid.uuid4().hex}"
    key = ApiKey(account=name, scopes=frozenset({ADMIN}), per_minute=100)
    ApiKeys(tenants.database).insert(hash_key(name), key)
    catch_up(tenants.urls)
    return name
