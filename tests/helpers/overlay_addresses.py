"""Who may ask for overlays' addresses in a house, and the addresses in what they are told."""

from __future__ import annotations

import re

from local.stand_ins.people import StandInPeople
from tests.helpers.chatting import says, says_privately
from tests.helpers.house import Chat


def lets(chat: Chat) -> None:
    """Whoever views is a moderator from here on."""
    says_privately(chat, "!keys", "You have no key")
    user = StandInPeople().named(chat.viewer).ids[chat.on]
    whom = f"@{chat.viewer}" if chat.on == "twitch" else f"<@{user}>"
    says(chat, "olga", f"!roles give {whom} moderator", "is a moderator here now")


def paths_in(told: str) -> list[str]:
    """Behind the address of the house, as it stands for itself."""
    return re.findall(r"http://localhost:\d+(/[\w-]{43}/\w+)(?![\w/])", told)
