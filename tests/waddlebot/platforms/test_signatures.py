from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from tests.helpers import payloads
from tests.helpers.payloads import NOW
from waddlebot.domain.errors import Rejected
from waddlebot.platforms.discord.signature import verify as verify_discord
from waddlebot.platforms.slack.signature import verify as verify_slack
from waddlebot.platforms.twitch.signature import verify as verify_twitch

BODY = '{"text": "Grüße"}'.encode()


@dataclass(frozen=True, slots=True)
class Signed:
    name: str
    verify: Callable[..., None]
    sign: Callable[..., dict[str, str]]
    secret: str
    refused_with: int
    fresh_seconds: int
    signature: str
    timestamp: str

    def accepts(self, body: bytes, headers: dict[str, str], *, now: datetime = NOW) -> int | None:
        """None, or the status of the refusal."""
        try:
            self.verify(headers, body, secret=self.secret, now=now)
        except Rejected as rejected:
            return rejected.status
        return None


PLATFORMS = [
    Signed(
        "discord",
        verify_discord,
        payloads.discord_headers,
        payloads.DISCORD_PUBLIC_KEY,
        401,
        300,
        "x-signature-ed25519",
        "x-signature-timestamp",
    ),
    Signed(
        "slack",
        verify_slack,
        payloads.slack_headers,
        payloads.SLACK_SECRET,
        401,
        300,
        "x-slack-signature",
        "x-slack-request-timestamp",
    ),
    Signed(
        "twitch",
        verify_twitch,
        payloads.twitch_headers,
        payloads.TWITCH_SECRET,
        403,
        600,
        "twitch-eventsub-message-signature",
        "twitch-eventsub-message-timestamp",
    ),
]
each_platform = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.name)


@each_platform
def test_what_the_platform_signed_is_accepted(platform: Signed) -> None:
    assert platform.accepts(BODY, platform.sign(BODY)) is None


@each_platform
def test_every_flipped_byte_is_refused(platform: Signed) -> None:
    headers = platform.sign(BODY)
    for at in range(len(BODY)):
        forged = BODY[:at] + bytes([BODY[at] ^ 1]) + BODY[at + 1 :]
        assert platform.accepts(forged, headers) == platform.refused_with


@each_platform
def test_an_old_or_future_signature_is_refused(platform: Signed) -> None:
    headers = platform.sign(BODY)
    seconds = platform.fresh_seconds
    assert platform.accepts(BODY, headers, now=NOW + timedelta(seconds=seconds - 2)) is None
    for off in (seconds + 2, -seconds - 2):
        later = NOW + timedelta(seconds=off)
        assert platform.accepts(BODY, headers, now=later) == platform.refused_with


@each_platform
@pytest.mark.parametrize(
    "wrong", ["", "x", "v0=", "sha256=", "00" * 64, "zz", "\x00", "é", "\ud800", "1e400"]
)
def test_wrong_headers_are_refused_and_nothing_worse(platform: Signed, wrong: str) -> None:
    right = platform.sign(BODY)
    for name in (platform.signature, platform.timestamp):
        assert platform.accepts(BODY, {**right, name: wrong}) == platform.refused_with
        without = {key: value for key, value in right.items() if key != name}
        assert platform.accepts(BODY, without) == platform.refused_with


def test_slack_accepts_the_vector_of_its_documentation() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
        b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": (
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        ),
    }
    at = datetime.fromtimestamp(1531420618, NOW.tzinfo)
    verify_slack(headers, body, secret="8f742231b10e8888abcd99yyyzzz85a5", now=at)
