"""The store of this machine takes what S3 would take, and refuses what S3 would refuse."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local.object_store import AT, BUCKET
from tests.helpers.media_store import FILE, INCOMING, RunningStore, running_store
from tests.helpers.uploading import Fetched, fetch, post_form

SERVED = f"media/12/{FILE}.png"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunningStore]:
    with running_store(tmp_path / "media") as running:
        yield running


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
