"""The Invoke API as AWS words it, with its own client and without."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from running_functions import Client, Running, answer_of

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@pytest.fixture(scope="module")
def aws(running: Running) -> Iterator[LambdaClient]:
    client = boto3.client(
        "lambda",
        endpoint_url=running.service.url,
        region_name="us-east-1",
        aws_access_key_id="anybody",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}),
    )
    yield client
    client.close()


def test_boto3_invokes_unmodified(aws: LambdaClient) -> None:
    answer = aws.invoke(FunctionName="echo", Payload=b'{"a": 1}', LogType="Tail")

    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert json.loads(answer["Payload"].read()) == {"a": 1}
    assert "LogResult" in answer
    assert "FunctionError" not in answer


def test_boto3_reads_a_failure(aws: LambdaClient) -> None:
    answer = aws.invoke(FunctionName="fail")

    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorType"] == "ValueError"


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("who_am_i", "who_am_i"),
        ("who_am_i:live", "who_am_i:live"),
        ("000000000000:function:who_am_i", "who_am_i"),
        ("arn:aws:lambda:us-east-1:000000000000:function:who_am_i", "who_am_i"),
        ("arn:aws:lambda:us-east-1:000000000000:function:who_am_i:live", "who_am_i:live"),
    ],
)
def test_a_function_is_found_by_name_arn_and_qualifier(
    aws: LambdaClient, name: str, seen: str
) -> None:
    answer = json.loads(aws.invoke(FunctionName=name)["Payload"].read())

    assert answer["arn"] == f"arn:aws:lambda:us-east-1:000000000000:function:{seen}"


def test_a_qualifier_may_come_apart_from_the_name(aws: LambdaClient) -> None:
    answer = json.loads(aws.invoke(FunctionName="who_am_i", Qualifier="live")["Payload"].read())

    assert answer["arn"].endswith(":who_am_i:live")


@pytest.mark.parametrize("name", ["nobody", "nobody:live", "who_am_i:lively", "who_am_i:7"])
def test_an_unknown_function_and_an_unknown_alias_are_not_found(
    aws: LambdaClient, name: str
) -> None:
    with pytest.raises(aws.exceptions.ResourceNotFoundException, match="Function not found: arn"):
        aws.invoke(FunctionName=name)


def test_a_payload_that_is_no_json_is_refused(aws: LambdaClient) -> None:
    with pytest.raises(aws.exceptions.InvalidRequestContentException, match="Could not parse"):
        aws.invoke(FunctionName="echo", Payload=b"{not json")


def test_a_payload_too_large_is_refused_in_boto3s_words(aws: LambdaClient) -> None:
    with pytest.raises(aws.exceptions.RequestTooLargeException, match="smaller than 6291456"):
        aws.invoke(FunctionName="echo", Payload=b" " * 7_000_000)


def test_an_event_is_smaller_than_a_call(aws: LambdaClient) -> None:
    with pytest.raises(aws.exceptions.RequestTooLargeException, match="smaller than 1048576"):
        aws.invoke(FunctionName="echo", Payload=b" " * 1_100_000 + b"1", InvocationType="Event")


def test_no_payload_is_an_empty_object(aws: LambdaClient) -> None:
    assert aws.invoke(FunctionName="echo")["Payload"].read() == b"{}"


def test_a_dry_run_runs_nothing(aws: LambdaClient, running: Running) -> None:
    before = running.log("echo")

    assert aws.invoke(FunctionName="echo", InvocationType="DryRun")["StatusCode"] == 204
    assert running.log("echo") == before


def test_a_client_context_that_is_none_is_refused(client: Client) -> None:
    answer = client.invoke("echo", X_Amz_Client_Context="%%%")

    assert answer.status == 400
    assert answer.headers["x-amzn-errortype"] == "InvalidRequestContentException"


def test_an_unknown_invocation_type_is_refused(client: Client) -> None:
    answer = client.invoke("echo", X_Amz_Invocation_Type="Sometime")

    assert answer.headers["x-amzn-errortype"] == "InvalidParameterValueException"


def test_a_call_without_a_signature_is_refused(client: Client) -> None:
    answer = client.post("echo", b"1", Authorization="Bearer me")

    assert answer.status == 403
    assert answer.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"


def test_other_operations_are_not_served(running: Running) -> None:
    connection = http.client.HTTPConnection(running.service.url.removeprefix("http://"))
    connection.request("GET", "/2015-03-31/functions")

    answer = answer_of(connection.getresponse())

    assert (answer.status, answer.headers["x-amzn-errortype"]) == (404, "UnknownOperationException")
    connection.close()


def test_something_that_is_no_http_is_sent_away(running: Running) -> None:
    connection = http.client.HTTPConnection(running.service.url.removeprefix("http://"))
    connection.putrequest("NONSENSE METHOD", "/", skip_host=True, skip_accept_encoding=True)
    connection.endheaders()

    assert connection.getresponse().status == 400
    connection.close()


def test_many_connections_are_kept_open_together(running: Running) -> None:
    clients = [Client(running.service.url) for _ in range(100)]

    for _ in range(2):
        assert all(client.invoke("echo", 1).json == 1 for client in clients)
    for client in clients:
        client.close()
