"""Requests as API Gateway hands them on."""

from __future__ import annotations

import json
from typing import Any

from functions.operations import handler as operations
from tests.waddlebot.runtime.aws_context import AwsContext


def ask(
    route: str,
    body: Any = None,
    *,
    key: str = "key-collector",
    query: dict[str, str] | None = None,
    **path: str,
) -> tuple[int, dict[str, Any]]:
    """Status and the answer's JSON."""
    event: dict[str, Any] = {
        "routeKey": route,
        "headers": {"authorization": f"Bearer {key}"} if key else {},
        "isBase64Encoded": False,
    }
    if path:
        event["pathParameters"] = path
    if query:
        event["queryStringParameters"] = query
    if body is not None:
        event["body"] = json.dumps(body)
    answer = operations.handler(event, AwsContext())
    return answer["statusCode"], json.loads(answer["body"])
