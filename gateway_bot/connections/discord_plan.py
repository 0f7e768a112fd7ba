"""What all connections of one shard have in common, and which addresses get the token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from gateway_bot.connections.discord_sessions import ONLY, Progress, Sessions, Shard
from gateway_bot.connections.staying import Waits
from gateway_bot.connections.storing import MOST_WAITING

API_URL = "https://discord.com/api/v10"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordSettings:
    """`api_url` is the REST API with its version; the gateway's address is asked there.

    `shard` is which connection this is. `most_waiting` events are held in memory while the streams
    server is away. Whoever is not welcome within `welcome_seconds` of a try tries again.
    """

    token: str = field(repr=False)
    api_url: str = API_URL
    shard: Shard = ONLY
    most_waiting: int = MOST_WAITING
    welcome_seconds: float = 60.0
    waits: Waits = field(default_factory=Waits)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordPlan:
    """`is_ours` is asked before a session is begun."""

    settings: DiscordSettings
    sessions: Sessions
    progress: Progress
    is_ours: Callable[[], bool]


def trusted_address(told: str, api_url: str) -> str:
    """Where a session may be resumed, or nothing: the token is sent there.

    A host of Discord's; where the API is somebody else's (a stand-in), that one's alone.
    """
    try:
        there, api = urlsplit(told), urlsplit(api_url)
        host = there.hostname or ""
    except ValueError:
        return ""
    if (api.hostname or "") == urlsplit(API_URL).hostname:
        is_trusted = there.scheme == "wss" and host.endswith(".discord.gg") and "@" not in told
    else:
        is_trusted = there.scheme in ("ws", "wss") and there.netloc == api.netloc
    return f"{there.scheme}://{there.netloc}{there.path.rstrip('/')}" if is_trusted else ""
