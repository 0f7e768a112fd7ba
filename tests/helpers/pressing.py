"""People who press, choose and fill in what a house offered."""

from __future__ import annotations

from typing import Any

from tests.helpers.house import Chat

PATIENCE = 15.0
MOST_PRESSES = 5
LATE = frozenset({"failed", "ephemeral", "followup"})


def presses(chat: Chat, who: str, label: str, kind: str = "button_click") -> dict[str, Any]:
    """The newest button or option that is called so, as its client sends it."""
    return happens(chat, who, kind, label=label)


def fills_in(chat: Chat, who: str, **fields: str) -> dict[str, Any]:
    """The form that this person has open, and sends it."""
    return happens(chat, who, "modal_submit", fields=fields)


def opens(chat: Chat, who: str, label: str) -> dict[str, Any]:
    """The form behind this button, however busy the house is, as people get it.

    An answer that is too late to open a form brings the button once more, one that is later still
    is none and Discord says so: people press again, which counts nothing.
    """
    for _ in range(MOST_PRESSES):
        tries(chat, who, "button_click", label=label)
        while shown := chat.hears("", within=PATIENCE, to=chat.viewer if who == "ana" else who):
            if shown["kind"] == "form":
                return shown
            if shown["kind"] in LATE:
                break
    raise AssertionError((label, chat._seen))


def happens(chat: Chat, who: str, kind: str, **more: object) -> dict[str, Any]:
    sent = tries(chat, who, kind, **more)
    assert sent.get("accepted"), sent
    return sent


def tries(chat: Chat, who: str, kind: str, **more: object) -> dict[str, Any]:
    """As `happens`, whatever comes of it."""
    name = chat.viewer if who == "ana" else who
    place = {"channel": chat.channel, "server": chat.server}
    told = {"as": name, "on": chat.on, "type": kind, **more}
    told |= {name: value for name, value in place.items() if value}
    chat._last = chat._last or chat.house.last_number()
    chat._speakers.add(name)
    sent: dict[str, Any] = chat.house.post("/stand-ins/happens", told)
    return sent
