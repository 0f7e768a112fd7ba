"""How Discord refuses a message: for its channel, or for the line that it replies to."""

from __future__ import annotations

from local.stand_ins.asgi import AsgiAnswer, Json, json_answer
from local.stand_ins.discord.messages import Messages
from local.stand_ins.faults import Faults
from local.stand_ins.places import StandInPlace

UNKNOWN_CHANNEL: Json = {"message": "Unknown Channel", "code": 10003}
MAY_NOT: Json = {"message": "Missing Permissions", "code": 50013}
_NO_HISTORY = "Cannot reply without permission to read message history"
_OF_CHANNELS: dict[str, tuple[int, Json]] = {
    "10003": (404, UNKNOWN_CHANNEL),
    "50001": (403, {"message": "Missing Access", "code": 50001}),
    "50013": (403, MAY_NOT),
}
_SYSTEM_LINE, _UNKNOWN_LINE = "CANNOT_REPLY_TO_SYSTEM_MESSAGE", "UNKNOWN_MESSAGE"
_REPLIED_TO = frozenset({0, 19, 20, 23})
"""Lines, replies and commands; all other types are Discord's own lines."""


def refusal_of(
    place: StandInPlace, body: Json, faults: Faults, messages: Messages
) -> AsgiAnswer | None:
    """None where the message is taken."""
    fault = faults.take("discord", frozenset(_OF_CHANNELS), place.channel)
    if fault:
        status, said = _OF_CHANNELS[fault.what]
        return json_answer(said, status)
    reference = body.get("message_reference")
    return _of_reference(place, reference, faults, messages) if reference else None


def _of_reference(
    place: StandInPlace, reference: Json, faults: Faults, messages: Messages
) -> AsgiAnswer | None:
    if faults.take("discord", frozenset({"160002"}), place.channel):
        return json_answer({"message": _NO_HISTORY, "code": 160002}, 403)
    is_planned = faults.take("discord", frozenset({"50035"}), place.channel) is not None
    line = messages.find_in(place.channel, str(reference.get("message_id")))
    if is_planned or (line and line[1]["type"] not in _REPLIED_TO):
        return json_answer(_no_reference(_SYSTEM_LINE), 400)
    if line is None and reference.get("fail_if_not_exists", True):
        return json_answer(_no_reference(_UNKNOWN_LINE), 400)
    return None


def _no_reference(why: str) -> Json:
    error = {"code": f"REPLIES_{why}", "message": why.replace("_", " ").capitalize()}
    errors = {"message_reference": {"_errors": [error]}}
    return {"message": "Invalid Form Body", "code": 50035, "errors": errors}
