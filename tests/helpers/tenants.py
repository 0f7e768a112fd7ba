"""Two communities of two tenants, as the fixtures of whoever asks about both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import redis

from functions.communities import handler as communities
from tests.helpers.communities_api import CANARY, house_keys, settle_community
from tests.helpers.house_commands import sync_house
from tests.helpers.servers import Urls, catch_up
from waddlebot.domain.entities import CommunityId
from waddlebot.runtime.needs import MEDIA_BUCKET
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions

SIGNS_UPLOADS = {
    MEDIA_BUCKET: "waddlebot-media",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "tests",
}
"""A form is signed without asking anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenants:
    """The keys of ours begin with `ours-`, those of the others with `canary-`."""

    urls: Urls
    database: Postgres
    versions: Versions
    ours: CommunityId
    theirs: CommunityId


@pytest.fixture(autouse=True)
def fresh(limits: redis.Redis, logging_restored: None) -> None:
    """Nobody was charged yet, and nothing is logged to nowhere."""
    assert logging_restored is None
    assert limits.dbsize() == 0


@pytest.fixture
def tenants(
    database_urls: Urls,
    database: Postgres,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Tenants]:
    for name, value in database_urls.items():
        monkeypatch.setenv(name, value)
    for name, value in SIGNS_UPLOADS.items():
        monkeypatch.setenv(name, value)
    sync_house(database, versions)
    house_keys(database)
    known = Tenants(
        urls=database_urls,
        database=database,
        versions=versions,
        ours=settle_community(database, versions, "Penguins", "twitch:channel:1", "ours"),
        theirs=settle_community(
            database, versions, f"The {CANARY}", f"twitch:channel:{CANARY}", CANARY
        ),
    )
    catch_up(database_urls)
    yield known
    communities.forget()
