"""What the gateways are told of where others find the house."""

from __future__ import annotations

import pytest

from gateway_bot.settings import GatewaySettings, read_settings
from waddlebot.runtime.environment import Environment, MissingVariable
from waddlebot.runtime.needs import PUBLIC_URL

SERVERS = {
    "DATABASE_URL": "postgresql://app@127.0.0.1:1/waddlebot",
    "VALKEY_CACHE_URL": "redis://127.0.0.1:1/0",
    "VALKEY_LIMITS_URL": "redis://127.0.0.1:1/1",
    "VALKEY_STREAMS_URL": "redis://127.0.0.1:1/2",
}
DOOR = "https://bot.example.org/webhooks/twitch"


def told(**variables: str) -> GatewaySettings:
    return read_settings(Environment({**SERVERS, **variables}))


def test_twitch_finds_our_door_under_the_public_address() -> None:
    public = {PUBLIC_URL: "https://bot.example.org/", "TWITCH_EVENTSUB_SECRET": "1234567890"}

    assert told(**public).twitch_callback == DOOR
    assert told(**public).has_twitch_webhooks
    named = {"TWITCH_CALLBACK_URL": "https://other.example/webhooks/twitch"}
    assert told(**public, **named).twitch_callback == named["TWITCH_CALLBACK_URL"]


@pytest.mark.parametrize("token", ["TWITCH_USER_TOKEN", "TWITCH_USER_REFRESH_TOKEN"])
def test_a_bot_with_a_users_token_hears_over_sockets_unless_told(token: str) -> None:
    public = {PUBLIC_URL: "https://bot.example.org", "TWITCH_EVENTSUB_SECRET": "1234567890"}

    assert not told(**public, **{token: "t"}).has_twitch_webhooks
    assert told(**public, **{token: "t"}, TWITCH_CALLBACK_URL=DOOR).has_twitch_webhooks


@pytest.mark.parametrize("public", ["", "http://localhost:8000"])
def test_where_no_platform_reaches_us_there_is_no_door(public: str) -> None:
    assert not told(**{PUBLIC_URL: public}, TWITCH_EVENTSUB_SECRET="1234567890").has_twitch_webhooks


def test_what_is_no_address_is_said_at_the_start() -> None:
    with pytest.raises(MissingVariable, match=r"is not encrypted.*write it as https://bot"):
        told(**{PUBLIC_URL: "http://bot.example.org"})


@pytest.mark.parametrize(
    ("said", "is_on"), [("1", True), ("yes", True), ("no", False), ("", False)]
)
def test_a_switch_is_what_it_says(said: str, is_on: bool) -> None:  # noqa: FBT001
    found = told(TWITCH_BOT_IS_MODERATOR=said, TWITCH_BOT_IS_VERIFIED=said)
    assert (found.is_twitch_moderator, found.is_twitch_verified) == (is_on, is_on)


def test_a_switch_that_is_neither_is_said_at_the_start() -> None:
    with pytest.raises(MissingVariable, match="TWITCH_BOT_IS_VERIFIED must be 1 or 0, yes or no"):
        told(TWITCH_BOT_IS_VERIFIED="maybe")
