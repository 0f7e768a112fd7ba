"""The rows of the catalogue that ask platforms: who people are, and what runs on a channel."""

from __future__ import annotations

from functions.declaration import Function
from waddlebot.runtime.needs import AnyNeed, Need, Outside, Secret
from waddlebot.runtime.needs_of_connections import SLACK_CONNECTIONS, TWITCH_CONNECTIONS

ASKED_HOSTS = {
    "discord": ("discord.com",),
    "slack": ("slack.com",),
    "twitch": ("api.twitch.tv", "id.twitch.tv"),
}


def asking(platform: str, secret: str, *more: AnyNeed, quick: bool) -> Function:
    """Asks a platform who people are, or what runs there; nobody else does."""
    outside = Outside(hosts=ASKED_HOSTS[platform])
    return Function(
        name=f"ask-{platform}",
        handler=f"functions.asking.{platform}_handler.handler",
        folders=("functions/asking",),
        needs=frozenset({Need.CACHE, outside, Secret(variable=secret), *more}),
        timeout_seconds=5,
        quick=quick,
    )


ASKING = (
    # Every command there waits for it: events of Slack carry ids alone.
    asking("slack", "SLACK_BOT_TOKEN", *SLACK_CONNECTIONS, quick=True),
    asking("discord", "DISCORD_TOKEN", quick=False),
    asking("twitch", "TWITCH_APP_TOKEN", *TWITCH_CONNECTIONS, quick=False),
)
