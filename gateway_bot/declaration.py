"""How the gateways declare themselves: `infra/` and `local/` both read it, as the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from waddlebot.runtime.needs import AnyNeed, Invoke, Outside, Secret
from waddlebot.runtime.needs_of_connections import GATEWAY_NEEDS


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayService:
    """What stays awake. `module` is run as `python -m module`; of `settings` each may be set.

    It has `stop_seconds` between being told to end and its end; `alive` is asked on its health
    port, and `user` runs it.
    """

    name: str
    module: str
    needs: frozenset[AnyNeed]
    settings: tuple[str, ...]
    health_port: int
    alive: str
    stop_seconds: int
    user: str


PLATFORM_SECRETS = (
    *("DISCORD_APPLICATION_ID", "DISCORD_TOKEN"),
    *("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"),
    *("TWITCH_APP_TOKEN", "TWITCH_BOT_USER_ID", "TWITCH_CALLBACK_URL", "TWITCH_CHANNELS"),
    *("TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET", "TWITCH_EVENTSUB_SECRET"),
    *("TWITCH_USER_REFRESH_TOKEN", "TWITCH_USER_TOKEN"),
)
"""What an operator tells the gateways of each platform, and may change while they run."""

_NEEDS: frozenset[AnyNeed] = frozenset(
    {
        *GATEWAY_NEEDS,
        *(Invoke(function="router"), Outside()),
        *(Secret(variable=name) for name in PLATFORM_SECRETS),
    }
)
GATEWAY = GatewayService(
    name="gateway",
    module="gateway_bot",
    needs=_NEEDS,
    settings=(
        *("DISCORD_SHARDS", "MAX_CLAIMS"),
        *("TWITCH_BOT_IS_MODERATOR", "TWITCH_BOT_IS_VERIFIED"),
    ),
    health_port=8080,
    alive="/alive",
    stop_seconds=120,
    user="65532:65532",
)
