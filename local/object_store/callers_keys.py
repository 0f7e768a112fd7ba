"""The keys of functions that may do something in the bucket: each right has a pair of its own.

On AWS these are the keys of their roles, and a policy says what they may.
"""

from __future__ import annotations

import hmac

from waddlebot.runtime.needs import MEDIA_RIGHTS

_PREFIX = "media-"


def key_id_of(may: str) -> str:
    return f"{_PREFIX}{may}"


def secret_of(may: str, house_secret: str) -> str:
    return hmac.digest(house_secret.encode(), may.encode(), "sha256").hex()


def find_secret(key_id: str, house_secret: str) -> str:
    """Empty for a key that nobody has."""
    may = key_id.removeprefix(_PREFIX)
    return secret_of(may, house_secret) if key_id == key_id_of(may) and may in MEDIA_RIGHTS else ""


def may_do(key_id: str, action: str, key: str) -> bool:
    """`action` as IAM has it: `s3:PutObject`."""
    rights = MEDIA_RIGHTS.get(key_id.removeprefix(_PREFIX), ())
    return any(action == allowed and key.startswith(under) for allowed, under in rights)
