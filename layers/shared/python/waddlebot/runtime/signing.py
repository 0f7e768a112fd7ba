"""AWS Signature Version 4: calls of two services, and the tokens by which servers are entered.

Source: AWS, "Create a signed AWS API request". botocore would cost every cold start more than all
our imports (docs/decisions/0005).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from waddlebot.runtime.credentials import Credentials

TOKEN_SECONDS = 900
"""As long a token opens a connection, which then stays: AWS takes no longer ones."""
_ALGORITHM = "AWS4-HMAC-SHA256"
_NO_PAYLOAD = hashlib.sha256(b"").hexdigest()


def sign(
    path: str,
    payload: bytes,
    headers: Mapping[str, str],
    *,
    credentials: Credentials,
    region: str,
    now: datetime,
    method: str = "POST",
    service: str = "lambda",
) -> dict[str, str]:
    """`headers` (with Host) and what a signature adds.

    `path` is as sent: already percent-encoded.
    """
    moment = _moment(now)
    headers = {**headers, "X-Amz-Date": moment}
    if credentials.session_token:
        headers["X-Amz-Security-Token"] = credentials.session_token
    signed = {name.lower(): value.strip() for name, value in sorted(headers.items())}
    names = ";".join(sorted(signed))
    request = "\n".join(
        (
            method,
            quote(path, safe="/~"),  # encoded twice, as for every service but S3
            "",
            *(f"{name}:{signed[name]}" for name in sorted(signed)),
            "",
            names,
            hashlib.sha256(payload).hexdigest(),
        )
    )
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    headers["Authorization"] = (
        f"{_ALGORITHM} Credential={credentials.key_id}/{scope}, "
        f"SignedHeaders={names}, Signature={_signature(request, moment, scope, credentials)}"
    )
    return headers


def database_token(
    host: str, port: int, user: str, *, credentials: Credentials, region: str, now: datetime
) -> str:
    """What a user of RDS or RDS Proxy shows instead of a password, for a connect within 15 minutes.

    Source: Amazon RDS, "IAM database authentication"; botocore's `generate_db_auth_token`.
    """
    asked = {"Action": "connect", "DBUser": user}
    return _presigned(
        f"{host}:{port}", asked, service="rds-db", credentials=credentials, region=region, now=now
    )


def valkey_token(
    group: str, user: str, *, credentials: Credentials, region: str, now: datetime
) -> str:
    """The same for ElastiCache: of the replication group's name, whatever address it has.

    Source: Amazon ElastiCache, "Authenticating with IAM".
    """
    asked = {"Action": "connect", "User": user}
    return _presigned(
        group, asked, service="elasticache", credentials=credentials, region=region, now=now
    )


def _presigned(
    host: str,
    asked: Mapping[str, str],
    *,
    service: str,
    credentials: Credentials,
    region: str,
    now: datetime,
) -> str:
    """The address of a GET that nobody sends, without its scheme."""
    moment = _moment(now)
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    told = {
        **asked,
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{credentials.key_id}/{scope}",
        "X-Amz-Date": moment,
        "X-Amz-Expires": str(TOKEN_SECONDS),
        "X-Amz-SignedHeaders": "host",
    }
    if credentials.session_token:
        told["X-Amz-Security-Token"] = credentials.session_token
    query = "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in sorted(told.items()))
    request = "\n".join(("GET", "/", query, f"host:{host}", "", "host", _NO_PAYLOAD))
    signature = _signature(request, moment, scope, credentials)
    return f"{host}/?{query}&X-Amz-Signature={signature}"


def _moment(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _signature(request: str, moment: str, scope: str, credentials: Credentials) -> str:
    digest = hashlib.sha256(request.encode()).hexdigest()
    to_sign = f"{_ALGORITHM}\n{moment}\n{scope}\n{digest}"
    return hmac.digest(_key(credentials.secret, scope), to_sign.encode(), "sha256").hex()


def _key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
