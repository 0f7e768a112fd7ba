"""GET /api/openapi.json: the document that `make description` wrote, to everybody.

It tells what may be asked and nothing of anybody, so it needs no key, no server and no variable.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from waddlebot.domain.errors import WrongMethod
from waddlebot.runtime.methods import as_asked, headers_of
from waddlebot.runtime.serve_http import error_of

FILE = "openapi.json"
SECONDS = 300
"""For so long a browser need not ask again."""


def handler(aws_event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """API Gateway's payload 2.0 in and out, `{"statusCode", "headers", "body"}`: 200, or 405."""
    key = str(as_asked(aws_event).get("routeKey", ""))
    if not key.startswith("GET "):
        wrong = WrongMethod(["GET"])
        return {
            "statusCode": wrong.status,
            "headers": {"content-type": "application/json", **headers_of(wrong)},
            "body": json.dumps(error_of(wrong)),
        }
    return {
        "statusCode": 200,
        "headers": {
            "content-type": "application/json",
            "cache-control": f"max-age={SECONDS}",
            "access-control-allow-origin": "*",  # tools that read it run in browsers
        },
        "body": document(),
    }


@cache
def document() -> str:
    return Path(__file__).with_name(FILE).read_text("utf-8")
