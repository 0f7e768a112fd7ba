"""People who are told what Twitch says of a channel, as the router tells it."""

from __future__ import annotations

from typing import Any

from functions.modules.shoutouts.store import Shoutouts
from waddlebot_sdk.dialogue import Dialogue

Talk = Dialogue[Shoutouts]


def a_channel(login: str, /, **more: Any) -> dict[str, Any]:
    """Its id is `id-ana` where nothing else is said."""
    usual = {"id": f"id-{login}", "login": login, "name": login.title(), "game": "Celeste"}
    told = {"asked": login, "is_none": False, "title": "Up", "is_live": False}
    return {**told, **usual, **more}


def nobody(login: str) -> dict[str, Any]:
    return a_channel(login, id="", login="", name="", game="", title="", is_none=True)


def says(chat: Talk, line: str, *channels: dict[str, Any]) -> list[str]:
    """A moderator; what is heard of it."""
    chat.heard()
    chat.says("Max", line, role="moderator", data={"channels": list(channels)})
    return chat.heard()


def raids(chat: Talk, name: str, viewers: object = 7, *channels: dict[str, Any]) -> list[str]:
    chat.heard()
    chat.happens("raid", {"viewers": viewers, "channels": list(channels)}, to=name)
    return chat.heard()
