"""A server that a community's moderators named: asked by a function of its own (functions/outside).

What it says of the line is done as if a rule had said it; what it replies is held back like any
other text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from functions.router.destinations import Answered
from functions.router.destinations.builtin import Kit, call_builtin
from waddlebot.domain.code_looks import without_codes
from waddlebot.domain.deliveries import Decided, LineAnswer, LineDelivery
from waddlebot.domain.executions import Notice
from waddlebot.domain.matches import Match
from waddlebot.domain.string_rules import StringRule
from waddlebot.domain.triggers import RuleTrigger
from waddlebot.runtime.invoke import Invoker
from waddlebot.stores.rule_order import is_at_work
from waddlebot_sdk.calls import Call
from waddlebot_sdk.responses import Chat, Failed
from waddlebot_sdk.wire_texts import NotAResponse

MODERATION = "moderation"


def call_webhook(invoke: Invoker, match: Match, call: Call, kit: Kit) -> Answered:
    """Raises as `Invoke.call`, for our own function; what the server does wrong is a failed answer.

    Raises:
        NotAResponse: our function speaks as another release does.
    """
    assert isinstance(match.trigger, RuleTrigger)  # noqa: S101 - rules alone have webhooks
    rule = match.trigger.rule
    told = _deliver(invoke, match, rule, call)
    if not _still_asks(told, rule, kit):
        return Answered(attempts=max(1, told.attempts))
    if told.failed:
        notices = _notices(told, call, kit)
        failed = (Failed("", error=told.failed),)
        return Answered(responses=failed, notices=notices, attempts=max(1, told.attempts))
    return replace(_carried_out(told, call, kit), attempts=told.attempts)


def _deliver(invoke: Invoker, match: Match, rule: StringRule, call: Call) -> LineAnswer:
    delivery = LineDelivery(
        id=call.execution_id,
        address=rule.webhook,
        community=match.session.community.id,
        line=_line(match, rule, call),
        deadline=call.deadline,
    )
    function = match.trigger.destination.location
    answer = invoke.call(function, msgspec.json.encode(delivery), deadline=call.deadline)
    try:
        return msgspec.json.decode(answer, type=LineAnswer)
    except msgspec.DecodeError as error:
        raise NotAResponse(f"the function {function} says what is no answer: {error}") from error


def _still_asks(told: LineAnswer, rule: StringRule, kit: Kit) -> bool:
    """A rule that was taken away while its server was asked does nothing more.

    Where nothing is to be done nobody looks. Raises Unavailable.
    """
    is_idle = told.decided is Decided.ALLOW and not told.told
    return is_idle or is_at_work(kit.postgres, kit.session.community.id, rule.id)


def _line(match: Match, rule: StringRule, call: Call) -> dict[str, Any]:
    """What the server reads (docs/communities.md)."""
    event, wire = match.session.event, call.to_wire()
    return {
        "type": "string_match",
        "version": 1,
        "rule": {"id": rule.id, "match": rule.match_type.value, "pattern": rule.pattern},
        "texts": [without_codes(text) for text in event.texts],
        "message_id": event.message,
        "user": wire["user"],
        "entity": wire["entity"],
        "community": {name: wire["community"][name] for name in ("id", "name")},
        "occurred_at": call.occurred_at,
    }


def _carried_out(told: LineAnswer, call: Call, kit: Kit) -> Answered:
    match told.decided:
        case Decided.ALLOW:
            return Answered()
        case Decided.REPLY:
            return Answered(responses=(Chat(told.text),))
        case Decided.WARN | Decided.BLOCK:
            data = {**call.data, "decided": told.decided.value, "say": told.text}
            return call_builtin(MODERATION, replace(call, data=data), kit)


def _notices(told: LineAnswer, call: Call, kit: Kit) -> tuple[Notice, ...]:
    if not told.told:
        return ()
    data = {**call.data, "failed": told.failed}
    return call_builtin(MODERATION, replace(call, data=data), kit).notices
