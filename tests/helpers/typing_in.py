"""People who are typing a slash command, and what their client offers them."""

from __future__ import annotations

from tests.helpers.house import Chat
from tests.helpers.pressing import happens

PATIENCE = 15.0


def types(
    chat: Chat,
    who: str,
    typed: str,
    *,
    command: str = "waddlebot",
    option: str = "command",
    **given: str,
) -> dict[str, str]:
    """What is offered for this option, by what would stand in it; `given` are the others."""
    chat.from_now_on()
    happens(chat, who, "autocomplete", command=command, option=option, typed=typed, given=given)
    return _listed(chat, who, typed)


def finds(chat: Chat, who: str, typed: str) -> dict[str, str]:
    """What Slack lists below the newest field that finds something; it stays open."""
    chat.from_now_on()
    happens(chat, who, "autocomplete", typed=typed)
    return _listed(chat, who, typed)


def takes(chat: Chat, who: str, value: str) -> None:
    """Of what is listed there."""
    happens(chat, who, "select_menu", taken=value)


def _listed(chat: Chat, who: str, typed: str) -> dict[str, str]:
    name = chat.viewer if who == "ana" else who
    shown = chat.hears("", within=PATIENCE, to=name)
    assert shown, (who, typed)
    assert shown["kind"] == "choices", shown
    return {one["value"]: one["name"] for one in (shown["dress"] or {}).get("choices", ())}
