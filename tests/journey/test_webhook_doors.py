"""The platforms' doors, knocked at by hand: strangers' places, signatures, repeats."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journey import signed
from tests.journey.house import House
from tests.journey.signed import Delivery

PATIENCE_SECONDS = 6.0
QUIET_SECONDS = 1.2


def number() -> str:
    return str(10**14 + uuid.uuid4().int % 10**14)


def slack_slash(house: House, text: str) -> tuple[Delivery, str]:
    channel = f"C{number()}"
    return signed.slack_slash(house, text, team=f"T{number()}", channel=channel), channel


def discord_slash(house: House, text: str) -> tuple[Delivery, str]:
    channel = number()
    return signed.discord_slash(house, text, guild=number(), channel=channel), channel


def twitch_line(house: House, text: str) -> tuple[Delivery, str]:
    channel = number()
    return signed.twitch_line(house, text, channel=channel), channel


DOORS = pytest.mark.parametrize("delivery", [slack_slash, discord_slash, twitch_line])
Make = Callable[[House, str], tuple[Delivery, str]]


def replies(house: House, channel: str, *, seconds: float = QUIET_SECONDS) -> list[dict[str, Any]]:
    """All that the platform shows there once nothing more comes for a while."""
    found: list[dict[str, Any]] = []
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        seen = house.get(f"/stand-ins/replies?after=0&channel={channel}")["replies"]
        if seen and len(seen) == len(found):
            return found
        found = list(seen)
        time.sleep(seconds)
    return found


@DOORS
def test_a_signed_command_from_a_place_never_seen_gets_exactly_one_reply(
    house: House, delivery: Make
) -> None:
    sent, channel = delivery(house, "!help" if delivery is twitch_line else "help")
    status, _ = sent.send(house)
    assert 200 <= status < 300
    (reply,) = replies(house, channel)
    assert "!quote" in reply["text"]


@DOORS
def test_one_flipped_byte_is_refused_and_answered_by_nobody(house: House, delivery: Make) -> None:
    sent, channel = delivery(house, "!help")
    status, _ = sent.damaged().send(house)
    assert status == (403 if delivery is twitch_line else 401)
    assert house.get(f"/stand-ins/replies?after=0&channel={channel}&wait=1")["replies"] == []


@DOORS
def test_the_same_delivery_again_is_still_one_reply(house: House, delivery: Make) -> None:
    sent, channel = delivery(house, "!help")
    assert 200 <= sent.send(house)[0] < 300
    first = replies(house, channel)
    for _ in range(2):
        assert 200 <= sent.send(house)[0] < 300
    assert replies(house, channel) == first
    assert len(first) == 1


def test_every_handshake_is_answered(house: House) -> None:
    challenge = b'{"type":"url_verification","token":"x","challenge":"3eZbrw1a"}'
    status, said = signed.slack(house, challenge, form=False).send(house)
    assert (status, said) in [(200, {"challenge": "3eZbrw1a"}), (200, "3eZbrw1a")]

    assert signed.discord(house, {"id": "1", "type": 1}).send(house) == (200, {"type": 1})

    status, said = signed.twitch_challenge(house, "pogchamp-kappa").send(house)
    assert (status, said) == (200, "pogchamp-kappa")


def test_what_is_too_old_is_refused(house: House) -> None:
    old = time.time() - 3600
    assert signed.slack(house, b"command=%2Fwaddlebot", at=old).send(house)[0] == 401
    assert signed.discord(house, {"id": "1", "type": 1}, at=old).send(house)[0] == 401
    line = signed.twitch_line(house, "!help", channel=number())
    body = {"subscription": {"type": "channel.chat.message"}}
    stale = signed.twitch(house, body, at=datetime.now(UTC) - timedelta(hours=1))
    assert stale.send(house)[0] == 403
    assert line.send(house)[0] in {200, 202, 204}


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b'{"type":{}}'])
def test_no_signed_body_ends_in_a_5xx(house: House, body: bytes) -> None:
    assert signed.slack(house, body, form=False).send(house)[0] < 500
    assert signed.slack(house, body).send(house)[0] < 500
