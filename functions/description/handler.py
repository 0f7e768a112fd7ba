"""GET /api/openapi.json: the document that `make description` wrote, to everybody.

It tells what may be asked and nothing of anybody, so it needs no key, no server and no variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = "openapi.json"
SECONDS = 300
"""For so long a browser need not ask again."""


def handler(_aws_event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """API Gateway's payload 2.0 in and out: always 200, `{"statusCode", "headers", "body"}`."""
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
