"""What the record keeps of a call: what was typed, where it went, and what came back, as far as
that is anybody else's to read."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec

from waddlebot.domain.executions import Execution
from waddlebot.domain.matches import Match
from waddlebot.domain.sayings import IN_DOUBT
from waddlebot.domain.triggers import CommandTrigger, Trigger
from waddlebot.domain.typed_secrets import without_secrets
from waddlebot_sdk.responses import Chat

HIDDEN = "…"
NOT_KEPT = "not kept, as the call was private: the module's log has it"
MOST_BYTES = 8_192
"""Of what was typed, of what came back, and of an error."""

_IN_A_MODULES_WORDS = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.INTERNAL_SERVER_ERROR})


def is_secret(trigger: Trigger) -> bool:
    return isinstance(trigger, CommandTrigger) and trigger.secret


def kept_text(match: Match) -> str:
    """Nothing of a private call: it is between one person and the bot."""
    trigger, text = match.trigger, match.text
    if not text:
        return ""
    if is_secret(trigger):
        return HIDDEN
    if _is_private(match):
        return ""
    return kept(text)


def kept(text: str) -> str:
    """Its beginning, without secrets."""
    text = without_secrets(text)
    if 4 * len(text) <= MOST_BYTES:
        return text
    return text.encode("utf-8", "surrogatepass")[:MOST_BYTES].decode("utf-8", "ignore")


def location_of(trigger: Trigger) -> str:
    """As the command table has it."""
    where = trigger.destination
    return f"builtin:{where.location}" if where.engine == "builtin" else where.location


def kept_responses(execution: Execution) -> list[dict[str, Any]]:
    """What only one person was told, a code perhaps, is nobody else's to read.

    What is too large stands there with its size alone.
    """
    if _is_private(execution.verdict.match):
        return []
    told, left = [], MOST_BYTES
    for response in execution.responses:
        if isinstance(response, Chat) and response.private:
            continue
        wire = response.to_wire()
        size = len(msgspec.json.encode(wire))
        if size > left:
            wire = {"response_action": wire.get("response_action"), "bytes": size}
        else:
            left -= size
        told.append(wire)
    return told


def kept_error(execution: Execution) -> str:
    """Of a private call that went wrong in its module only that it did: a crash tells what it was
    given."""
    match, error = execution.verdict.match, execution.error
    is_theirs = execution.http_status in _IN_A_MODULES_WORDS and error not in {"", IN_DOUBT}
    if is_theirs and (_is_private(match) or is_secret(match.trigger)):
        return NOT_KEPT
    return kept(error)


def _is_private(match: Match) -> bool:
    trigger = match.trigger
    is_private_command = isinstance(trigger, CommandTrigger) and trigger.private
    return is_private_command or match.session.event.private
