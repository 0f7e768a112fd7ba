"""Calls the Invoke API refuses, in AWS's words."""

from __future__ import annotations

import base64
import binascii
import json
import uuid

import msgspec

from local.lambda_service.contract import InvokeAnswer


class CallRefused(Exception):
    """A call that no function will see; `invocation` is what the caller gets."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.invocation = InvokeAnswer(
            status=status,
            request_id=str(uuid.uuid4()),
            error_type=error_type,
            # boto3 reads either spelling, AWS itself sends both.
            payload=json.dumps({"Type": "User", "message": message, "Message": message}).encode(),
        )


def without_arn(name: str) -> str:
    """`name`, `name:qualifier`, or either at the end of a full or partial ARN."""
    _, found, rest = name.partition(":function:")
    return rest if found else name


def checked_json(payload: bytes) -> bytes:
    """The payload, `{}` for none. Raises CallRefused when it is not JSON."""
    if not payload:
        return b"{}"
    try:
        msgspec.json.decode(payload, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CallRefused(
            400,
            "InvalidRequestContentException",
            f"Could not parse request body into json: Could not parse payload into json: {error}",
        ) from None
    return payload


def checked_client_context(header: str | None) -> str | None:
    """The context as one line of ASCII JSON. Raises CallRefused when it is not base64 JSON."""
    if not header:
        return None
    try:
        return json.dumps(json.loads(base64.b64decode(header, validate=True)))
    except (binascii.Error, ValueError):
        raise CallRefused(
            400,
            "InvalidRequestContentException",
            "Client context must be a valid Base64-encoded JSON object.",
        ) from None


def too_large(limit: int) -> CallRefused:
    return CallRefused(
        413,
        "RequestTooLargeException",
        f"Request must be smaller than {limit} bytes for the InvokeFunction operation",
    )


def unsigned() -> CallRefused:
    return CallRefused(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
