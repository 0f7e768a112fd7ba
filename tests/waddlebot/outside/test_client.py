"""Somebody else's server is slow, full, huge, gone: nobody waits, and nothing is done twice."""

import datetime as dt
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.helpers.patience import was_within
from tests.helpers.service_stand_in import HOST, Handler, Service, always, serving
from waddlebot.outside.breaker import Breaker
from waddlebot.outside.client import OutsideClient, ServiceAnswer, ServiceCall
from waddlebot.outside.connecting import Transport
from waddlebot.outside.errors import (
    BrokeOff,
    Declined,
    NotPublic,
    NotReached,
    Resting,
    TooMuch,
    TooSlow,
)
from waddlebot.outside.kept_answers import KeptAnswers
from waddlebot.outside.named_answerers import read_stand_ins

UTC = dt.UTC
_connects: list[Any] | None = None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Whoever connects while a test looks is noted and goes nowhere."""
    if event == "socket.connect" and _connects is not None:
        _connects.append(arguments[1])
        raise OSError("a test looks on")


sys.addaudithook(_watch)


@contextmanager
def looking_on() -> Iterator[list[Any]]:
    global _connects  # noqa: PLW0603 - an audit hook stays for good
    _connects = []
    try:
        yield _connects
    finally:
        _connects = None


def nobody(host: str, _port: int) -> list[str]:
    raise AssertionError(f"{host} is looked up")


def outside(
    service: Service | None = None, cache: redis.Redis | None = None, **more: Any
) -> OutsideClient:
    stand_ins = service.stand_ins if service else {}
    return OutsideClient(
        transport=Transport(**{"resolver": nobody, "stand_ins": stand_ins} | more),
        breaker=Breaker(cache),
        kept=KeptAnswers(cache),
    )


def asked(**more: Any) -> ServiceCall:
    told = {"service": "test", "what": "the service", "url": f"https://{HOST}/line?a=1"}
    return ServiceCall(**{**told, **more})


def ask(ours: OutsideClient, seconds: float = 15, **more: Any) -> ServiceAnswer:
    deadline = dt.datetime.now(UTC) + dt.timedelta(seconds=seconds)
    return ours.ask(asked(**more), deadline=deadline)


def test_an_answer_comes_as_it_is_and_what_was_asked_went_as_it_was_said() -> None:
    with serving(always(b"hello", x_mood="good", set_cookie="a=b")) as service:
        ours = outside(service)
        for _ in range(2):
            answer = ask(ours, method="POST", body=b"line", headers={"x-more": "yes"})
        assert (answer.status, answer.body, answer.attempts) == (200, b"hello", 1)
        assert answer.headers["x-mood"] == "good"
        seen = service.seen[-1]
        assert (seen.method, seen.path, seen.body) == ("POST", "/line?a=1", b"line")
        assert (seen.headers["host"], seen.headers["x-more"]) == (HOST, "yes")
        assert "cookie" not in seen.headers
        ours.close()


@pytest.mark.parametrize("drips", ["head", "body", "nothing"])
def test_a_slow_service_holds_nobody_longer_than_the_deadline(drips: str) -> None:
    def does(handler: Handler, _number: int) -> None:
        start = b"HTTP/1.1 200 OK\r\nx: " if drips == "head" else b"HTTP/1.1 200 OK\r\n\r\n"
        if drips != "nothing":
            handler.wfile.write(start)
        while not handler.service.released.wait(0.05):
            if drips != "nothing":
                handler.wfile.write(b"a")

    with serving(does) as service:
        began = time.monotonic()
        with pytest.raises(TooSlow):
            ask(outside(service), seconds=0.5)
        assert was_within(5, began)
        assert len(service.seen) == 1


def test_what_says_later_is_asked_again_after_that() -> None:
    def does(handler: Handler, number: int) -> None:
        if number == 1:
            handler.says(b"", 429, retry_after="1")
        else:
            handler.says(b"there")

    with serving(does) as service:
        began = time.monotonic()
        answer = ask(outside(service), method="POST")
        assert (answer.body, answer.attempts) == (b"there", 2)
        assert time.monotonic() - began >= 1


def test_what_says_much_later_is_left_alone_until_then() -> None:
    later = dt.datetime.now(UTC) + dt.timedelta(hours=1)
    when = later.strftime("%a, %d %b %Y %H:%M:%S GMT")
    with serving(always(b"", 429, retry_after=when)) as service:
        ours = outside(service)
        with pytest.raises(Declined) as declined:
            ask(ours)
        assert declined.value.status == 429
        with pytest.raises(Resting):
            ask(ours)
        assert len(service.seen) == 1


@pytest.mark.parametrize(("harmless", "times"), [(True, 3), (False, 1)])
def test_what_failed_is_repeated_only_where_that_is_harmless(*, harmless: bool, times: int) -> None:
    with serving(always(b"", 500)) as service:
        with pytest.raises(Declined) as declined:
            ask(outside(service), method="POST", harmless=harmless)
        assert (declined.value.attempts, len(service.seen)) == (times, times)


def test_a_refusal_is_an_answer_and_no_failure() -> None:
    with serving(always(b"no such thing", 404)) as service:
        ours = outside(service)
        assert {ask(ours, harmless=True).status for _ in range(8)} == {404}
        assert len(service.seen) == 8


def test_a_huge_answer_is_read_no_further_than_it_may_be() -> None:
    def does(handler: Handler, _number: int) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not handler.service.released.is_set():
            handler.wfile.write(b"a" * 65_536)

    with serving(does) as service:
        with pytest.raises(TooMuch):
            ask(outside(service), most_bytes=100_000, harmless=True)
        assert len(service.seen) == 1


def test_endless_headers_are_no_answer() -> None:
    def does(handler: Handler, _number: int) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not handler.service.released.is_set():
            handler.wfile.write(b"x-more: " + b"a" * 8_000 + b"\r\n")

    with serving(does) as service, pytest.raises(BrokeOff):
        ask(outside(service))


def test_an_answer_that_nobody_was_ready_for_counts_as_a_failure_of_its_service() -> None:
    with serving(always(b"no number")) as service:
        ours = outside(service)
        for _ in range(5):
            with pytest.raises(BrokeOff):
                ask(ours, fails=lambda answer: int(answer.body) < 0)
        with pytest.raises(Resting):
            ask(ours)
        assert len(service.seen) == 5


def test_a_packed_answer_is_not_unpacked() -> None:
    with serving(always(b"\x1f\x8b packed", content_encoding="gzip")) as service:
        assert ask(outside(service)).body == b"\x1f\x8b packed"
        assert service.seen[0].headers["accept-encoding"] == "identity"


def test_a_redirect_is_followed_nowhere() -> None:
    there = always(b"", 302, location="http://169.254.169.254/latest/meta-data/")
    with serving(there) as service:
        answer = ask(outside(service), harmless=True)
        assert (answer.status, len(service.seen)) == (302, 1)


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"])
def test_what_closes_early_has_broken_off(says: bytes) -> None:
    def does(handler: Handler, _number: int) -> None:
        handler.wfile.write(says)
        handler.close_connection = True

    with serving(does) as service:
        with pytest.raises(BrokeOff):
            ask(outside(service), method="POST")
        assert len(service.seen) == 1


def test_the_socket_goes_to_the_address_that_was_looked_at_and_looks_up_nothing_again() -> None:
    """A name server may answer otherwise a moment later."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    ours = outside(resolver=lambda *_: next(answers))
    with looking_on() as connects:
        with pytest.raises(NotReached):
            ask(ours, url="https://rebinding.example:8443/")
        # Harmless as it surely did not happen, so it was tried again, and looked at again.
        assert connects == [("93.184.216.34", 8443)]
        with pytest.raises(StopIteration):
            next(answers)


