"""In place of CloudFront before the bucket of files: what the deployed distribution says is done,
and what the bucket's policy does not let it read it does not get.

MiniStack asks no policy of a bucket, so it is read here, and what cannot be read of it lets nobody.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError

from infra.rehearsal.edge import distribution_at
from infra.rehearsal.emulator import Emulator
from infra.rehearsal.progress import RehearsalFailed
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.media_files import (
    AS_A_FILE,
    SERVED,
    TO_EVERYBODY,
    incoming_key,
    new_file_id,
    served_key,
)

CLOUDFRONT = {"Service": "cloudfront.amazonaws.com"}
SIGNED = {
    "OriginAccessControlOriginType": "s3",
    "SigningBehavior": "always",
    "SigningProtocol": "sigv4",
}
OF_S3 = ".s3."
COMMUNITY = CommunityId(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedFile:
    status: int
    headers: Mapping[str, str]
    body: bytes


REFUSED = ServedFile(status=403, headers={}, body=b"")
"""Also what is not there: whoever may not list is not told which of the two it is."""


class RehearsedFiles:
    """Of the distribution at this name. Raises RehearsalFailed where it is not of a bucket."""

    def __init__(self, emulator: Emulator, name: str) -> None:
        self._arn, self._config = distribution_at(emulator, name)
        self._behaviour = self._config["DefaultCacheBehavior"]
        [self._origin] = self._config["Origins"]["Items"]
        self._bucket, found, _ = self._origin["DomainName"].partition(OF_S3)
        if not found or self._config["CacheBehaviors"].get("Items"):
            raise RehearsalFailed(f"{name} leads elsewhere than to a bucket: {self._config}")
        self._front = emulator.client("cloudfront")
        self._store = emulator.client("s3")

    def ask(self, method: str, path: str) -> ServedFile:
        """As a viewer does who sends nothing else; nothing else would come through."""
        key = f"{self._origin['OriginPath']}{path}"[1:]
        if method not in self._behaviour["AllowedMethods"]["Items"] or not self._may_read(key):
            return REFUSED
        try:
            told = self._store.get_object(Bucket=self._bucket, Key=key)
        except ClientError:
            return REFUSED
        own = {"content-type": told["ContentType"]}
        return ServedFile(status=200, headers=own | self._put(), body=told["Body"].read())

    def must_serve_files_alone(self) -> str:
        """What was written anew, and neither what was uploaded nor a page. In words what was seen.

        Raises RehearsalFailed.
        """
        file, content = new_file_id(), secrets.token_bytes(64)
        served, raw = served_key(COMMUNITY, file, "png"), incoming_key(COMMUNITY, file)
        for key in (served, raw):
            self._store.put_object(
                Bucket=self._bucket, Key=key, Body=content, ContentType="image/png"
            )
        path = f"/{served.removeprefix(SERVED)}"
        found = self.ask("GET", path)
        wanted = {"content-type": "image/png", **AS_A_FILE, **TO_EVERYBODY}
        if (found.status, found.body) != (200, content) or wanted.items() - found.headers.items():
            raise RehearsalFailed(f"{path} was answered with {found}, and not with {wanted}")
        elsewhere = (f"/{raw}", f"/../{raw}", f"/{served}", f"{path}/", "/", "/me")
        asked = [("GET", one) for one in elsewhere] + [("POST", path), ("DELETE", path)]
        if answered := [one for one in asked if self.ask(*one).status != REFUSED.status]:
            raise RehearsalFailed(f"the host of files answers these: {answered}")
        return f"a file by its own host, and {len(asked)} other things refused there"

    def _may_read(self, key: str) -> bool:
        """With the signature that the distribution puts there."""
        access = self._front.get_origin_access_control(Id=self._origin["OriginAccessControlId"])
        told = access["OriginAccessControl"]["OriginAccessControlConfig"]
        policy = json.loads(self._store.get_bucket_policy(Bucket=self._bucket)["Policy"])
        at = f"arn:aws:s3:::{self._bucket}/{key}"
        return SIGNED.items() <= told.items() and any(
            lets(one, at, self._arn) for one in policy["Statement"]
        )

    def _put(self) -> dict[str, str]:
        """What the policy of headers puts into each answer."""
        found = self._front.get_response_headers_policy(
            Id=self._behaviour["ResponseHeadersPolicyId"]
        )
        return dict(headers_in(found["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]))


def lets(statement: Mapping[str, Any], at: str, distribution: str) -> bool:
    """Whether CloudFront may read this object for this distribution, both by ARN."""
    conditions = dict(statement.get("Condition", {}))
    source = dict(conditions.pop("ArnLike", {}))
    like = source.pop("aws:SourceArn", "")
    return (
        statement["Effect"] == "Allow"
        and statement["Principal"] == CLOUDFRONT
        and statement["Action"] == "s3:GetObject"
        and fnmatchcase(at, statement["Resource"])
        and fnmatchcase(distribution, like)
        and not conditions
        and not source
    )


def headers_in(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    security = config["SecurityHeadersConfig"]
    content = security["ContentSecurityPolicy"]
    yield "content-security-policy", content["ContentSecurityPolicy"]
    yield "referrer-policy", security["ReferrerPolicy"]["ReferrerPolicy"]
    if "ContentTypeOptions" in security:
        yield "x-content-type-options", "nosniff"
    for one in config["CustomHeadersConfig"]["Items"]:
        yield one["Header"].lower(), one["Value"]
    [origin] = config["CorsConfig"]["AccessControlAllowOrigins"]["Items"]
    yield "access-control-allow-origin", origin
