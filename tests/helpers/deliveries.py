"""Replies and actions on their way to each platform."""

from __future__ import annotations

from datetime import timedelta

from tests.helpers.payloads import NOW
from waddlebot.domain.events import Interaction
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.platforms.delivering import Delivery
from waddlebot.platforms.discord import send as discord
from waddlebot.platforms.slack import send as slack
from waddlebot.platforms.twitch import send as twitch

ON_DISCORD, ON_SLACK, ON_TWITCH = (
    "discord:channel:10/20",
    "slack:channel:T1/C1",
    "twitch:channel:1001",
)
DISCORD = discord.DiscordCredentials.find({"DISCORD_TOKEN": "t", "DISCORD_APPLICATION_ID": "77"})
SLACK = slack.SlackCredentials.find({"SLACK_BOT_TOKEN": "t"})
TWITCH = twitch.TwitchCredentials.find(
    {"TWITCH_APP_TOKEN": "t", "TWITCH_CLIENT_ID": "c", "TWITCH_BOT_USER_ID": "9999"}
)
API = "https://discord.com/api/v10"
HELIX = "https://api.twitch.tv/helix"


def to_discord(outgoing: Reply | PlatformAction) -> Delivery:
    assert DISCORD is not None
    return discord.deliver(outgoing, DISCORD, now=NOW)


def to_slack(outgoing: Reply | PlatformAction) -> Delivery:
    assert SLACK is not None
    return slack.deliver(outgoing, SLACK, now=NOW)


def to_twitch(outgoing: Reply | PlatformAction) -> Delivery:
    assert TWITCH is not None
    return twitch.deliver(outgoing, TWITCH, now=NOW)


def an_interaction(*, asked_ago: float = 10, component: bool = False) -> Interaction:
    until = NOW + timedelta(minutes=15) - timedelta(seconds=asked_ago)
    return Interaction(application="77", id="900", token="tok", until=until, component=component)