def test_a_name_that_leads_inside_is_never_connected_to() -> None:
    for inside in ("127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fd00:ec2::254"):
        with looking_on() as connects:
            with pytest.raises(NotPublic) as refused:
                ask(outside(resolver=lambda *_, to=inside: [to]), harmless=True)
            assert (connects, refused.value.attempts) == ([], 1)


def test_the_certificate_is_checked_against_the_name_and_not_the_address(tmp_path: Path) -> None:
    door, trusts = certificate(tmp_path, HOST)
    with serving(always(b"hello"), tls=door) as service:
        assert ask(outside(service, tls=trusts)).body == b"hello"
        stand_ins = {"other.example": service.origin}
        ours = outside(stand_ins=stand_ins, tls=trusts)
        with pytest.raises(NotReached):
            ask(ours, url="https://other.example/")
        with pytest.raises(NotReached):
            ask(outside(service))  # nobody vouches for it
        assert len(service.seen) == 1


def test_an_answer_is_good_enough_for_a_while_and_better_than_none_for_longer(
    cache: redis.Redis,
) -> None:
    def does(handler: Handler, number: int) -> None:
        handler.says(b"first", 200 if number == 1 else 500)

    with serving(does) as service:
        fresh = {"fresh_seconds": 60.0}
        assert ask(outside(service, cache), **fresh).attempts == 1
        kept = ask(outside(service, cache), **fresh)  # another process, as it were
        assert (kept.body, kept.attempts) == (b"first", 0)
        assert 0 < kept.age_seconds < 60
        other = {"headers": {"authorization": "Bearer other"}, **fresh}
        with pytest.raises(Declined):
            ask(outside(service, cache), **other)
        assert len(service.seen) == 2
        stale = {"fresh_seconds": 0.0, "stale_seconds": 60.0}
        assert ask(outside(service, cache), **stale).body == b"first"
        assert len(service.seen) == 3


def test_stand_ins_are_named_in_the_environment() -> None:
    named = "Hooks.example=http://127.0.0.1:1, api.example=https://127.0.0.1:2,"
    assert read_stand_ins(named) == {
        "hooks.example": "http://127.0.0.1:1",
        "api.example": "https://127.0.0.1:2",
    }
    assert read_stand_ins("") == {}


def certificate(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of the one who serves, and of the one who trusts him."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    both = folder / "both.pem"
    both.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    door = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    door.load_cert_chain(both)
    public = made.public_bytes(serialization.Encoding.PEM).decode()
    return door, ssl.create_default_context(cadata=public)
