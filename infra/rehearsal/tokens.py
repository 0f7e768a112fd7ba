"""Tokens looked at as AWS looks at them: signed anew with AWS's own library, and compared."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

MOST_SECONDS = 900
SKEW = timedelta(minutes=5)
"""A clock may go ahead by so much."""
USER_FIELDS = {"rds-db": "DBUser", "elasticache": "User"}
_SIGNATURE = "X-Amz-Signature"


class NotLetIn(Exception):
    """Why is for whoever rehearses: whoever is refused is told no reason, as by AWS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whom the keys belong to, and as whom its role may enter (`*:Connect` on these users)."""

    key_id: str
    secret: str = field(repr=False)
    session_token: str = field(default="", repr=False)
    users: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Lets nobody in but by a token for this service, region and name.

    `name` is what is signed: `host:port` of a database, a replication group's name.
    """

    service: str
    region: str
    name: str
    holders: tuple[Holder, ...]

    def check(self, token: str, user: str, now: datetime) -> None:
        """Raises NotLetIn."""
        asked = urlsplit(f"https://{token}")
        told = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.netloc != self.name:
            raise NotLetIn(f"the token is for {asked.netloc}, and this is {self.name}")
        if told.get("Action") != "connect" or asked.path != "/":
            raise NotLetIn("the token is for another action")
        if told.get(USER_FIELDS[self.service]) != user:
            raise NotLetIn(f"the token is another user's than {user}")
        holder = self._holder(told, user)
        _check_time(told, now)
        if not hmac.compare_digest(self._signature(token, told, holder), told[_SIGNATURE]):
            raise NotLetIn("the signature is another one")

    def _holder(self, told: Mapping[str, str], user: str) -> Holder:
        key_id, _, scope = told.get("X-Amz-Credential", "").partition("/")
        wanted = f"{told.get('X-Amz-Date', '')[:8]}/{self.region}/{self.service}/aws4_request"
        if scope != wanted:
            raise NotLetIn(f"the token is for {scope}, and this is {wanted}")
        given = told.get("X-Amz-Security-Token", "")
        for holder in self.holders:
            if holder.key_id == key_id and holder.session_token == given:
                if user not in holder.users:
                    raise NotLetIn(f"whoever has the key {key_id} may not enter as {user}")
                return holder
        raise NotLetIn("nobody has such keys")

    def _signature(self, token: str, told: Mapping[str, str], holder: Holder) -> str:
        unsigned = f"https://{token}".partition(f"&{_SIGNATURE}=")[0]
        request = AWSRequest("GET", unsigned)
        request.context["timestamp"] = told["X-Amz-Date"]
        keys = Credentials(holder.key_id, holder.secret, holder.session_token or None)
        signer = SigV4QueryAuth(keys, self.service, self.region, MOST_SECONDS)
        to_sign = signer.string_to_sign(request, signer.canonical_request(request))
        return str(signer.signature(to_sign, request))


def _check_time(told: Mapping[str, str], now: datetime) -> None:
    try:
        since = datetime.strptime(told["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        lasts = int(told["X-Amz-Expires"])
        told[_SIGNATURE]
    except (KeyError, ValueError) as error:
        raise NotLetIn("this is no token") from error
    if told.get("X-Amz-SignedHeaders") != "host" or not 0 < lasts <= MOST_SECONDS:
        raise NotLetIn("the token is signed for longer or for more than AWS takes")
    if not since - SKEW <= now < since + timedelta(seconds=lasts):
        raise NotLetIn(f"the token is of {since}, and it is {now}")
