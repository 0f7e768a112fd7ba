"""What gateway_bot is told; nothing else in it reads the environment."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from waddlebot.domain.public_addresses import PublicAddress, public_address, wrong_public_url
from waddlebot.domain.yes_or_no import read_yes_or_no
from waddlebot.platforms.connecting import public_door
from waddlebot.platforms.twitch.connecting import hears_over_sockets
from waddlebot.runtime.entering import address_of
from waddlebot.runtime.environment import Environment, MissingVariable
from waddlebot.runtime.needs import PUBLIC_URL, VARIABLES, Need
from waddlebot.runtime.stream_partitions import partitions_of
from waddlebot.stores.addresses import Address
from waddlebot.stores.keys import Partitions

HEALTH_PORT = "GATEWAY_HEALTH_PORT"
SHARDS = "DISCORD_SHARDS"
MOST_CLAIMS = "MAX_CLAIMS"
MOST_SHARDS = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """`consumer` names this process in the streams' groups and its claims: host, number, a word."""

    environment: Environment
    streams: Address
    limits: Address
    cache: Address
    partitions: Partitions
    database: Address
    consumer: str
    discord_token: str = field(repr=False)
    discord_api_url: str
    discord_application: str
    discord_shards: int
    is_twitch_moderator: bool
    is_twitch_verified: bool
    health_port: int | None
    slack_app_token: str = field(repr=False)
    twitch_user_token: str = field(repr=False)
    twitch_channels: Sequence[str]
    twitch_callback: str
    twitch_secret: str = field(repr=False)
    most_claims: int
    public_address: PublicAddress

    @property
    def has_twitch_webhooks(self) -> bool:
        """Whether Twitch can reach us: then nothing is lost while a process restarts."""
        return bool(self.twitch_callback and self.twitch_secret)

    @property
    def has_twitch_user(self) -> bool:
        """Whether the bot's own account hears, by a token that is set or one that is renewed."""
        return hears_over_sockets(self.environment.values)

    @property
    def variables(self) -> Mapping[str, str]:
        """Where each platform finds its own credentials."""
        return self.environment.values


def read_settings(environment: Environment) -> GatewaySettings:
    """Raises MissingVariable, which names what to set."""
    public = _public_address_in(environment)
    return GatewaySettings(
        environment=environment,
        streams=address_of(environment, VARIABLES[Need.STREAMS]),
        limits=address_of(environment, VARIABLES[Need.LIMITS]),
        cache=address_of(environment, VARIABLES[Need.CACHE]),
        partitions=partitions_of(environment),
        database=address_of(environment, VARIABLES[Need.WRITER]),
        consumer=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
        discord_token=environment.find("DISCORD_TOKEN"),
        discord_api_url=environment.find("DISCORD_API_URL", "https://discord.com/api/v10"),
        discord_application=environment.find("DISCORD_APPLICATION_ID"),
        discord_shards=_count_in(environment, SHARDS, most=MOST_SHARDS),
        is_twitch_moderator=_switch_in(environment, "TWITCH_BOT_IS_MODERATOR"),
        is_twitch_verified=_switch_in(environment, "TWITCH_BOT_IS_VERIFIED"),
        health_port=_port_in(environment.find(HEALTH_PORT)),
        slack_app_token=environment.find("SLACK_APP_TOKEN"),
        twitch_user_token=environment.find("TWITCH_USER_TOKEN"),
        twitch_channels=_names_in(environment.find("TWITCH_CHANNELS")),
        twitch_secret=environment.find("TWITCH_EVENTSUB_SECRET"),
        twitch_callback=_twitch_callback(environment, public),
        public_address=public,
        most_claims=_count_in(environment, MOST_CLAIMS, most=10_000, usual=5),
    )


def _public_address_in(environment: Environment) -> PublicAddress:
    told = environment.find(PUBLIC_URL)
    if wrong := wrong_public_url(told):
        raise MissingVariable(wrong)
    return public_address(told)


def _twitch_callback(environment: Environment, public: PublicAddress) -> str:
    """Our own door, but for who has a user's token: that one hears over sockets, unless an address
    is named."""
    named = environment.find("TWITCH_CALLBACK_URL")
    return named or (
        "" if hears_over_sockets(environment.values) else public_door(public, "twitch")
    )


def _names_in(text: str) -> Sequence[str]:
    """Each once, in small letters, as Twitch's logins are."""
    return list(dict.fromkeys(text.lower().replace(",", " ").split()))


def _switch_in(environment: Environment, name: str) -> bool:
    """Raises MissingVariable: a bot that is held to be less than it is says less, in silence."""
    text = environment.find(name)
    is_on = read_yes_or_no(text) if text else False
    if is_on is None:
        raise MissingVariable(f"{name} must be 1 or 0, yes or no, not {text[:20]!r}.")
    return is_on


def _count_in(environment: Environment, name: str, *, most: int, usual: int = 1) -> int:
    text = environment.find(name) or str(usual)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise MissingVariable(f"{name} must be a number, 1 to {most}, not {text[:20]!r}.")
    return int(text)


def _port_in(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535):
        raise MissingVariable(f"{HEALTH_PORT} must be a port, 1 to 65535, not {text[:20]!r}.")
    return int(text)
