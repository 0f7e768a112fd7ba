"""A line of chat, and what an open page of the overlay gets of it by its socket."""

from __future__ import annotations

import hashlib
import time
from uuid import uuid4

import psycopg
import pytest
from websockets.sync.client import connect

from tests.helpers.house import Chat
from tests.helpers.overlays import a_token
from tests.helpers.socket_room import frames


def an_address(chat: Chat) -> str:
    """Of the ticker of its community."""
    token = a_token(uuid4().hex)
    with psycopg.connect(chat.house.database_url) as connection:
        connection.execute(
            """
            INSERT INTO overlay_tokens (community_id, source, token_hash)
            SELECT community_id, 'ticker', %s FROM entities WHERE entity_id LIKE %s
            ON CONFLICT (community_id, source) DO UPDATE SET token_hash = EXCLUDED.token_hash
            """,
            (hashlib.sha256(token.encode()).digest(), f"{chat.on}:%:{chat.channel}"),
        )
    return f"{chat.house.url.replace('http', 'ws', 1)}/{token}/ticker"


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_a_quote_runs_through_the_ticker_of_both_pages_as_it_is_kept(chat: Chat) -> None:
    address = an_address(chat)
    with connect(address) as obs, connect(address) as other:
        for number, words in enumerate(("Fish is for closers", "Waddle on"), 1):
            began = time.monotonic()
            chat.says("olga", f"!addquote {words}")
            [one], [same] = frames(obs), frames(other)
            print(f"line to frame: {(time.monotonic() - began) * 1000:.0f} ms")
            assert words in one["text"]
            assert one == same
            assert one["n"] == number
        assert chat.heard(2)
