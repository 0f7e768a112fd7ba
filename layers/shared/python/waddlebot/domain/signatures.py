"""What we send is signed as Standard Webhooks says (standardwebhooks.com, version 1).

Its receivers have libraries in every language. Secrets are made of one key and of whom they are
for, so none is kept: `WADDLEBOT_SIGNING_KEY` in another house makes other secrets.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

_PREFIX = "whsec_"


def secret_for(signing_key: str, community: int, origin: str) -> str:
    """As the receiver gets it: `whsec_` and 32 bytes in base64.

    Each community has one for each server: who receives for one can forge for no other.
    """
    about = f"webhook\0{community}\0{origin}"
    made = hmac.digest(signing_key.encode(), about.encode(), hashlib.sha256)
    return _PREFIX + base64.b64encode(made).decode()


def signed_headers(secret: str, delivery: str, at: datetime, body: bytes) -> dict[str, str]:
    """`delivery` is the same in every try; `at` is when this one is sent."""
    seconds = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    made = hmac.digest(key, f"{delivery}.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": delivery,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
    }
