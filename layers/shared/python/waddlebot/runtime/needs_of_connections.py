"""What a function needs that keeps or uses what people connected."""

from __future__ import annotations

from waddlebot.platforms.slack.installing import VARIABLES
from waddlebot.runtime.needs import PUBLIC_URL, SEALED, AnyNeed, Need, Outside, Secret

_OF_TWITCH = ("TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET")

SLACK_CONNECTIONS: tuple[AnyNeed, ...] = (
    Need.WRITER,
    *SEALED,
    *(Secret(variable=one) for one in VARIABLES),
)
"""Of who speaks at Slack with the tokens of workspaces, and renews them."""
TWITCH_CONNECTIONS: tuple[AnyNeed, ...] = (
    Need.WRITER,
    *SEALED,
    *(Secret(variable=one) for one in _OF_TWITCH),
)
"""The same at Twitch."""
ENDS_CONNECTIONS: tuple[AnyNeed, ...] = (
    *SLACK_CONNECTIONS,
    *TWITCH_CONNECTIONS,
    Outside(hosts=("slack.com", "id.twitch.tv")),
)
"""Of who ends at its service what somebody connected that is forgotten."""
GATEWAY_NEEDS: frozenset[AnyNeed] = frozenset(
    {
        *(Need.WRITER, Need.CACHE, Need.LIMITS, Need.STREAMS, Secret(variable=PUBLIC_URL)),
        *SLACK_CONNECTIONS,
        *TWITCH_CONNECTIONS,
    }
)
"""Of a gateway, wherever it runs; beside them it finds the variables of its own platforms."""
