"""Reading a stranger's JSON: nothing here raises, whatever type stands where.

Everywhere `value` is JSON as it came: an object, a list, a text, a number, True, False or None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from waddlebot.domain.errors import Rejected
from waddlebot.domain.moments import read_moment, within_reach
from waddlebot.domain.nesting import TOO_DEEP, is_too_deep

MOST_CHARACTERS = 40_000
"""Longer text is cut at the door; Slack lets nobody write more in one line."""
_MOST_ITEMS = 100
_DEEPEST = 6
_ID = re.compile(r"[\w.@-]{1,64}", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def parse_object(body: bytes | str) -> dict[str, Any]:
    """Raises Rejected (400) where the body is no JSON object.

    Its keys are texts, its values whatever stood there: read them by `text_at` and its like.
    """
    if is_too_deep(body.encode("utf-8", "replace") if isinstance(body, str) else body):
        raise Rejected(400, "BROKEN_BODY", TOO_DEEP)
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Rejected(400, "BROKEN_BODY", "The body is not JSON.") from error
    if not isinstance(payload, dict):
        raise Rejected(400, "BROKEN_BODY", "The body is not a JSON object.")
    return payload


def without_unstorable(text: str) -> str:
    """Without what PostgreSQL or JSON cannot hold."""
    return _UNSTORABLE.sub("", text)


def is_storable(value: object) -> bool:
    """Whether no text in it, however deep, holds a NUL or half a sign."""
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is None
    if isinstance(value, Mapping):
        return all(is_storable(key) and is_storable(item) for key, item in value.items())
    return not isinstance(value, list) or all(map(is_storable, value))


def clean(text: str) -> str:
    """The same, as long as a platform lets a line be."""
    return without_unstorable(text[:MOST_CHARACTERS])


def dig(value: object, *path: str) -> Any:
    """The value at the end of the path, None where it is missing on the way."""
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def object_at(value: object, *path: str) -> dict[str, Any]:
    """The object at the end of the path; `{}` where there is none."""
    found = dig(value, *path)
    return found if isinstance(found, dict) else {}


def objects_at(value: object, *path: str) -> list[dict[str, Any]]:
    """The objects in a list there, at most 100; `[]` where there is none."""
    return [item for item in list_at(value, *path) if isinstance(item, dict)]


def list_at(value: object, *path: str) -> list[Any]:
    """The list there, at most 100 of it, whatever is in it; `[]` where there is none."""
    found = dig(value, *path)
    return found[:_MOST_ITEMS] if isinstance(found, list) else []


def raw_text_at(value: object, *path: str) -> str:
    """As it came: a challenge is handed back to the platform untouched."""
    found = dig(value, *path)
    return found if isinstance(found, str) else ""


def text_at(value: object, *path: str) -> str:
    return clean(raw_text_at(value, *path))


def id_at(value: object, *path: str) -> str:
    """A platform's id; empty where it is missing or could not be part of an entity id."""
    found = dig(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found) if abs(found) < 2**64 else ""
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


def opaque_id_at(value: object, *path: str) -> str:
    """An id that is only compared, so it may hold any sign: what cannot stand in ours is hashed."""
    found = dig(value, *path)
    if not isinstance(found, str) or not found:
        return ""
    name = found.encode("utf-8", "replace")
    if _ID.fullmatch(found):
        return found
    import hashlib  # nothing real comes here

    return hashlib.blake2b(name, digest_size=12).hexdigest()


def first_id(*ids: str) -> str:
    return next(filter(None, ids), "")


def number_at(value: object, *path: str) -> int | None:
    found = dig(value, *path)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 19:
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return found if abs(found) < 2**63 else None


def is_true(value: object, *path: str) -> bool:
    return dig(value, *path) is True


def plain(value: object, depth: int = 0) -> Any:
    """The value with clean text and storable numbers; what is too deep or too long is cut.

    `depth` counts the objects and lists around it. None stands for what is too deep.
    """
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else str(value)[:MOST_CHARACTERS]
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 # NaN
    if depth >= _DEEPEST:
        return None
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value[:_MOST_ITEMS]]
    if isinstance(value, Mapping):
        entries = list(value.items())[:_MOST_ITEMS]
        return {clean(str(key)): plain(item, depth + 1) for key, item in entries}
    return None


def moment(text: object) -> datetime | None:
    """An RFC 3339 time. `text` may be anything; None where it is no time."""
    return read_moment(text) if isinstance(text, str) else None


def moment_of_epoch(seconds: object) -> datetime | None:
    """Seconds since 1970, as a number or as text such as Slack's `1595926230.009600`.

    None where `seconds` is none of that.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | str):
        return None
    try:
        return within_reach(datetime.fromtimestamp(float(seconds), UTC))
    except (ValueError, OverflowError, OSError):
        return None
