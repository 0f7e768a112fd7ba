"""A line is handed to a stranger's server, signed, and what that says is read as an enemy's."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from functions.outside.handler import MOST_AT_ONCE, handler, resources
from tests.helpers.aws_context import AwsContext
from tests.helpers.patience import was_within
from tests.helpers.servers import Urls
from tests.helpers.service_stand_in import HOST, Handler, Service, always, serving
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.signatures import secret_for, signed_headers

KEY = "the house's own key"


@pytest.fixture(autouse=True)
def environment(
    servers: Urls, cache: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    cache.ping()
    monkeypatch.setenv("VALKEY_CACHE_URL", servers["VALKEY_CACHE_URL"])
    monkeypatch.setenv("WADDLEBOT_SIGNING_KEY", KEY)
    yield
    _forget()


def _forget() -> None:
    if resources.cache_info().currsize:
        resources().close()
        resources.cache_clear()


def deliver(
    service: Service | None,
    monkeypatch: pytest.MonkeyPatch,
    *,
    address: str = f"https://{HOST}/line?a=1",
    seconds: float = 15,
    **more: Any,
) -> dict[str, Any]:
    _forget()
    named = f"{HOST}={service.origin}" if service else ""
    monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", named)
    return handler(delivery(address=address, seconds=seconds, **more), AwsContext())


def delivery(*, seconds: float = 15, number: int = 1, **more: Any) -> dict[str, Any]:
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    told = {
        "id": f"execution-{number}",
        "address": f"https://{HOST}/line",
        "community": 7,
        "line": {"text": "hello"},
        "deadline": until.isoformat(),
    }
    return {**told, **more}


def test_a_line_is_signed_with_time_and_delivery_id_by_a_secret_of_this_community_and_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(always(b'{"action": "warn", "text": "Careful!"}')) as service:
        told = deliver(service, monkeypatch)
    assert (told["decided"], told["text"], told["attempts"]) == ("warn", "Careful!", 1)
    [seen] = service.seen
    assert (seen.method, seen.path) == ("POST", "/line?a=1")
    assert json.loads(seen.body) == {"text": "hello"}
    assert seen.headers["webhook-id"] == "execution-1"
    sent = int(seen.headers["webhook-timestamp"])
    assert abs(sent - dt.datetime.now(dt.UTC).timestamp()) < 60
    secret = secret_for(KEY, 7, f"https://{HOST}")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"execution-1.{sent}.".encode() + seen.body, hashlib.sha256).digest()
    assert seen.headers["webhook-signature"] == f"v1,{base64.b64encode(made).decode()}"
    others = {secret_for(KEY, 8, f"https://{HOST}"), secret_for(KEY, 7, "https://other.example")}
    assert secret not in others


def test_the_signature_is_the_one_that_receivers_libraries_expect() -> None:
    """The vector of the Standard Webhooks libraries."""
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        dt.datetime.fromtimestamp(1614265330, dt.UTC),
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("body", "decided", "text"),
    [
        (b"", "allow", ""),
        (b" \r\n", "allow", ""),
        (b"OK", "allow", ""),
        (b"ok\n", "allow", ""),
        (b"true", "allow", ""),
        (b"Merci, re\xc3\xa7u.", "allow", ""),
        (b"{}", "allow", ""),
        (b'{"action": "allow", "more": [1, {"a": null}]}', "allow", ""),
        (b'{"action": "block"}', "block", ""),
        (b'{"action": "reply", "text": "Hi!"}', "reply", "Hi!"),
        (b'{"action": "reply", "text": " a\\u0000b\\nc\\u202ed\\u200be "}', "reply", "a b c d e"),
        (json.dumps({"action": "warn", "text": "x" * 500}).encode(), "warn", "x" * 399 + "…"),
    ],
)
def test_what_the_server_decides(
    body: bytes, decided: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(always(body)) as service:
        told = deliver(service, monkeypatch)
    assert (told["decided"], told["text"], told["failed"]) == (decided, text, "")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>hello</html>", 200),
        (b"  <!doctype html>\n<p>Sign in</p>", 200),
        (b'{"action": "blo', 200),
        (b"O\x00K", 200),
        (b"[]", 200),
        (b'"block"', 200),
        (b'{"action": "ban"}', 200),
        (b'{"action": ["block"]}', 200),
        (b'{"action": "block", "text": 7}', 200),
        (b'{"action": "reply"}', 200),
        (b'{"action": "reply", "text": "\\u200b \\u0007"}', 200),
        (b"\xff\xfe", 200),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 200),
        (b'{"text": "' + b"x" * 20_000 + b'"}', 200),
        (b'{"action": "block"}', 302),
        (b'{"action": "block"}', 404),
        (b'{"action": "block"}', 500),
    ],
)
def test_everything_else_is_no_answer_and_decides_nothing(
    body: bytes, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(always(body, status)) as service:
        told = deliver(service, monkeypatch)
    how = "answers w" if status != 200 or len(body) > 16_384 else "answers what I cannot read"
    assert told["failed"].startswith(f"{HOST} {how}")
    assert (told["decided"], told["text"]) == ("allow", "")
    assert len(service.seen) == (3 if status == 500 else 1)
    assert len({seen.headers["webhook-id"] for seen in service.seen}) == 1


def test_a_server_that_never_answers_is_given_up_in_time_to_say_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def silent(handler: Handler, _number: int) -> None:
        handler.service.released.wait(30)

    with serving(silent) as service:
        told = deliver(service, monkeypatch, seconds=1.0)
    assert told["failed"] == f"{HOST} did not answer in time"


def test_after_five_failures_it_is_left_alone_and_its_owner_is_to_be_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(always(b"", 404)) as service:
        told = [deliver(service, monkeypatch) for _ in range(7)]
        assert [one["told"] for one in told] == [False] * 4 + [True] + [False] * 2
        assert "left alone" in told[-1]["failed"]
        assert len(service.seen) == 5
        another = deliver(service, monkeypatch, community=8)
        assert "404" in another["failed"], "one community's failures are not another's"


def test_a_server_is_left_alone_under_all_its_addresses_and_no_other_server_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(always(b"", 404)) as service:
        for number in range(7):
            address = f"https://{HOST}/line?number={number}"
            told = deliver(service, monkeypatch, address=address)
        assert "left alone" in told["failed"]
        assert len(service.seen) == 5
        another = deliver(service, monkeypatch, address=f"https://{HOST}:8443/line")
        assert "404" in another["failed"]


def test_servers_that_hang_hold_a_few_deliveries_of_their_community_and_none_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def silent(handler: Handler, number: int) -> None:
        if number <= MOST_AT_ONCE:
            handler.service.released.wait(60)
        handler.says()

    with serving(silent) as service:
        deliver(service, monkeypatch, address="http://no/")
        hang = [
            threading.Thread(target=handler, args=(delivery(number=number), AwsContext()))
            for number in range(MOST_AT_ONCE)
        ]
        for one in hang:
            one.start()
        while len(service.seen) < MOST_AT_ONCE:
            time.sleep(0.01)
        began = time.monotonic()
        told = handler(delivery(number=9), AwsContext())
        assert "at once" in told["failed"]
        assert was_within(5, began)
        assert handler(delivery(community=8), AwsContext())["failed"] == ""
        service.released.set()
        for one in hang:
            one.join()
        assert handler(delivery(number=10), AwsContext())["failed"] == "", "all places are free"


@pytest.mark.parametrize(
    "retry_after",
    [
        "Mon, 20 Nov 99999999999999999999999 19:12:08 GMT",
        "Mon, 20 Nov 2023 19:12:08 +99999999999999999999",
        "Mon, 20 Nov 0001 19:12:08 +2359",
        "Mon, 20 Nov 9999 23:59:59 -2359",
        "9" * 400,
        "Mon, 20 Nov",
        ",",
        "",
    ],
)
def test_whenever_a_server_wants_to_be_asked_again_its_failures_are_counted(
    retry_after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(always(b"", 503, retry_after=retry_after)) as service:
        told = [deliver(service, monkeypatch) for _ in range(6)]
    assert [one["failed"] != "" for one in told] == [True] * 6
    assert sum(one["told"] for one in told) <= 1
    assert len(service.seen) <= 5
    assert "left alone" in told[-1]["failed"]


def test_whatever_else_goes_wrong_with_a_server_is_a_failure_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def raw(handler: Handler, _number: int) -> None:
        handler.wfile.write(b"HTTP/1.1 103 \xff\xff\r\n\r\nHTTP/1.1 999 \r\n: \r\n\r\n")

    with serving(raw) as service:
        told = [deliver(service, monkeypatch) for _ in range(6)]
    assert "left alone" in told[-1]["failed"]


@pytest.mark.parametrize(
    "address",
    [
        f"http://{HOST}/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://localhost.localdomain/",
        "https://[::1]/",
    ],
)
def test_no_address_leads_inside_whatever_stands_in_the_row(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = deliver(None, monkeypatch, address=address)
    assert told["failed"]
    assert told["decided"] == "allow"


def test_a_delivery_of_a_newer_release_is_refused_and_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(always(b"")) as service:
        assert deliver(service, monkeypatch, v=1)["decided"] == "allow"
        with pytest.raises(Unavailable, match="newer release"):
            deliver(service, monkeypatch, v=2)

        assert len(service.seen) == 1
