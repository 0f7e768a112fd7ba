"""The store of this machine takes what S3 would take, and refuses what S3 would refuse."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.object_store import AT, BUCKET, ObjectStore, key_id_of, secret_of
from local.port import free_port, listen
from local.serving import serving
from tests.helpers.uploading import Fetched, fetch, post_form

SECRET = "the house's own"
FILE = "0123456789abcdef" * 2
INCOMING, SERVED = f"incoming/12/{FILE}", f"media/12/{FILE}.png"


@dataclass(slots=True, kw_only=True)
class RunningStore:
    """`told` are the keys that functions were told of."""

    url: str
    told: list[str] = field(default_factory=list)

    def client(self, may: str, secret: str = SECRET) -> Any:
        return boto3.client(
            "s3",
            region_name="us-east-1",
            endpoint_url=f"{self.url}{AT}",
            aws_access_key_id=key_id_of(may),
            aws_secret_access_key=secret_of(may, secret),
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def form(
        self,
        key: str = INCOMING,
        *,
        may: str = "ask",
        most: int = 100,
        seconds: int = 60,
        secret: str = SECRET,
    ) -> dict[str, Any]:
        told: dict[str, Any] = self.client(may, secret).generate_presigned_post(
            BUCKET,
            key,
            Fields={"Content-Type": "image/png"},
            Conditions=[{"Content-Type": "image/png"}, ["content-length-range", 1, most]],
            ExpiresIn=seconds,
        )
        return told


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunningStore]:
    port, ready, leave = free_port(), threading.Event(), threading.Event()
    running = RunningStore(url=f"http://127.0.0.1:{port}")

    async def told(key: str, _: Mapping[str, Any]) -> None:
        running.told.append(key)

    async def live() -> None:
        app = ObjectStore(folder=tmp_path / "media", secret=SECRET, woken=told)
        with listen(port) as listener:
            async with serving(app, listener):
                ready.set()
                await asyncio.to_thread(leave.wait)

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    assert ready.wait(30)
    yield running
    leave.set()
    thread.join(10)


def code_of(answer: Fetched) -> str:
    return answer.body.decode().partition("<Code>")[2].partition("<")[0]


def refused_with(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_what_a_form_brings_is_read_by_whoever_may(store: RunningStore) -> None:
    assert post_form(store.form(), b"pixels").status == 204
    until = time.monotonic() + 30
    while not store.told:  # nobody who uploads waits for that
        assert time.monotonic() < until
        time.sleep(0.01)
    reader = store.client("read-back")
    assert reader.get_object(Bucket=BUCKET, Key=INCOMING)["Body"].read() == b"pixels"
    reader.put_object(Bucket=BUCKET, Key=SERVED, Body=b"anew", ContentType="image/png")
    reader.delete_object(Bucket=BUCKET, Key=INCOMING)
    reader.delete_object(Bucket=BUCKET, Key=INCOMING)
    serves = store.client("serve")
    assert serves.get_object(Bucket=BUCKET, Key=SERVED)["Body"].read() == b"anew"
    with pytest.raises(ClientError):
        reader.get_object(Bucket=BUCKET, Key=INCOMING)
    assert store.told == [INCOMING]


def test_a_form_brings_what_its_policy_says_and_nothing_else(store: RunningStore) -> None:
    other = f"incoming/13/{FILE}"
    wrong = {
        "another key": post_form(store.form(), b"x", {"key": other}),
        "a key that is served": post_form(store.form(), b"x", {"key": SERVED}),
        "another type": post_form(store.form(), b"x", {"Content-Type": "text/html"}),
        "a field that nobody signed": post_form(store.form(), b"x", {"acl": "public-read"}),
        "too late": post_form(store.form(seconds=-1), b"x"),
        "no right to what is served": post_form(store.form(SERVED), b"x"),
        "a key that may not": post_form(store.form(may="serve"), b"x"),
        "a way out": post_form(store.form("incoming/12/../../../etc/passwd"), b"x"),
    }
    assert {name: code_of(one) for name, one in wrong.items()} == dict.fromkeys(
        wrong, "AccessDenied"
    )
    assert code_of(post_form(store.form(most=5), b"pixels")) == "EntityTooLarge"
    assert code_of(post_form(store.form(), b"")) == "EntityTooSmall"
    assert store.told == []


def test_a_policy_that_was_changed_is_not_the_one_that_was_signed(store: RunningStore) -> None:
    form = store.form()
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    policy["conditions"] = [["starts-with", "$key", ""], ["content-length-range", 1, 10**9]]
    changed = base64.b64encode(json.dumps(policy).encode()).decode()
    wrong = [
        post_form(form, b"x", {"policy": changed}),
        post_form(form, b"x", {"x-amz-signature": "0" * 64}),
        post_form(form, b"x", {"x-amz-date": "20200101T000000Z"}),
        post_form(store.form(secret="another house's"), b"x"),
    ]
    assert {code_of(one) for one in wrong} <= {"SignatureDoesNotMatch", "InvalidArgument"}
    nobodys = post_form(form, b"x", {"x-amz-credential": "root/20261130/us-east-1/s3/aws4_request"})
    assert nobodys.status == 403 or code_of(nobodys) == "InvalidArgument"
    without = {**form, "fields": {"key": INCOMING}}
    assert code_of(post_form(without, b"x")) == "AccessDenied"
    assert store.told == []


def test_what_is_no_form_is_refused(store: RunningStore) -> None:
    at = f"{store.url}{AT}/{BUCKET}"
    kinds = ("application/json", "multipart/form-data", "multipart/form-data; boundary=x")
    for kind in kinds:
        answer = fetch(at, "POST", b"--x\r\n\r\nno name", {"content-type": kind})
        assert 400 <= answer.status < 500, kind
    assert code_of(fetch(f"{store.url}{AT}/another", "POST", b"", {})) == "NoSuchBucket"
    assert code_of(fetch(f"{at}/{SERVED}")) == "AccessDenied"
    assert code_of(fetch(f"{at}/{SERVED}", "PUT", b"x")) == "AccessDenied"


def test_each_right_is_its_owners_alone(store: RunningStore) -> None:
    assert post_form(store.form(), b"pixels").status == 204
    deeds = {
        "who asks reads": lambda: store.client("ask").get_object(Bucket=BUCKET, Key=INCOMING),
        "who serves reads what came": lambda: store.client("serve").get_object(
            Bucket=BUCKET, Key=INCOMING
        ),
        "who serves writes": lambda: store.client("serve").put_object(
            Bucket=BUCKET, Key=SERVED, Body=b"x"
        ),
        "who reads reads what is served": lambda: store.client("read-back").get_object(
            Bucket=BUCKET, Key=SERVED
        ),
    }
    for name, deed in deeds.items():
        with pytest.raises(ClientError) as refused:
            deed()
        assert refused_with(refused) == "AccessDenied", name
    with pytest.raises(ClientError) as wrong:
        store.client("read-back", "another house's").get_object(Bucket=BUCKET, Key=INCOMING)
    assert refused_with(wrong) == "SignatureDoesNotMatch"
