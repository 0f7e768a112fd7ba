"""Calls of a platform's API, made one after the other from a terminal; nothing is repeated."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlencode

from waddlebot.platforms.connecting import Check, Checking
from waddlebot.platforms.delivering import HttpAnswer, HttpCall


def carry_out(checking: Checking, seconds: float) -> list[Check]:
    """Each call waits so long for its answer."""
    try:
        call = next(checking)
        while True:
            call = checking.send(_ask(call, seconds))
    except StopIteration as done:
        checks: list[Check] = done.value
        return checks


def _ask(call: HttpCall, seconds: float) -> HttpAnswer:
    """Status 0 where there is no answer."""
    kind, body = "application/json", None if call.json is None else json.dumps(call.json).encode()
    if call.form is not None:
        kind, body = "application/x-www-form-urlencoded", urlencode(call.form).encode()
    request = urllib.request.Request(  # noqa: S310 - the platform's own address
        call.url,
        method=call.method,
        data=body,
        headers={**call.headers, "content-type": kind},
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            return _read(answer.status, dict(answer.headers), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return _read(error.code, dict(error.headers), error.read())
    except OSError:
        return HttpAnswer(status=0)


def _read(status: int, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    lower = {name.lower(): value for name, value in headers.items()}
    return HttpAnswer(status=status, headers=lower, json=told)
