"""What we sign is what AWS's own library signs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlsplit

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from botocore.hooks import HierarchicalEmitter
from botocore.model import ServiceId
from botocore.signers import RequestSigner

from waddlebot.runtime.credentials import Credentials
from waddlebot.runtime.signing import database_token, sign, valkey_token

REGION = "eu-central-1"
HOST = "waddlebot-dev.c1x2.eu-central-1.rds.amazonaws.com"
SESSIONS = ["", "a/session+token=="]


@pytest.mark.parametrize("token", ["", "a/session+token=="])
@pytest.mark.parametrize("name", ["router", "stage-router:live", "weird name~x"])
@pytest.mark.parametrize("kind", ["Event", "RequestResponse"])
def test_a_request_is_signed_as_botocore_signs_it(name: str, kind: str, token: str) -> None:
    path = f"/2015-03-31/functions/{quote(name, safe='')}/invocations"
    host = "lambda.eu-central-1.amazonaws.com"
    body = '{"text": "grüß"}'.encode()
    theirs = AWSRequest(
        "POST", f"https://{host}{path}", headers={"X-Amz-Invocation-Type": kind}, data=body
    )
    SigV4Auth(
        BotoCredentials("AKID", "very/secret", token or None), "lambda", "eu-central-1"
    ).add_auth(theirs)
    signed_at = datetime.strptime(theirs.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(
        tzinfo=UTC
    )

    ours = sign(
        path,
        body,
        {"Host": host, "X-Amz-Invocation-Type": kind},
        credentials=Credentials(key_id="AKID", secret="very/secret", session_token=token),
        region="eu-central-1",
        now=signed_at,
    )

    assert ours["Authorization"] == theirs.headers["Authorization"]


@pytest.mark.parametrize("session", SESSIONS)
@pytest.mark.parametrize("user", ["waddlebot_app", "odd user/+é~"])
def test_a_token_for_the_database_is_botocores_in_every_field(user: str, session: str) -> None:
    with_theirs = {
        "region_name": REGION,
        "aws_access_key_id": "AKID",
        "aws_secret_access_key": "very/secret",
        "aws_session_token": session or None,
    }
    with closing_client(**with_theirs) as rds:
        theirs = rds.generate_db_auth_token(DBHostname=HOST, Port=5432, DBUsername=user)

    ours = database_token(
        HOST, 5432, user, credentials=keys(session), region=REGION, now=signed_at(theirs)
    )

    assert fields(ours) == fields(theirs)


@pytest.mark.parametrize("session", SESSIONS)
def test_a_token_for_elasticache_is_botocores_in_every_field(session: str) -> None:
    emitter = HierarchicalEmitter()  # the signer holds it weakly
    signer = RequestSigner(
        ServiceId("elasticache"),
        REGION,
        "elasticache",
        "v4",
        BotoCredentials("AKID", "very/secret", session or None),
        emitter,
    )
    asked = {
        "method": "GET",
        "url": "https://waddlebot-dev-streams/?Action=connect&User=waddlebot-dev-app",
        "body": {},
        "headers": {},
        "url_path": "/",
        "query_string": "",
        "context": {},
    }
    theirs = signer.generate_presigned_url(
        asked, operation_name="connect", expires_in=900, region_name=REGION
    ).removeprefix("https://")

    ours = valkey_token(
        "waddlebot-dev-streams",
        "waddlebot-dev-app",
        credentials=keys(session),
        region=REGION,
        now=signed_at(theirs),
    )

    assert fields(ours) == fields(theirs)


def test_a_token_is_the_same_as_long_as_its_clock_stands() -> None:
    now = datetime(2026, 11, 29, 18, 30, tzinfo=UTC)
    made = {
        database_token(HOST, 5432, "app", credentials=keys(""), region=REGION, now=now)
        for _ in range(3)
    }

    [token] = made
    assert dict(fields(token))["X-Amz-Date"] == "20261129T183000Z"


def test_a_token_takes_less_than_botocores_beside_it_and_loads_no_library() -> None:
    session = "token" * 200
    now = datetime.now(UTC)

    def seconds(make: Callable[[], object]) -> float:
        began = time.process_time()
        for _ in range(20):
            make()
        return time.process_time() - began

    def ours() -> str:
        return database_token(HOST, 5432, "app", credentials=keys(session), region=REGION, now=now)

    with closing_client(
        region_name=REGION,
        aws_access_key_id="AKID",
        aws_secret_access_key="very/secret",
        aws_session_token=session,
    ) as rds:

        def theirs() -> object:
            return rds.generate_db_auth_token(DBHostname=HOST, Port=5432, DBUsername="app")

        rounds = [(seconds(ours), seconds(theirs)) for _ in range(20)]
    assert min(one for one, _ in rounds) < min(other for _, other in rounds)

    program = "import sys, waddlebot.runtime.entering; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not {"http.client", "ssl", "boto3", "redis", "psycopg"} & set(ran.stdout.split())


def keys(session: str) -> Credentials:
    return Credentials(key_id="AKID", secret="very/secret", session_token=session)


def fields(token: str) -> list[tuple[str, str]]:
    """With the host; parameters in whatever order."""
    asked = urlsplit(f"https://{token}")
    return sorted([("host", asked.netloc), ("path", asked.path), *parse_qsl(asked.query)])


def signed_at(token: str) -> datetime:
    """Their clock is ours."""
    moment = dict(fields(token))["X-Amz-Date"]
    return datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@contextmanager
def closing_client(**options: object) -> Iterator[object]:
    client = boto3.client("rds", **options)
    try:
        yield client
    finally:
        client.close()
