"""The router's three doors with all that stands behind them: servers, tables, modules."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest

from functions.asking import discord_handler, slack_handler, twitch_handler
from functions.modules import HOUSE
from functions.modules.roll.handler import handler as roll
from functions.outside.fetch_handler import handler as fetch
from functions.outside.handler import handler as outside
from functions.outside.handler import resources as of_outside
from functions.router import http_handler, slow_handler, stream_handler
from tests.helpers.aws_context import AwsContext
from tests.helpers.house_commands import sync_house
from tests.helpers.lambda_stand_in import Door, LambdaStandIn, lambda_stand_in
from tests.helpers.module_users import as_module, enter
from tests.helpers.servers import Urls
from waddlebot.runtime.serve_module import ModuleDoor, serve_module
from waddlebot.stores.api_keys import COLLECTOR, ApiKey, ApiKeys, hash_key
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions

PROCESS = "POST /api/router/process"
BATCH = "POST /api/router/batch"
COLLECTORS_KEY = "wbk_collector"
STRANGERS_KEY = "wbk_stranger"


@dataclass(frozen=True, slots=True)
class Doors:
    """`functions` answers what the router calls by the `handlers` of their names; it can be told to
    answer something else. Those that are named in `at_once` are called while others are.
    """

    functions: LambdaStandIn
    handlers: dict[str, Any]
    at_once: set[str]

    def asks(
        self,
        body: Any,
        *,
        route: str = PROCESS,
        key: str | None = COLLECTORS_KEY,
        remaining_seconds: float = 29,
    ) -> Told:
        """An API call; `body` as text is sent as it is."""
        return ask_door(body, route=route, key=key, remaining_seconds=remaining_seconds)


def ask_door(
    body: Any,
    *,
    route: str = PROCESS,
    key: str | None = COLLECTORS_KEY,
    remaining_seconds: float = 29,
) -> Told:
    """The same in any process that has the house's environment."""
    aws_event = {
        "version": "2.0",
        "routeKey": route,
        "headers": {"authorization": f"Bearer {key}"} if key else {},
        "body": body if isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }
    answer = http_handler.handler(aws_event, AwsContext(remaining_seconds))
    return Told(answer["statusCode"], json.loads(answer["body"]), answer["headers"])


@dataclass(frozen=True, slots=True)
class Told:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def error(self) -> Any:
        assert self.body["success"] is False
        return self.body["error"]

    @property
    def texts(self) -> list[str]:
        return [reply["chat_message"] for reply in self.body["replies"] if "chat_message" in reply]


@contextmanager
def open_doors(
    database: Postgres,
    versions: Versions,
    urls: Urls,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Doors]:
    sync_house(database, versions)
    keys = ApiKeys(database)
    keys.insert(
        hash_key(COLLECTORS_KEY),
        ApiKey(account="collector", scopes=frozenset({COLLECTOR}), per_minute=1000),
    )
    keys.insert(
        hash_key(STRANGERS_KEY), ApiKey(account="stranger", scopes=frozenset(), per_minute=3)
    )
    with ExitStack() as stack:
        for name, value in urls.items():
            monkeypatch.setenv(name, value)
        # A writer alone: what one test wrote, its next step reads.
        monkeypatch.setenv("DATABASE_REPLICA_URL", "")
        slack_handler.workspaces.cache_clear()
        slack_handler.client_with.cache_clear()
        slack_handler.resources.cache_clear()
        discord_handler.forget()
        twitch_handler.forget()
        of_the_house = {name: _fresh(name) for name in HOUSE}
        for name, door in of_the_house.items():
            enter(door, as_module(urls, name), monkeypatch)
            stack.callback(door.close)
        # The real modules, in this process, one call at a time.
        turn = threading.Lock()
        at_once = {
            "ask-slack",
            "ask-discord",
        }  # who asks a platform waits for it, and nobody else does

        handlers: dict[str, Any] = {
            **of_the_house,
            "roll": roll,
            "ask-slack": slack_handler.handler,
            "ask-discord": discord_handler.handler,
            "ask-twitch": twitch_handler.handler,
            "outside": outside,
            "fetch": fetch,
        }

        def answer(door: Door) -> None:
            body = door.body
            handler = handlers.get(door.function)
            if handler is None:
                return door.says("", 202)
            with nullcontext() if door.function in at_once else turn:
                try:
                    said = handler(json.loads(body), AwsContext())
                except Exception as error:  # noqa: BLE001 - as Lambda reports it
                    failed = {"errorType": type(error).__name__, "errorMessage": str(error)}
                    return door.says(failed, X_Amz_Function_Error="Unhandled")
                return door.says(said)

        functions = stack.enter_context(lambda_stand_in(answer))
        for name, value in functions.environment(WADDLEBOT_FUNCTION_PREFIX="").values.items():
            monkeypatch.setenv(name, value)
        try:
            yield Doors(functions, handlers, at_once)
        finally:
            _close_doors()


def _close_doors() -> None:
    """What each door's process would keep is given back."""
    discord_handler.forget()
    twitch_handler.forget()
    if http_handler.build_room.cache_info().currsize:
        http_handler.build_room().kept.resources.close()
        http_handler.build_room.cache_clear()
    if of_outside.cache_info().currsize:
        of_outside().close()
        of_outside.cache_clear()
    for door in (stream_handler, slow_handler):
        if door.kept.cache_info().currsize:
            door.kept().resources.close()
            door.kept.cache_clear()


def _fresh(name: str) -> ModuleDoor[Any]:
    """A module of the house as its handler serves it, with connections of its own."""
    served = import_module(f"functions.modules.{name}.handler").handler
    return serve_module(served._module, build=served._build)
