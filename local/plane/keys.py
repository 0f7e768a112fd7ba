"""`dev.env`: the keys and passwords of one machine's WaddleBot, made once.

Tokens of the platforms are not in it: without them the stand-ins answer.
"""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
from typing import TYPE_CHECKING

from nacl.signing import SigningKey

from waddlebot.domain.key_texts import new_key_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Mapping
    from pathlib import Path

PUBLIC_KEY = "DISCORD_PUBLIC_KEY"
PRIVATE_KEY = "DISCORD_STAND_IN_PRIVATE_KEY"
SEED_BYTES = 32

COMMENTS = {
    "WADDLEBOT_API_KEY": "For calls to /api/...: Authorization: Bearer <this>",
    "SLACK_SIGNING_SECRET": "Slack signs what it sends with this",
    PUBLIC_KEY: "Discord's signatures are checked with this (Ed25519)",
    PRIVATE_KEY: "... and made with this, by the stand-in for Discord",
    "TWITCH_EVENTSUB_SECRET": "Twitch signs its notifications with this",
    "DISCORD_APPLICATION_ID": "The bot's application on the stand-in for Discord",
    "STAND_IN_TOKEN": "The bot's token on every stand-in",
    "WADDLEBOT_SIGNING_KEY": "Rules' webhooks are signed with secrets made of this",
    "WADDLEBOT_SEAL_KEY": "Tokens of connections are sealed under this: lose it, and all are lost",
    "MEDIA_STORE_SECRET": "Keys of the store of media files are made of this",
    "POSTGRES_PASSWORD": "PostgreSQL, role waddlebot",
    "REPLICATION_PASSWORD": "PostgreSQL, role replicator",
    "VALKEY_CACHE_PASSWORD": "Valkey: cache",
    "VALKEY_LIMITS_PASSWORD": "Valkey: cooldowns and windows",
    "VALKEY_STREAMS_PASSWORD": "Valkey: events and replies",
}


def random_token() -> str:
    return secrets.token_urlsafe(32)


def random_master() -> str:
    """32 bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def random_snowflake() -> str:
    """Eighteen digits, as Discord counts its things."""
    return str(10**17 + secrets.randbelow(9 * 10**17))


MAKERS: dict[str, Callable[[], str]] = {
    "WADDLEBOT_API_KEY": new_key_text,
    "SLACK_SIGNING_SECRET": lambda: secrets.token_hex(16),
    "TWITCH_EVENTSUB_SECRET": lambda: secrets.token_hex(32),
    "DISCORD_APPLICATION_ID": random_snowflake,
    "STAND_IN_TOKEN": random_token,
    "WADDLEBOT_SIGNING_KEY": random_token,
    "WADDLEBOT_SEAL_KEY": random_master,
    "MEDIA_STORE_SECRET": random_token,
    "POSTGRES_PASSWORD": random_token,
    "REPLICATION_PASSWORD": random_token,
    "VALKEY_CACHE_PASSWORD": random_token,
    "VALKEY_LIMITS_PASSWORD": random_token,
    "VALKEY_STREAMS_PASSWORD": random_token,
}


def load_dev_env(home: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Every key of `COMMENTS`, from `given` where it has one, else from `$home/dev.env`.

    Missing keys are made and appended; what stands in the file is kept as it stands.
    Safe to call from several processes at once.
    """
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / "dev.env", os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8", errors="replace") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.fchmod(descriptor, 0o600)
        text = file.read()
        kept = parse(text)
        added = missing_keys(kept)
        if added:
            file.write(lines_for(added, after=text))
    own = {name: value for name, value in given.items() if name in COMMENTS and value}
    return {**kept, **added, **own}


def parse(text: str, known: Container[str] = COMMENTS) -> dict[str, str]:
    """Line by line, so that a damaged one spoils no other; the last of a name counts."""
    pairs = (line.partition("=") for line in text.splitlines())
    found = {name.strip(): unquoted(value.strip()) for name, _, value in pairs}
    return {name: value for name, value in found.items() if name in known and value}


def find_secrets(home: Path, given: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """Those of `names` that somebody has set: in `given`, else in `$home/dev.env`."""
    try:
        text = (home / "dev.env").read_text(encoding="utf-8", errors="replace")
    except OSError:  # what is wrong with the home is told where it is opened
        text = ""
    return {**parse(text, names), **{name: given[name] for name in names if given.get(name)}}


def unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value


def missing_keys(kept: Mapping[str, str]) -> dict[str, str]:
    added = {name: make() for name, make in MAKERS.items() if name not in kept}
    seed = kept.get(PRIVATE_KEY, "")
    if not is_seed(seed):  # a public half alone would refuse all that the stand-in signs
        return {**added, **new_pair()}
    if PUBLIC_KEY not in kept:
        added[PUBLIC_KEY] = public_half(seed)
    return added


def is_seed(value: str) -> bool:
    return len(value) == 2 * SEED_BYTES and set(value.lower()) <= set("0123456789abcdef")


def new_pair() -> dict[str, str]:
    seed = secrets.token_hex(SEED_BYTES)
    return {PUBLIC_KEY: public_half(seed), PRIVATE_KEY: seed}


def public_half(seed: str) -> str:
    return SigningKey(bytes.fromhex(seed)).verify_key.encode().hex()


def lines_for(added: Mapping[str, str], *, after: str) -> str:
    start = "\n" if after and not after.endswith("\n") else ""  # a torn last line stays alone
    return start + "".join(
        f"# {COMMENTS[name]}\n{name}={added[name]}\n" for name in COMMENTS if name in added
    )
