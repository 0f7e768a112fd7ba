"""What a function needs that keeps or uses what people connected."""

from __future__ import annotations

from waddlebot.platforms.slack.installing import VARIABLES
from waddlebot.runtime.needs import SEALED, AnyNeed, Need, Secret

SLACK_CONNECTIONS: tuple[AnyNeed, ...] = (
    Need.WRITER,
    *SEALED,
    *(Secret(variable=one) for one in VARIABLES),
)
"""Of who speaks at Slack with the tokens of workspaces, and renews them."""
