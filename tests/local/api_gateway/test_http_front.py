"""The HTTP front under a real server, with real functions behind it."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from local.api_gateway import GatewayRoute, HttpFront
from local.lambda_service import LambdaService, LocalFunction

FUNCTIONS = Path(__file__).parents[1] / "lambda_service" / "functions_under_test"
ROUTES = [
    ("GET", "/health", "echo"),
    ("POST", "/api/quotes", "echo"),
    ("GET", "/api/quotes/{number}", "echo"),
    ("GET", "/api/quotes/newest", "newest"),
    ("ANY", "/hub/{proxy+}", "echo"),
    ("GET", "/hub/{page}/edit", "newest"),
    ("POST", "/answer", "answer"),
    ("ANY", "/fail", "fail"),
    ("POST", "/sleep", "sleep_a_little"),
    ("POST", "/busy", "busy"),
    ("GET", "/gone", "nobody"),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    server = uvicorn.Server(
        uvicorn.Config("unused:app", port=0, log_level="error", ws="none", lifespan="off")
    )
    logs = tmp_path_factory.mktemp("gateway")
    thread = threading.Thread(target=lambda: asyncio.run(serve(server, logs)))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        yield client
    server.should_exit = True
    thread.join()


async def serve(server: uvicorn.Server, logs: Path) -> None:
    async with running_service(logs) as service:
        routes = [GatewayRoute(method=m, path=path, function=name) for m, path, name in ROUTES]
        server.config.app = HttpFront(
            routes, service, max_body_bytes=7_000_000, integration_seconds=0.5
        )
        await server.serve()


@asynccontextmanager
async def running_service(logs: Path) -> AsyncIterator[LambdaService]:
    service = LambdaService(
        [
            a_function("echo"),
            a_function("newest", "samples.talk"),
            a_function("answer"),
            a_function("fail"),
            a_function("sleep_a_little", "samples.sleep_until"),
            a_function("busy", "samples.sleep_until", concurrency=1),
        ],
        logs=logs,
    )
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


def a_function(name: str, handler: str = "", **settings: Any) -> LocalFunction:
    return LocalFunction(
        name=name,
        handler=handler or f"samples.{name}",
        environment={},
        timeout_seconds=5,
        python_path=(FUNCTIONS,),
        **settings,
    )


def answered(client: httpx.Client, result: Any) -> httpx.Response:
    """What the client gets when the function returns `result`."""
    return client.post(
        "/answer", content=json.dumps(result), headers={"content-type": "application/json"}
    )


def test_a_request_arrives_in_payload_format_2(client: httpx.Client) -> None:
    before_ms = time.time() * 1000

    event = client.get(
        "/api/quotes/7?tag=a&tag=b%20c&empty=",
        headers=[("X-Two", "one"), ("X-Two", "two"), ("Cookie", "a=1; b=2"), ("User-Agent", "me")],
    ).json()

    context = event["requestContext"]
    assert event["version"] == "2.0"
    assert event["routeKey"] == context["routeKey"] == "GET /api/quotes/{number}"
    assert event["rawPath"] == "/api/quotes/7"
    assert event["rawQueryString"] == "tag=a&tag=b%20c&empty="
    assert event["queryStringParameters"] == {"tag": "a,b c", "empty": ""}
    assert event["pathParameters"] == {"number": "7"}
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["headers"]["x-two"] == "one,two"
    assert "cookie" not in event["headers"]
    assert event["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert event["isBase64Encoded"] is False
    assert "body" not in event
    assert context["http"] == {
        "method": "GET",
        "path": "/api/quotes/7",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "me",
    }
    assert context["stage"] == "$default"
    assert context["domainName"] == "127.0.0.1"
    assert before_ms - 1 <= context["timeEpoch"] <= time.time() * 1000
    assert context["time"].endswith(" +0000")
    assert {"accountId", "apiId", "requestId"} <= set(context)


def test_what_is_not_there_is_left_out(client: httpx.Client) -> None:
    event = client.get("/health").json()

    assert not {"cookies", "queryStringParameters", "pathParameters", "body"} & set(event)
    assert event["rawQueryString"] == ""


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"text": "\xc3\xbcn\xc3\xafcode"}'),
        ("application/json; charset=utf-8", b"{}"),
        ("text/plain", b"hello"),
    ],
)
def test_text_arrives_as_text(client: httpx.Client, content_type: str, body: bytes) -> None:
    event = client.post("/api/quotes", content=body, headers={"content-type": content_type}).json()

    assert (event["isBase64Encoded"], event["body"].encode()) == (False, body)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/octet-stream"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {"content-type": "text/plain"},
    ],
)
def test_anything_else_arrives_byte_for_byte(client: httpx.Client, headers: dict[str, str]) -> None:
    body = b"\xff\xfe no text \x00"

    event = client.post("/api/quotes", content=body, headers=headers).json()

    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == body


def test_plain_segments_win_over_parameters(client: httpx.Client) -> None:
    assert client.get("/api/quotes/newest").json() is None
    assert client.get("/hub/home/edit").json() is None


def test_a_greedy_parameter_takes_the_rest_of_the_path(client: httpx.Client) -> None:
    event = client.delete("/hub/a/b%2Fc/d").json()

    assert event["routeKey"] == "ANY /hub/{proxy+}"
    assert event["pathParameters"] == {"proxy": "a/b/c/d"}


def test_an_encoded_slash_stays_in_its_segment(client: httpx.Client) -> None:
    event = client.get("/api/quotes/a%2Fb").json()

    assert event["pathParameters"] == {"number": "a/b"}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("DELETE", "/health"), ("OPTIONS", "/health"), ("GET", "/hub")],
)
def test_an_unknown_route_is_not_found(client: httpx.Client, method: str, path: str) -> None:
    response = client.request(method, path)

    assert response.status_code == 404
    assert response.json() == {"message": "Not Found"}


def test_head_gets_the_headers_alone(client: httpx.Client) -> None:
    response = client.head("/hub/home")

    assert response.status_code == 200
    assert int(response.headers["content-length"]) > 0
    assert response.content == b""


def test_a_response_is_answered_as_it_says(client: httpx.Client) -> None:
    response = answered(
        client,
        {
            "statusCode": 201,
            "headers": {"Content-Type": "text/html", "X-Number": 7, "Content-Length": "999"},
            "cookies": ["a=1; Path=/", "b=2"],
            "body": "Wåddle",
        },
    )

    assert response.status_code == 201
    assert response.text == "Wåddle"
    assert response.headers["content-type"] == "text/html"
    assert response.headers["x-number"] == "7"
    assert response.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2"]


def test_a_binary_response_comes_out_as_bytes(client: httpx.Client) -> None:
    body = base64.b64encode(b"\x89PNG\x00").decode()

    response = answered(client, {"statusCode": 200, "body": body, "isBase64Encoded": True})

    assert response.content == b"\x89PNG\x00"


def test_a_response_without_body_is_empty(client: httpx.Client) -> None:
    response = answered(client, {"statusCode": 204})

    assert (response.status_code, response.content) == (204, b"")


@pytest.mark.parametrize("result", [{"any": "thing"}, [1, 2], 7, None, {"body": "no status"}])
def test_a_bare_result_is_the_body_of_a_200(client: httpx.Client, result: Any) -> None:
    response = answered(client, result)

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == result


def test_a_bare_string_is_taken_as_it_reads(client: httpx.Client) -> None:
    assert answered(client, "Waddle on!").text == "Waddle on!"


@pytest.mark.parametrize(
    "result",
    [
        {"statusCode": "many"},
        {"statusCode": 99},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "body": "%%%", "isBase64Encoded": True},
        {"statusCode": 200, "headers": ["no", "object"]},
        {"statusCode": 200, "headers": {"x": "a\r\nset-cookie: b"}},
        {"statusCode": 200, "cookies": "none"},
    ],
)
def test_a_malformed_response_is_a_bad_gateway(client: httpx.Client, result: Any) -> None:
    response = answered(client, result)

    assert response.status_code == 502
    assert response.json() == {"message": "Internal Server Error"}


def test_a_function_that_fails_is_a_bad_gateway(client: httpx.Client) -> None:
    response = client.get("/fail")

    assert response.status_code == 502
    assert response.json() == {"message": "Internal Server Error"}


def test_a_function_that_is_not_there_is_an_error(client: httpx.Client) -> None:
    assert client.get("/gone").status_code == 500


def test_a_function_that_takes_too_long_is_unavailable(client: httpx.Client) -> None:
    response = client.post("/sleep", json=1.0)

    assert response.status_code == 503
    assert response.json() == {"message": "Service Unavailable"}


def test_a_function_at_its_concurrency_has_too_many_requests(client: httpx.Client) -> None:
    first = threading.Thread(target=lambda: client.post("/busy", json=0.4))
    first.start()
    time.sleep(0.2)

    response = client.post("/busy", json=0)

    first.join()
    assert response.status_code == 429
    assert response.json() == {"message": "Too Many Requests"}


@pytest.mark.parametrize("length", [6 * 1024 * 1024, 8_000_000])
def test_a_body_too_long_is_refused(client: httpx.Client, length: int) -> None:
    response = client.post(
        "/api/quotes", content=b"x" * length, headers={"content-type": "text/plain"}
    )

    assert response.status_code == 413
    assert response.json() == {"message": "Request Too Long"}


def test_megabytes_pass_both_ways(client: httpx.Client) -> None:
    body = "y" * 2_000_000

    event = client.post("/api/quotes", content=body, headers={"content-type": "text/plain"}).json()

    assert event["body"] == body
    assert len(json.dumps(event)) > 2_000_000
