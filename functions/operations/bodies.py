"""What stands in a body: an object, and in it what is true or false."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.errors import Rejected


def read_fields(body: Any, *, may_lack: bool = False) -> Mapping[str, Any]:
    """The object that was sent; nothing at all is an empty one where it `may_lack`.

    Raises Rejected: 400.
    """
    if body is None and may_lack:
        return {}
    if not isinstance(body, Mapping):
        raise _invalid("body", "The body is a JSON object.")
    return body


def read_flag(fields: Mapping[str, Any], name: str) -> bool:
    """False where it is left out. Raises Rejected: 400.

    Whoever writes `"dry_run": "yes"` must not read that it was done.
    """
    value = fields.get(name, False)
    if not isinstance(value, bool):
        raise _invalid(name, f"'{name}' is true or false.")
    return value


def _invalid(field: str, words: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", words, details={"field": field})
