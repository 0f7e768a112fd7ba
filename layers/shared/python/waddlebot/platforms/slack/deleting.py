"""Deleting at Slack other people's messages: with the token of an admin who lent it, or not at all.

Docs: "chat.delete": with a person's token it deletes what that person may delete.
"""

from __future__ import annotations

from collections.abc import Callable

from waddlebot.domain.entities import parse_entity
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.platforms.delivering import (
    SENT,
    Delivered,
    Delivery,
    HttpAnswer,
    HttpCall,
    closed,
)
from waddlebot.platforms.fields import text_at

LENT_TOKEN = "SLACK_LENT_TOKEN"  # noqa: S105 - a variable's name
_GONE = "message_not_found"


def delete(
    action: PlatformAction,
    call: HttpCall | None,
    judge: Callable[[HttpAnswer], Delivered | None],
    public: PublicAddress,
) -> Delivery:
    """`call` is `chat.delete` with a lent token, None where nobody lends one."""
    where = public.at("/connect/slack")
    lent_again = f"An owner or admin of the workspace lets me at {where}."
    if call is None:
        return closed(f"{_stays(action)} nobody lets me delete it. {lent_again}")
    answer = yield call
    if passing := judge(answer):
        return passing
    error = text_at(answer.json, "error")
    if error == _GONE or (answer.status < 300 and not error):
        return SENT
    if error == "cant_delete_message":
        return closed(f"{_stays(action)} who lent me their right may not delete it. {lent_again}")
    return closed(f"{_stays(action)} Slack says {error or answer.status}.")


def _stays(action: PlatformAction) -> str:
    """Slack shows `<#id>` as the channel's name."""
    where = f"<#{parse_entity(action.entity).channel}>"
    return f"A message that is to go stays in {where}, please delete it by hand:"
