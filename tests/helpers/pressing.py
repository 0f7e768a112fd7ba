"""People who press, choose and fill in what a house offered."""

from __future__ import annotations

from typing import Any

from tests.helpers.house import Chat


def presses(chat: Chat, who: str, label: str, kind: str = "button_click") -> dict[str, Any]:
    """The newest button or option that is called so, as its client sends it."""
    return happens(chat, who, kind, label=label)


def fills_in(chat: Chat, who: str, **fields: str) -> dict[str, Any]:
    """The form that this person has open, and sends it."""
    return happens(chat, who, "modal_submit", fields=fields)


def happens(chat: Chat, who: str, kind: str, **more: object) -> dict[str, Any]:
    name = chat.viewer if who == "ana" else who
    place = {"channel": chat.channel, "server": chat.server}
    told = {"as": name, "on": chat.on, "type": kind, **more}
    told |= {name: value for name, value in place.items() if value}
    chat._last = chat._last or chat.house.last_number()
    chat._speakers.add(name)
    sent: dict[str, Any] = chat.house.post("/stand-ins/happens", told)
    assert sent.get("accepted"), sent
    return sent
