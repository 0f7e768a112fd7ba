"""Whose request this is: Signature Version 4, computed anew by botocore and compared.

botocore is loaded when somebody first comes: a house that has no media files starts without it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from local.object_store.callers_keys import find_secret
from local.object_store.post_form import PostForm
from local.object_store.refusals import StoreRefused
from local.stand_ins.asgi import AsgiRequest

if TYPE_CHECKING:
    from botocore.auth import S3SigV4Auth

REGION = "us-east-1"
MOST_SKEW = timedelta(minutes=15)
SIGNED = frozenset({"host", "x-amz-content-sha256", "x-amz-date"})
"""Headers without which a signature is for something else too."""
ALGORITHM = "AWS4-HMAC-SHA256"
_HEADER = re.compile(
    rf"{ALGORITHM} Credential=([^,]+), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{{64}})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """`20261130/us-east-1/s3/aws4_request`, behind the id of a key."""

    key_id: str
    day: str

    @classmethod
    def read(cls, credential: str) -> Scope:
        """Raises StoreRefused."""
        parts = credential.split("/")
        if len(parts) != 5 or parts[2:] != [REGION, "s3", "aws4_request"]:
            raise StoreRefused(
                "InvalidArgument", "The credential is not of this region and service."
            )
        return cls(key_id=parts[0], day=parts[1])


def signer_of(request: AsgiRequest, url: str, house_secret: str, now: datetime) -> str:
    """The id of the key that signed it in its headers. Raises StoreRefused."""
    found = _HEADER.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise StoreRefused("AccessDenied", "Access Denied")
    scope = Scope.read(found[1])
    moment = _fresh(request.headers.get("x-amz-date", ""), scope, now)
    told = request.headers.get("x-amz-content-sha256", "")
    if told != hashlib.sha256(request.body).hexdigest():
        raise StoreRefused("XAmzContentSHA256Mismatch", "The body is not what was signed.")
    names = found[2].split(";")
    wanted = _signature(_auth(scope, house_secret), request, url, names, moment)
    if not {*names} >= SIGNED or not hmac.compare_digest(wanted, found[3]):
        raise StoreRefused("SignatureDoesNotMatch", "The signature does not match.")
    return scope.key_id


def signer_of_form(form: PostForm, house_secret: str) -> str:
    """The id of the key that signed its policy. Raises StoreRefused."""
    from botocore.awsrequest import AWSRequest

    if form.fields.get("x-amz-algorithm") != ALGORITHM:
        raise StoreRefused("AccessDenied", "Access Denied")
    scope = Scope.read(form.fields.get("x-amz-credential", ""))
    moment = form.fields.get("x-amz-date", "")
    if moment[:8] != scope.day:
        raise StoreRefused("InvalidArgument", "The credential is of another day than the request.")
    request = AWSRequest()
    request.context["timestamp"] = moment
    wanted = _auth(scope, house_secret).signature(form.fields.get("policy", ""), request)
    if not hmac.compare_digest(wanted, form.fields.get("x-amz-signature", "")):
        raise StoreRefused("SignatureDoesNotMatch", "The signature does not match.")
    return scope.key_id


def _auth(scope: Scope, house_secret: str) -> S3SigV4Auth:
    from botocore.auth import S3SigV4Auth
    from botocore.credentials import Credentials

    secret = find_secret(scope.key_id, house_secret)
    if not secret:
        raise StoreRefused("InvalidAccessKeyId", "There is no such access key.")
    return S3SigV4Auth(Credentials(scope.key_id, secret), "s3", REGION)


def _signature(
    auth: S3SigV4Auth, request: AsgiRequest, url: str, names: list[str], moment: str
) -> str:
    from botocore.awsrequest import AWSRequest

    headers = {name: request.headers.get(name, "") for name in names}
    signed = AWSRequest(method=request.method, url=url, headers=headers)
    signed.context["timestamp"] = moment
    text = auth.string_to_sign(signed, auth.canonical_request(signed))
    return str(auth.signature(text, signed))


def _fresh(moment: str, scope: Scope, now: datetime) -> str:
    try:
        at = datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise StoreRefused("AccessDenied", "A signed request needs a date.") from error
    if moment[:8] != scope.day or abs(now - at) > MOST_SKEW:
        raise StoreRefused("RequestTimeTooSkewed", "The request is too old, or of another day.")
    return moment
