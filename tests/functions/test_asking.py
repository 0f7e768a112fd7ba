"""The functions that ask platforms about people, called as the router calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis

from functions.asking import discord_handler, slack_handler
from local.stand_ins.people import PEOPLE
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.connected import MASTER, a_connection, connections_of, new_master
from tests.helpers.patience import eventually
from tests.helpers.secrets_stand_in import secrets_manager
from tests.helpers.servers import Urls
from tests.helpers.stand_ins import TOKEN, served
from waddlebot.domain.connections import Tokens
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.environment import MAX_AGE
from waddlebot.runtime.needs import SEAL_KEY
from waddlebot.stores.postgres import Postgres

__all__ = ["logging_restored"]  # a fixture


@pytest.mark.parametrize("handler", [slack_handler.handler, discord_handler.handler])
def test_a_question_of_a_newer_release_is_refused_before_the_platform_is_asked(
    handler: Callable[[Any, Any], Any],
) -> None:
    """The router goes on with what is known, and asks again with the next line."""
    with pytest.raises(Unavailable, match="newer release"):
        handler({"v": 2, "people": {"of": "another kind"}}, AwsContext())


def test_a_seal_key_that_was_changed_opens_what_it_sealed_without_another_process(
    database_urls: Urls,
    database: Postgres,
    cache: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,
) -> None:
    """Each secret is let go after a while; here after a second."""
    assert logging_restored is None
    tokens = Tokens(access=TOKEN, refresh="")
    connections_of(database, master=MASTER).keep(a_connection("T0WADDLEBOT"), tokens)
    with secrets_manager() as (keeper, _), served() as slack:
        keeper.keep(WADDLEBOT_SEAL_KEY=new_master())
        for name, value in {
            **database_urls,
            **keeper.environment(SEAL_KEY),
            "SLACK_API_URL": slack.environment["SLACK_API_URL"],
            MAX_AGE: "1",
        }.items():
            monkeypatch.setenv(name, value)
        for kept in (slack_handler.workspaces, slack_handler.resources, slack_handler.client_with):
            kept.cache_clear()
        person = PEOPLE["ana"].ids["slack"]

        def is_known() -> bool:
            cache.flushdb()  # what rests
            asked = {"v": 1, "people": [person], "servers": {person: "T0WADDLEBOT"}}
            return bool(slack_handler.handler(asked, AwsContext())["people"])

        assert not is_known(), "it is sealed under another key"
        keeper.change(SEAL_KEY, MASTER)
        assert eventually(is_known)
        slack_handler.resources().close()
        slack_handler.resources.cache_clear()
