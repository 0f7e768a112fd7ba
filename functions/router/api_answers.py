"""An outcome as an API caller sees it (docs/api.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waddlebot.domain import sayings
from waddlebot.domain.executions import Execution
from waddlebot.domain.outcomes import Outcome, Reply
from waddlebot.domain.triggers import CommandTrigger, EventTrigger, RuleTrigger, Trigger
from waddlebot.domain.verdicts import Verdict


def answer_of(outcome: Outcome, replies: Sequence[Reply], *, session_id: str) -> dict[str, Any]:
    """Replies are the spec's response objects: chat first, then what the overlay would show."""
    return {
        "success": True,
        "session_id": session_id,
        "replies": [
            *(_chat(reply, session_id) for reply in replies),
            *(
                {**push.content, "session_id": session_id, "execution_id": push.execution_id}
                for push in outcome.overlay_pushes
            ),
        ],
        "verdicts": [_verdict(verdict) for verdict in outcome.verdicts],
        "executions": [_execution(execution) for execution in outcome.executions],
    }


def _chat(reply: Reply, session_id: str) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "success": True,
        "response_action": "chat",
        "chat_message": reply.text,
        "session_id": session_id,
        "execution_id": reply.execution_id,
    }
    if reply.listing:
        wire["response_data"] = {"listing": reply.listing.to_wire()}
    marks = {"private": reply.private, "secret": reply.secret}
    return wire | {mark: True for mark, is_set in marks.items() if is_set}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    wire = {
        **_fired(verdict.match.trigger),
        "module": verdict.match.trigger.module,
        "allowed": verdict.allowed,
        "reason": verdict.reason.value,
        "wait_seconds": verdict.wait_seconds,
        "by": verdict.by,
    }
    return wire if verdict.allowed else {**wire, "message": sayings.say_refusal(verdict)}


def _fired(trigger: Trigger) -> dict[str, Any]:
    if isinstance(trigger, CommandTrigger):
        return {"command": trigger.typed}
    if isinstance(trigger, RuleTrigger):
        return {"rule": trigger.rule.id}
    return {"event": trigger.event_type if isinstance(trigger, EventTrigger) else trigger.id}


def _execution(execution: Execution) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "execution_id": execution.id,
        "module": execution.verdict.match.trigger.module,
        "status": execution.status.value,
        "took_ms": round(execution.took_ms, 1),
    }
    return {**wire, "error": execution.error} if execution.error else wire
