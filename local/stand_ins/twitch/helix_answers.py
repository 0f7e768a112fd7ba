"""How Helix answers what it does not do."""

from __future__ import annotations

import time

from local.stand_ins.asgi import AsgiAnswer, json_answer


def error(status: int, error: str, message: str) -> AsgiAnswer:
    return json_answer({"error": error, "status": status, "message": message}, status)


def dropped(code: str, message: str) -> AsgiAnswer:
    reason = {"code": code, "message": message}
    return json_answer({"data": [{"message_id": "", "is_sent": False, "drop_reason": reason}]})


def with_points(answer: AsgiAnswer) -> AsgiAnswer:
    points = {
        "ratelimit-limit": "800",
        "ratelimit-remaining": "799",
        "ratelimit-reset": str(int(time.time()) + 1),
    }
    return AsgiAnswer(status=answer.status, headers={**points, **answer.headers}, body=answer.body)
