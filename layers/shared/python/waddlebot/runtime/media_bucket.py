"""The bucket of pictures and sounds, through boto3: forms by which anybody uploads one file, and
reading and writing for the functions that may.

Source: Amazon S3, "Browser-based uploads using HTTP POST"; boto3's `generate_presigned_post`.
boto3 is loaded when somebody first asks: most calls of a function that may sign need none of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from waddlebot.domain.errors import Unavailable
from waddlebot.domain.media_files import CACHE_SECONDS, ENDINGS, UPLOAD_TIME
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import MEDIA_BUCKET, MEDIA_UPLOADS_AT, S3_ENDPOINT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOT_THERE = frozenset({"NoSuchKey", "AccessDenied", "403", "404"})
"""Whoever may not list a bucket is not told which of the two it is."""
WHAT = "the store of media files"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadForm:
    """`fields` go before the file, which is called `file`, in a form that is posted to `url`."""

    url: str
    fields: dict[str, str]


class MediaBucket:
    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._bucket = environment[MEDIA_BUCKET]

    def upload_form(self, key: str, *, content_type: str, most_bytes: int) -> UploadForm:
        """For this key, type and size alone, and for ten minutes. Nobody is asked for it."""
        told: dict[str, Any] = self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[
                {"Content-Type": content_type},
                ["content-length-range", 1, most_bytes],
            ],
            ExpiresIn=int(UPLOAD_TIME.total_seconds()),
        )
        # A policy does not say to which host it goes.
        url = self._environment.find(MEDIA_UPLOADS_AT) or told["url"]
        return UploadForm(url=url, fields=told["fields"])

    def read(self, key: str, *, most_bytes: int) -> bytes | None:
        """None where it is not there. What is longer comes with one byte more than that.

        Raises Unavailable.
        """
        with _answering(key), _not_there() as found:
            told = self._client.get_object(Bucket=self._bucket, Key=key)
            with told["Body"] as body:
                found.append(body.read(most_bytes + 1))
        return found[0] if found else None

    def write(self, key: str, content: bytes) -> None:
        """By the ending of its key it is known what it is. Raises Unavailable."""
        with _answering(key):
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=content,
                ContentType=ENDINGS[key.rpartition(".")[2]],
                CacheControl=f"public, max-age={CACHE_SECONDS}, immutable",
                ContentDisposition="attachment",
            )

    def delete(self, key: str) -> None:
        """Also where it is not there. Raises Unavailable."""
        with _answering(key):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    @cached_property
    def _client(self) -> S3Client:
        from boto3.session import Session
        from botocore.config import Config

        endpoint = self._environment.find(S3_ENDPOINT)
        # Of its own: the process's usual session keeps the keys that it found first.
        return Session().client(
            "s3",
            region_name=self._environment["AWS_REGION"],
            endpoint_url=endpoint or None,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path" if endpoint else "virtual"},
                connect_timeout=2,
                read_timeout=10,
                retries={"total_max_attempts": 3},
                # Whoever is S3-compatible knows none of the newer sums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


@contextmanager
def _answering(key: str) -> Iterator[None]:
    """Raises Unavailable; what S3 said is in the log."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        log.warning("the bucket refused", extra={"key": key, "error": str(error)})
        raise Unavailable(WHAT) from error


@contextmanager
def _not_there() -> Iterator[list[bytes]]:
    """What is not there is no failure."""
    from botocore.exceptions import ClientError

    try:
        yield []
    except ClientError as error:
        if error.response["Error"]["Code"] not in NOT_THERE:
            raise
