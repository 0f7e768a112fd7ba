"""What a secret looks like, where that is known: a mistake is told before it is written."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping

from waddlebot.domain.key_texts import PREFIX, is_no_key

MOST_CHARACTERS = 4096
SEAL_BYTES = 32


def wrong_form(variable: str, value: str) -> str:
    """What is wrong, in a sentence without the value; empty where nothing is."""
    if not value:
        return f"Nothing came: type or pipe the value of {variable}."
    if len(value) > MOST_CHARACTERS:
        return f"{variable} is longer than {MOST_CHARACTERS} characters: is that the right text?"
    if not value.isascii() or not value.isprintable():
        return (
            f"{variable} has letters, ends of lines or other characters that none of its kind has."
        )
    fits, form = FORMS.get(variable, (_anything, ""))
    return "" if fits(value) else f"{variable} should be {form}: nothing was written."


def _like(pattern: str) -> Callable[[str], bool]:
    return lambda value: bool(re.fullmatch(pattern, value))


def _anything(value: str) -> bool:
    return value == value.strip()


def _is_seal(value: str) -> bool:
    try:
        return len(base64.b64decode(value, validate=True)) == SEAL_BYTES
    except (binascii.Error, ValueError):
        return False


def _is_key(value: str) -> bool:
    return value.startswith(PREFIX) and not is_no_key(value)


_ID = (_like(r"[0-9]{1,20}"), "a number")
_ORIGIN = (_like(r"[!-~]{32,256}"), "32 to 256 characters without blanks")
_SEAL = (_is_seal, "32 bytes in base64, as `openssl rand -base64 32` prints them")
FORMS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "DISCORD_APPLICATION_ID": _ID,
    "DISCORD_PUBLIC_KEY": (_like(r"[0-9a-fA-F]{64}"), "64 hexadecimal digits"),
    "SLACK_APP_TOKEN": (_like(r"xapp-\S+"), "a token that begins with xapp-"),
    "SLACK_BOT_TOKEN": (_like(r"xox[be]\S+"), "a token that begins with xoxb-"),
    "SLACK_SIGNING_SECRET": (_like(r"[0-9a-f]{32}"), "32 hexadecimal digits"),
    "TWITCH_BOT_USER_ID": _ID,
    "TWITCH_CALLBACK_URL": (
        _like(r"https://\S+/webhooks/twitch"),
        "an address that begins with https:// and ends with /webhooks/twitch",
    ),
    "TWITCH_EVENTSUB_SECRET": (_like(r"[!-~]{10,100}"), "10 to 100 characters without blanks"),
    "WADDLEBOT_API_KEY": (_is_key, "a key of ours with its checksum, as it was made"),
    "WADDLEBOT_ORIGIN_KEY_A": _ORIGIN,
    "WADDLEBOT_ORIGIN_KEY_B": _ORIGIN,
    "WADDLEBOT_SEAL_KEY": _SEAL,
    "WADDLEBOT_SEAL_KEY_BEFORE": _SEAL,
}
"""Of the platforms' own pages; what is not here may be any text."""
