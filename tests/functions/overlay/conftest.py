from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from functions.overlay import handler as overlay
from tests.helpers.chat_on_page import ChatOnPage
from tests.helpers.events_and_commands import TWITCH
from tests.helpers.obs import chromium
from tests.helpers.overlay_front import TOKEN, OverlayFront, overlay_front
from tests.helpers.overlays import give_token_of_all
from tests.helpers.players import Players, players_there
from tests.helpers.servers import Urls
from waddlebot.domain.chat_box import ChatBox
from waddlebot.domain.overlay_players import PLAYERS_AT
from waddlebot.stores.chat_boxes import ChatBoxes
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

__all__ = ["chromium"]  # a fixture


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


@pytest.fixture
def players(monkeypatch: pytest.MonkeyPatch) -> Iterator[Players]:
    with players_there() as there:
        for name in PLAYERS_AT.values():
            monkeypatch.setenv(name, there.origin)
        yield there
