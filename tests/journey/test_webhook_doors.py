"""The platforms' doors, knocked at by hand: strangers' places, signatures, repeats."""

from __future__ import annotations

import http.client
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.helpers import signed
from tests.helpers.house import House
from tests.helpers.patience import eventually
from tests.helpers.signed import Delivery

PATIENCE_SECONDS = 15.0
QUIET_SECONDS = 1.2
LOOK_SECONDS = 0.15


def number() -> str:
    return str(10**14 + uuid.uuid4().int % 10**14)


def slack_slash(house: House, text: str) -> tuple[Delivery, str]:
    channel = f"C{number()}"
    return signed.slack_slash(house, text, team=f"T{number()}", channel=channel), channel


def discord_slash(house: House, text: str) -> tuple[Delivery, str]:
    channel = number()
    return signed.discord_slash(house, text, guild=number(), channel=channel), channel


def twitch_line(house: House, text: str) -> tuple[Delivery, str]:
    """Said by somebody with the channel's own number: whispers are then found by it, too."""
    channel = number()
    return signed.twitch_line(house, text, channel=channel, user=channel, name="Zed"), channel


DOORS = pytest.mark.parametrize("delivery", [slack_slash, discord_slash, twitch_line])
Make = Callable[[House, str], tuple[Delivery, str]]


def replies(house: House, channel: str) -> list[dict[str, Any]]:
    """In this channel, or whispered to the person with its number."""
    return replies_in(house, lambda item: item["channel"] in (channel, f"whisper-{channel}"))


def replies_in(house: House, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """What the platforms show of it once nothing more comes for a while."""
    found: list[dict[str, Any]] = []
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        seen = [item for item in house.get("/stand-ins/replies?after=0")["replies"] if wanted(item)]
        if seen and len(seen) == len(found):
            return found
        found = seen
        time.sleep(QUIET_SECONDS if seen else LOOK_SECONDS)
    return found


def greeted(line: Delivery, house: House) -> None:
    """The first line of a place is answered, so the greeting is over."""
    assert 200 <= line.send(house)[0] < 300


@DOORS
def test_a_signed_command_from_a_place_never_seen_gets_exactly_one_reply(
    house: House, delivery: Make
) -> None:
    sent, channel = delivery(house, "!help" if delivery is twitch_line else "help")
    status, _ = sent.send(house)
    assert 200 <= status < 300
    (reply,) = print(found := replies(house, channel)) or found
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


@DOORS
def test_a_refusal_in_a_place_never_seen_is_the_only_answer(house: House, delivery: Make) -> None:
    line = "!addquote x" if delivery is twitch_line else "addquote x"
    sent, channel = delivery(house, line)
    assert 200 <= sent.send(house)[0] < 300
    (reply,) = print(found := replies(house, channel)) or found
    assert "moderators" in reply["text"]
    assert "Hello" not in reply["text"]


def test_strangers_are_told_privately(house: House) -> None:
    user = number()
    team, channel = f"T{number()}", number()
    greeted(signed.twitch_line(house, "!help", channel=channel), house)
    signed.twitch_line(house, "!addquote x", channel=channel, user=user, name="Zed").send(house)
    (told,) = replies_in(house, lambda item: item["to"] == "zed" and user in item["channel"])
    assert told["kind"] == "private"

    greeted(signed.slack_line(house, "!help", team=team, channel=f"C{channel}"), house)
    line = signed.slack_line(
        house, "!addquote x", team=team, channel=f"C{channel}", user=f"U{user}"
    )
    line.send(house)
    (told,) = replies_in(house, lambda item: item["to"] == f"U{user}")
    assert told["kind"] == "ephemeral"
    assert told["entity_id"] == f"slack:channel:{team}/C{channel}"


def test_a_forbidden_line_that_was_signed_by_hand_is_deleted(house: House) -> None:
    channel = number()
    rule = '!rules add contains "free nitro" block'
    made = signed.twitch_line(
        house, rule, channel=channel, user="77", name="Mod", badge="moderator"
    )
    assert made.send(house)[0] == 204
    (added,) = replies(house, channel)
    assert "Added" in added["text"]

    line = "get FREE NITRO"
    signed.twitch_line(house, line, channel=channel, user=channel, name="Zed").send(house)
    wanted = {"chat", "deleted", "private"}
    assert eventually(lambda: wanted == {item["kind"] for item in replies(house, channel)})
    kinds = Counter(item["kind"] for item in replies(house, channel))
    # Whoever wrote it and whoever moderates there are told alone, and how to name a channel for it.
    assert (kinds["chat"], kinds["deleted"]) == (1, 1)
    assert kinds.keys() == wanted


@pytest.mark.parametrize("delivery", [slack_slash, discord_slash])
def test_an_unknown_command_is_offered_the_nearest_where_it_was_asked(
    house: House, delivery: Make
) -> None:
    sent, channel = delivery(house, "qoute")
    assert sent.send(house)[0] == 200
    said = [reply["text"] for reply in replies(house, channel)]  # a new place is greeted as well
    assert sum("Did you mean !quote?" in one for one in said) == 1


def test_every_handshake_is_answered(house: House) -> None:
    challenge = b'{"type":"url_verification","token":"x","challenge":"3eZbrw1a"}'
    status, said = signed.slack(house, challenge, form=False).send(house)
    assert (status, said) in [(200, {"challenge": "3eZbrw1a"}), (200, "3eZbrw1a")]

    assert signed.discord(house, {"id": "1", "type": 1}).send(house) == (200, {"type": 1})

    status, said = signed.twitch_challenge(house, "pogchamp-kappa").send(house)
    assert (status, said) == (200, "pogchamp-kappa")


def test_what_only_tells_is_accepted(house: House) -> None:
    assert signed.slack(house, b"ssl_check=1&token=x").send(house)[0] == 200
    revoked = signed.twitch_revocation(house, channel=number())
    assert 200 <= revoked.send(house)[0] < 300


POND = {
    "slack": lambda house, text: signed.slack_slash(
        house, text, team="T0WADDLEBOT", channel="C0GENERAL", user="U0ANA"
    ),
    "discord": lambda house, text: signed.discord_slash(
        house, text, guild="201000000000000001", channel="202000000000000001"
    ),
    "twitch": lambda house, text: signed.twitch_line(
        house, f"!{text}", channel="1001", user="4100001"
    ),
}


@pytest.mark.parametrize("platform", POND)
def test_the_pond_may_be_signed_for_by_hand_as_well(house: House, platform: str) -> None:
    words = f"word{number()}"
    sent = POND[platform](house, f"help {words}")
    for _ in range(2):
        assert 200 <= sent.send(house)[0] < 300
    (reply,) = replies_in(house, lambda item: words in item["text"])
    assert reply["platform"] == platform


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


@pytest.mark.parametrize("platform", ["discord", "slack", "twitch"])
def test_a_header_in_no_known_letters_is_nobodys_signature(house: House, platform: str) -> None:
    at = urlsplit(house.url)
    asking = http.client.HTTPConnection(at.hostname or "", at.port, timeout=30)
    headers = {"x-slack-signature": b"v0=\xe9", "x-odd": b"\xff\xfe", "host": at.netloc}
    asking.request("POST", f"/webhooks/{platform}", body=b"{}", headers=headers)
    assert 400 <= asking.getresponse().status < 500
    asking.close()
