"""Discord, Slack and Twitch on this machine: no accounts, no network, the same words."""

from local.stand_ins.app import StandIns, bot_environment
from local.stand_ins.signing_in import sign_in_environment

__all__ = ["StandIns", "bot_environment", "sign_in_environment"]
