"""A form that a browser posts to S3: its fields up to the file, and what its policy allows.

Source: Amazon S3, "POST Object" and "POST Policy". Every field but four is to be in the policy, and
every condition of it is to hold.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.object_store.refusals import StoreRefused

MOST_FIELDS_BYTES = 20_000
_BOUNDARY = re.compile(r'multipart/form-data\s*;.*?boundary="?([0-9A-Za-z\'()+_,./:=? -]{1,70})"?')
_NAME = re.compile(r'\bname="([^"]*)"', re.ASCII)
NOT_IN_A_POLICY = frozenset({"policy", "x-amz-signature", "file"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PostForm:
    """Names of fields are in small letters."""

    fields: Mapping[str, str]
    file: bytes


def read_form(content_type: str, body: bytes) -> PostForm:
    """Raises StoreRefused. What stands behind the file is left out, as S3 leaves it."""
    found = _BOUNDARY.match(content_type)
    if found is None:
        raise _malformed()
    mark = b"--" + found[1].encode()
    fields: dict[str, str] = {}
    for part in (b"\r\n" + body).split(b"\r\n" + mark)[1:]:
        if part.startswith(b"--"):
            break
        head, blank, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = _NAME.search(head.decode("latin-1"))
        if not blank or name is None:
            raise _malformed()
        if name[1].lower() == "file":
            return PostForm(fields=fields, file=content)
        fields[name[1].lower()] = content.decode("utf-8", "replace")
        if sum(map(len, fields.values())) > MOST_FIELDS_BYTES:
            raise _malformed()
    raise StoreRefused("InvalidArgument", "POST requires exactly one file upload per request.")


def check_policy(form: PostForm, *, bucket: str, now: datetime) -> None:
    """Raises StoreRefused."""
    policy = _read_policy(form.fields.get("policy", ""))
    if now >= _moment(policy.get("expiration")):
        raise StoreRefused("AccessDenied", "Invalid according to Policy: Policy expired.")
    told = {**form.fields, "bucket": bucket}
    covered: set[str] = set()
    for condition in policy.get("conditions") or []:
        covered |= _hold(condition, told, len(form.file))
    left = form.fields.keys() - covered - NOT_IN_A_POLICY
    if extra := [name for name in left if not name.startswith("x-ignore-")]:
        words = f"Invalid according to Policy: Extra input fields: {', '.join(sorted(extra))}"
        raise StoreRefused("AccessDenied", words)


def _hold(condition: Any, told: Mapping[str, str], size: int) -> set[str]:
    """The fields that this condition speaks of. Raises StoreRefused where it does not hold."""
    if isinstance(condition, dict) and len(condition) == 1:
        [(name, wanted)] = condition.items()
        return _equal(str(name), wanted, told)
    if not isinstance(condition, list) or len(condition) != 3:
        raise _failed(condition)
    how, name, wanted = condition
    if how == "content-length-range":
        _check_length(size, int(name), int(wanted))
        return set()
    field = str(name).removeprefix("$").lower()
    if how == "eq":
        return _equal(field, wanted, told)
    if how != "starts-with" or not told.get(field, "").startswith(str(wanted)):
        raise _failed(condition)
    return {field}


def _equal(name: str, wanted: object, told: Mapping[str, str]) -> set[str]:
    if told.get(name.lower()) != wanted:
        raise _failed(["eq", f"${name}", wanted])
    return {name.lower()}


def _check_length(size: int, least: int, most: int) -> None:
    if size < least:
        raise StoreRefused(
            "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed"
        )
    if size > most:
        raise StoreRefused(
            "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
        )


def _read_policy(text: str) -> dict[str, Any]:
    try:
        policy = json.loads(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise StoreRefused("InvalidArgument", "Invalid Policy: it is no JSON in base64.") from error
    if not isinstance(policy, dict):
        raise StoreRefused("InvalidArgument", "Invalid Policy: it is no object.")
    return policy


def _moment(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError as error:
        raise StoreRefused("InvalidArgument", "Invalid Policy: it has no expiration.") from error


def _failed(condition: Sequence[Any] | object) -> StoreRefused:
    words = f"Invalid according to Policy: Policy Condition failed: {json.dumps(condition)}"
    return StoreRefused("AccessDenied", words)


def _malformed() -> StoreRefused:
    words = "The body of your POST request is not well-formed multipart/form-data."
    return StoreRefused("MalformedPOSTRequest", words)
