"""Discord, Slack and Twitch on this machine: no accounts, no network, the same words."""

from local.stand_ins.app import StandIns, bot_environment

__all__ = ["StandIns", "bot_environment"]
