"""Secrets that are kept elsewhere, through a room's own door: its process and AWS's API."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.catalogue import IDENTITY
from local.lambda_service import LambdaService
from local.wiring import local_function
from tests.helpers.secrets_stand_in import CREDENTIALS, secrets_manager
from waddlebot.runtime import kept_secrets
from waddlebot.runtime.environment import Environment

[IDENTITY_ROW] = IDENTITY
SECONDS = 120
NAMES = (
    *("DISCORD_APPLICATION_ID", "DISCORD_CLIENT_SECRET"),
    *("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"),
    *("TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET"),
)
SIGN_IN = {
    "version": "2.0",
    "routeKey": "GET /signin",
    "headers": {"host": "localhost:8000"},
    "requestContext": {"http": {"method": "GET", "path": "/signin"}},
}
CANARY = "canary-7d1f"

Visit = Callable[..., Mapping[str, Any]]

pytestmark = pytest.mark.for_the_gate


@contextmanager
def identity(environment: Mapping[str, str], folder: Path) -> Iterator[Visit]:
    """The function in a process of its own, which sees this environment and no more."""
    row = replace(IDENTITY_ROW, timeout_seconds=SECONDS)
    function = replace(
        local_function(row, {}, lambda_url="http://unused", assets=folder), environment=environment
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(SECONDS)

    service = LambdaService([function], logs=folder)
    run(service.start())

    def visit(**other: Any) -> Mapping[str, Any]:
        answer = run(service.invoke("identity", json.dumps({**SIGN_IN, **other}).encode()))
        told: dict[str, Any] = json.loads(answer.payload)
        return told

    try:
        yield visit
    finally:
        run(service.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(autouse=True)
def quiet() -> None:
    for name in ("werkzeug", "botocore", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)


def test_a_room_reads_its_secrets_where_they_are_kept_and_a_new_one_without_a_deploy(
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        keeper, server = stack.enter_context(secrets_manager())
        keeper.keep(DISCORD_APPLICATION_ID="123", DISCORD_CLIENT_SECRET=CANARY)
        keeper.keep(SLACK_CLIENT_ID="456", TWITCH_CLIENT_ID="789", TWITCH_CLIENT_SECRET="not-set")
        environment = keeper.environment(
            *NAMES, POWERTOOLS_PARAMETERS_MAX_AGE="0", LOG_LEVEL="DEBUG"
        )
        assert CANARY not in str(environment)
        visit = stack.enter_context(identity(environment, tmp_path))

        first = visit()
        assert first["statusCode"] == 200, first
        assert "Sign in with Discord" in first["body"]
        # Of one nobody made the secret, of the other it holds that there is none.
        assert "Slack" not in first["body"]
        assert "Twitch" not in first["body"]

        keeper.keep(SLACK_CLIENT_SECRET=f"{CANARY}-2")
        keeper.change("TWITCH_CLIENT_SECRET", f"{CANARY}-3")
        told = visit()["body"]
        assert "Sign in with Slack" in told
        assert "Sign in with Twitch" in told

        server.stop()
        away = visit()
        assert away["statusCode"] == 200
        assert "Sign in with Slack" in away["body"]
    log = (tmp_path / "identity.log").read_text()
    assert "a secret is used as it was" in log
    assert CANARY not in log


def test_where_the_keeper_of_secrets_is_away_from_the_start_a_sentence_says_so(
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        keeper, server = stack.enter_context(secrets_manager())
        server.stop()
        visit = stack.enter_context(identity(keeper.environment(*NAMES), tmp_path))

        told = visit()

        assert told["statusCode"] == 503, told
        assert "The keeper of secrets does not answer" in told["body"]


def test_secrets_are_asked_for_at_a_name_that_has_an_address_by_ipv6_too(tmp_path: Path) -> None:
    """Functions inside have no other way out; a proxy hears which name is asked.

    Secrets Manager's plain name has both kinds of addresses, and its `api.aws` does not exist:
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/asm_access.html#endpoints
    """
    environment = {**CREDENTIALS, **{name: f"secretsmanager:{name}" for name in NAMES}}
    with ExitStack() as stack:
        proxy, heard = stack.enter_context(refusing_proxy())
        visit = stack.enter_context(identity({**environment, "HTTPS_PROXY": proxy}, tmp_path))

        assert visit()["statusCode"] == 503

    asked = {one.rpartition(b" HTTP/")[0] for one in heard}  # 1.0 or 1.1, as the Python has it
    assert asked == {b"CONNECT secretsmanager.us-east-1.amazonaws.com:443"}


@contextmanager
def refusing_proxy() -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and the first line of whoever came."""
    heard: list[bytes] = []

    def listen() -> None:
        with suppress(OSError):
            while True:
                caller, _ = listener.accept()
                with caller:
                    heard.append(caller.recv(1 << 12).partition(b"\r\n")[0])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard


@pytest.mark.parametrize(
    "asked",
    [
        {"routeKey": "GET /connect"},
        {"routeKey": "GET /connect/{service}", "pathParameters": {"service": "slack"}},
        {"routeKey": "ANY /signin"},
        {"headers": {"host": "elsewhere.example"}},
    ],
    ids=str,
)
def test_every_page_has_its_sentence_where_the_keeper_of_secrets_is_away(
    tmp_path: Path, asked: Mapping[str, Any]
) -> None:
    with ExitStack() as stack:
        keeper, server = stack.enter_context(secrets_manager())
        server.stop()
        environment = keeper.environment(
            *(*NAMES, "WADDLEBOT_SEAL_KEY"), VALKEY_LIMITS_URL="redis://127.0.0.1:1"
        )
        told = stack.enter_context(identity(environment, tmp_path))(**asked)

        assert 400 <= told.get("statusCode", 0) <= 503, told
        assert told["headers"]["content-type"].startswith("text/html")


def test_who_reads_again_is_told_what_was_written_a_moment_ago(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with secrets_manager() as (keeper, _):
        keeper.keep(WADDLEBOT_API_KEY="first")
        for name, value in keeper.environment("WADDLEBOT_API_KEY").items():
            monkeypatch.setenv(name, value)
        kept_secrets._keeper.cache_clear()
        known = Environment.of_process()
        assert known["WADDLEBOT_API_KEY"] == "first"

        keeper.change("WADDLEBOT_API_KEY", "second")

        assert known["WADDLEBOT_API_KEY"] == "first"
        assert Environment.of_process(again=True)["WADDLEBOT_API_KEY"] == "second"
        # Whoever asks next is told the same.
        assert known["WADDLEBOT_API_KEY"] == "second"
        kept_secrets._keeper.cache_clear()
