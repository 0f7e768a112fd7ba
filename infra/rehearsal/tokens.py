"""Tokens looked at as AWS looks at them: signed anew with AWS's own library, and compared."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

MOST_SECONDS = 900
SKEW = timedelta(minutes=5)
"""A clock may go ahead by so much."""
USER_FIELDS = {"rds-db": "DBUser", "elasticache": "User"}
_SIGNATURE, _SESSION = "X-Amz-Signature", "X-Amz-Security-Token"
_ALWAYS = frozenset(
    {
        *("Action", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires"),
        *("X-Amz-SignedHeaders", _SIGNATURE),
    }
)
_WRITTEN = re.compile(r"[!\"$-~]+")
"""No blanks, no control characters, no fragment: libraries leave those out of an address unasked.
"""
_SECONDS = re.compile(r"[1-9][0-9]{0,5}")


class NoEntry(Exception):
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
        """Raises NoEntry."""
        if not _WRITTEN.fullmatch(token):
            raise NoEntry("this is no token")
        asked = urlsplit(f"https://{token}")
        told = self._told(asked.query)
        if asked.netloc != self.name:
            raise NoEntry(f"the token is for {asked.netloc}, and this is {self.name}")
        if told.get("Action") != "connect" or asked.path != "/":
            raise NoEntry("the token is for another action")
        if told.get(USER_FIELDS[self.service]) != user:
            raise NoEntry(f"the token is another user's than {user}")
        _must_be_whole(told)
        holder = self._holder(told, user)
        _check_time(told, now)
        if not hmac.compare_digest(self._signature(token, told, holder), told[_SIGNATURE]):
            raise NoEntry("the signature is another one")

    def _told(self, query: str) -> dict[str, str]:
        """Each of its parameters once, and none beside those that are signed."""
        pairs = parse_qsl(query, keep_blank_values=True)
        told = dict(pairs)
        known = {*_ALWAYS, _SESSION, USER_FIELDS[self.service]}
        if len(told) < len(pairs) or told.keys() - known:
            names = ", ".join(name for name, _ in pairs)
            raise NoEntry(f"the token says more than a token does: {names}")
        return told

    def _holder(self, told: Mapping[str, str], user: str) -> Holder:
        key_id, _, scope = told.get("X-Amz-Credential", "").partition("/")
        wanted = f"{told.get('X-Amz-Date', '')[:8]}/{self.region}/{self.service}/aws4_request"
        if scope != wanted:
            raise NoEntry(f"the token is for {scope}, and this is {wanted}")
        given = told.get(_SESSION, "")
        for holder in self.holders:
            if holder.key_id == key_id and holder.session_token == given:
                if user not in holder.users:
                    raise NoEntry(f"whoever has the key {key_id} may not enter as {user}")
                return holder
        raise NoEntry("nobody has such keys")

    def _signature(self, token: str, told: Mapping[str, str], holder: Holder) -> str:
        """Of all that it says but the signature, wherever that stands."""
        place, _, query = token.partition("?")
        unsigned = [one for one in query.split("&") if one.partition("=")[0] != _SIGNATURE]
        request = AWSRequest("GET", f"https://{place}?{'&'.join(unsigned)}")
        request.context["timestamp"] = told["X-Amz-Date"]
        keys = Credentials(holder.key_id, holder.secret, holder.session_token or None)
        signer = SigV4QueryAuth(keys, self.service, self.region, MOST_SECONDS)
        to_sign = signer.string_to_sign(request, signer.canonical_request(request))
        return str(signer.signature(to_sign, request))


def _must_be_whole(told: Mapping[str, str]) -> None:
    if not told.keys() >= _ALWAYS:
        raise NoEntry("this is no token")
    if told["X-Amz-Algorithm"] != "AWS4-HMAC-SHA256":
        raise NoEntry("the token is signed in another way")


def _check_time(told: Mapping[str, str], now: datetime) -> None:
    try:
        since = datetime.strptime(told["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise NoEntry("this is no token") from error
    lasts = int(told["X-Amz-Expires"]) if _SECONDS.fullmatch(told["X-Amz-Expires"]) else 0
    if told["X-Amz-SignedHeaders"] != "host" or not 0 < lasts <= MOST_SECONDS:
        raise NoEntry("the token is signed for longer or for more than AWS takes")
    if not since - SKEW <= now < since + timedelta(seconds=lasts):
        raise NoEntry(f"the token is of {since}, and it is {now}")
