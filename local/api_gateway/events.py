"""An HTTP request as a Lambda event, and a function's result as an HTTP response.

Source: "AWS Lambda proxy integrations for HTTP APIs", payload format version 2.0.
"""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from local.api_gateway.routes import FoundRoute

ACCOUNT = "000000000000"
API_ID = "local"
TEXT_TYPES = ("text/", "application/json", "application/javascript", "application/xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One request as it came in; header names are lower-case, in order, repeats included."""

    method: str
    path: str
    query: str
    protocol: str
    scheme: str
    source_ip: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    at: datetime
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


class MalformedResult(Exception):
    """The function's result is no HTTP response."""


def event_of(request: HttpRequest, found: FoundRoute) -> bytes:
    """The event as JSON, payload format 2.0."""
    headers = joined_headers(request)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": found.route.key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": request_context(request, found, headers),
        **encoded_body(request, headers),
    }
    if cookies := cookies_of(request):
        event["cookies"] = cookies
    if query := joined(parse_qsl(request.query, keep_blank_values=True)):
        event["queryStringParameters"] = query
    if found.path_parameters:
        event["pathParameters"] = dict(found.path_parameters)
    return json.dumps(event).encode()


def response_of(result: bytes) -> HttpResponse:
    """What the client gets. Raises MalformedResult, which API Gateway answers with an error."""
    try:
        value = json.loads(result)
    except ValueError as error:
        raise MalformedResult(str(error)) from error
    if not isinstance(value, dict) or "statusCode" not in value:
        return bare_response(value, result)
    return HttpResponse(
        status=status_of(value["statusCode"]),
        headers=headers_of(value),
        body=body_of(value),
    )


def joined_headers(request: HttpRequest) -> dict[str, str]:
    headers = joined([pair for pair in request.headers if pair[0] != "cookie"])
    host = headers.get("host", "localhost")
    headers["x-forwarded-for"] = ", ".join(
        filter(None, [headers.get("x-forwarded-for"), request.source_ip])
    )
    headers.setdefault("x-forwarded-proto", request.scheme)
    headers.setdefault("x-forwarded-port", port_of(host, request.scheme))
    return headers


def joined(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Repeated names become one value, joined by commas."""
    values: dict[str, str] = {}
    for name, value in pairs:
        values[name] = f"{values[name]},{value}" if name in values else value
    return values


def port_of(host: str, scheme: str) -> str:
    _, colon, port = host.rpartition(":")
    if colon and port.isdigit():
        return port
    return "443" if scheme == "https" else "80"


def cookies_of(request: HttpRequest) -> list[str]:
    lines = [value for name, value in request.headers if name == "cookie"]
    return [cookie.strip() for line in lines for cookie in line.split(";") if cookie.strip()]


def request_context(
    request: HttpRequest, found: FoundRoute, headers: Mapping[str, str]
) -> dict[str, Any]:
    domain = headers.get("host", "localhost").partition(":")[0]
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": request.request_id,
        "routeKey": found.route.key,
        "stage": "$default",
        "time": request.at.astimezone(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(request.at.timestamp() * 1000),
    }


def encoded_body(request: HttpRequest, headers: Mapping[str, str]) -> dict[str, Any]:
    """Text as text; by its content type alone a form is binary to API Gateway, and so is
    anything compressed. Text that is none is kept byte for byte as well.
    """
    if not request.body:
        return {"isBase64Encoded": False}
    if is_text(headers):
        try:
            return {"body": request.body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(request.body).decode("ascii"), "isBase64Encoded": True}


def is_text(headers: Mapping[str, str]) -> bool:
    kind = headers.get("content-type", "text/plain").strip().lower()
    return "content-encoding" not in headers and kind.startswith(TEXT_TYPES)


def bare_response(value: object, result: bytes) -> HttpResponse:
    """Anything without a status code is the body of a 200; a string is taken as it reads."""
    return HttpResponse(
        status=200,
        headers=[("content-type", "application/json")],
        body=value.encode() if isinstance(value, str) else result,
    )


def status_of(value: object) -> int:
    try:
        status = int(str(value))
    except ValueError:
        status = 0
    if not 100 <= status <= 599:
        raise MalformedResult(f"statusCode is {value!r}")
    return status


def headers_of(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    headers = value.get("headers") or {}
    cookies = value.get("cookies") or []
    if not isinstance(headers, dict) or not isinstance(cookies, list):
        raise MalformedResult("headers must be an object, cookies a list")
    pairs = [(name.lower(), header_text(text)) for name, text in headers.items()]
    if not any(name == "content-type" for name, _ in pairs):
        pairs.append(("content-type", "text/plain; charset=utf-8"))
    return pairs + [("set-cookie", header_text(cookie)) for cookie in cookies]


def header_text(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if any(mark in text for mark in "\r\n\0"):
        raise MalformedResult("a header holds a line break")
    return text


def body_of(value: Mapping[str, Any]) -> bytes:
    body = value.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise MalformedResult("body must be a string")
    if not value.get("isBase64Encoded"):
        return body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedResult(f"body is no base64: {error}") from error
