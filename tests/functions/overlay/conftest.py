from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from playwright.sync_api import Browser

from functions.overlay import handler as overlay
from tests.helpers.browser import a_browser
from tests.helpers.chat_on_page import ChatOnPage
from tests.helpers.events_and_commands import TWITCH
from tests.helpers.overlay_front import TOKEN, OverlayFront, overlay_front
from tests.helpers.overlays import give_token_of_all
from tests.helpers.servers import Urls
from waddlebot.domain.chat_box import ChatBox
from waddlebot.stores.chat_boxes import ChatBoxes
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with a_browser() as started:
        yield started


@pytest.fixture
def front(
    database: Postgres, database_urls: Urls, versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OverlayFront]:
    with editing(database, versions) as edit:
        community = Places(edit).open(TWITCH)
        give_token_of_all(edit.connection, community, TOKEN)
    monkeypatch.setenv("DATABASE_URL", database_urls["DATABASE_URL"])
    overlay.resources.cache_clear()
    with overlay_front(database, community) as running:
        yield running
    overlay.resources().close()
    overlay.resources.cache_clear()


@pytest.fixture
def chat(
    front: OverlayFront,
    cache: redis.Redis,
    servers: Urls,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> ChatOnPage:
    monkeypatch.setenv("VALKEY_CACHE_URL", servers["VALKEY_CACHE_URL"])
    with editing(front.database, versions) as edit:
        ChatBoxes(edit, front.community).put(ChatBox())
    return ChatOnPage(front, cache)
