"""Which platforms are real, and where the stand-ins keep out: by what the person gave."""

from __future__ import annotations

from collections.abc import Mapping

TITLES = {"discord": "Discord", "slack": "Slack", "twitch": "Twitch"}
TOKENS = {
    "discord": ("DISCORD_TOKEN",),
    "twitch": ("TWITCH_APP_TOKEN", "TWITCH_USER_TOKEN"),
    "slack": ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"),
}
APPS = {"slack": ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET")}
"""With all of these people connect workspaces of their own, and no token of ours is needed."""
_SHARED_SECRETS = {"twitch": "TWITCH_EVENTSUB_SECRET", "slack": "SLACK_SIGNING_SECRET"}
"""What both sides sign and check with; Discord's stand-in has a private key of its own."""
HABITS = ("DISCORD_MESSAGE_SECONDS",)
"""Of stand-ins: in how many seconds Discord's lets five messages into a channel; else five."""
_SIGNED_WITH = (*_SHARED_SECRETS.values(), "DISCORD_STAND_IN_PRIVATE_KEY")


def real_platforms(given: Mapping[str, str]) -> dict[str, str]:
    """Those with a token of theirs or an app that people connect, each with its first name."""
    found = {}
    for platform, names in TOKENS.items():
        if name := next((name for name in names if given.get(name)), ""):
            found[platform] = name
    for platform, names in APPS.items():
        if all(given.get(name) for name in names):
            found.setdefault(platform, names[0])
    return found


def closed_stand_ins(given: Mapping[str, str]) -> dict[str, str]:
    """Where nobody may speak through the stand-ins, each with the sentence why.

    What a stand-in signs with a secret from outside would count wherever else that secret counts.
    """
    closed = {
        platform: f"{TITLES[platform]} is not signed for here: {secret} was given from outside. "
        f"Take it out of .env and the environment, and the stand-in speaks again."
        for platform, secret in _SHARED_SECRETS.items()
        if given.get(secret)
    }
    real = {
        platform: f"{TITLES[platform]} is real here ({token} is set), so its stand-in is off. "
        "Talk to the bot there."
        for platform, token in real_platforms(given).items()
    }
    return closed | real


def keys_of_stand_ins(
    values: Mapping[str, str], made: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """`made` are the keys of dev.env: what signs is taken from there, whatever was `given`."""
    habits = {name: given[name] for name in HABITS if given.get(name)}
    return {**values, **habits, **{name: made[name] for name in _SIGNED_WITH}}
