"""Tokens are sealed before they are stored: whoever reads the database has none of them.

A data key seals them, and lies in `seal_keys` sealed under the house's master key. Each new data
key is a new version, which stands beside what it has sealed: a process that runs finds it there.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from waddlebot.domain.connections import Tokens
from waddlebot.domain.errors import Unavailable
from waddlebot.stores.postgres import Connection as Transaction

KEY = "WADDLEBOT_SEAL_KEY"
KEY_BEFORE = "WADDLEBOT_SEAL_KEY_BEFORE"
_KEY_BYTES = 32
_NEWEST = "SELECT version, wrapped FROM seal_keys ORDER BY version DESC LIMIT 1 FOR KEY SHARE"


class SealLost(Unavailable):
    """The sentence is for the operator; nothing is tried again until they have done something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """`wrapped` is the data key of that version, under the master key."""

    text: bytes = field(repr=False)
    version: int
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seal:
    """Kept as long as a process lives. What is opened was sealed `about` the same thing."""

    _masters: Sequence[Aead] = field(repr=False)
    _known: dict[bytes, Aead] = field(default_factory=dict, repr=False)

    @classmethod
    def under(cls, master: str, *, before: str = "") -> Seal:
        """Both are 32 bytes in base64; `before` while the master key itself is changed.

        Raises SealLost.
        """
        named = {KEY: master, **({KEY_BEFORE: before} if before else {})}
        return cls([Aead(_read(name, text)) for name, text in named.items()])

    def seal(self, transaction: Transaction, tokens: Tokens, about: str) -> Sealed:
        """Under the newest data key, which nobody takes away before this transaction ends.

        Raises SealLost.
        """
        return self.seal_bytes(transaction, msgspec.json.encode(tokens), about)

    def open(self, sealed: Sealed, about: str) -> Tokens:
        """Raises SealLost, also where it was sealed about something else."""
        what = about.replace("\0", " ")
        words = "do not open: they were put there from somewhere else. Connect it again"
        opened = self.open_bytes(sealed, about, lost=SealLost(f"the kept tokens of {what}", words))
        return msgspec.json.decode(opened, type=Tokens)

    def seal_bytes(self, transaction: Transaction, secret: bytes, about: str) -> Sealed:
        """As `seal`, of what is no token. Raises SealLost."""
        version, wrapped = self._newest(transaction)
        text = self._key(version, wrapped).encrypt(secret, about.encode())
        return Sealed(text=bytes(text), version=version, wrapped=wrapped)

    def open_bytes(self, sealed: Sealed, about: str, *, lost: SealLost) -> bytes:
        """Raises SealLost; `lost` where it was sealed about something else."""
        key = self._key(sealed.version, sealed.wrapped)
        try:
            return bytes(key.decrypt(sealed.text, about.encode()))
        except CryptoError as error:
            raise lost from error

    def add_version(self, transaction: Transaction) -> int:
        """A new data key, which seals from the commit on; whoever calls has locked the table."""
        row = transaction.execute(
            "SELECT coalesce(max(version), 0) + 1 AS next FROM seal_keys"
        ).fetchone()
        version = int(row["next"]) if row else 1
        transaction.execute(
            "INSERT INTO seal_keys (version, wrapped) VALUES (%(version)s, %(wrapped)s)",
            {"version": version, "wrapped": self._new_key(version)},
        )
        return version

    def is_wrapped_now(self, version: int, wrapped: bytes) -> bool:
        """Whether that data key is under the master key of today, and not one before it."""
        try:
            self._masters[0].decrypt(wrapped, _about_key(version))
        except CryptoError:
            return False
        return True

    def _newest(self, transaction: Transaction) -> tuple[int, bytes]:
        while not (row := transaction.execute(_NEWEST).fetchone()):
            # The first of all: of two who make it at once the second waits, and takes the other's.
            transaction.execute(
                """
                INSERT INTO seal_keys (version, wrapped) SELECT 1, %(wrapped)s
                WHERE NOT EXISTS (SELECT FROM seal_keys) ON CONFLICT DO NOTHING
                """,
                {"wrapped": self._new_key(1)},
            )
        return row["version"], bytes(row["wrapped"])

    def _new_key(self, version: int) -> bytes:
        made = secrets.token_bytes(_KEY_BYTES)
        return bytes(self._masters[0].encrypt(made, _about_key(version)))

    def _key(self, version: int, wrapped: bytes) -> Aead:
        if wrapped not in self._known:
            self._known[wrapped] = self._unwrapped(version, wrapped)
        return self._known[wrapped]

    def _unwrapped(self, version: int, wrapped: bytes) -> Aead:
        for master in self._masters:
            try:
                return Aead(master.decrypt(wrapped, _about_key(version)))
            except CryptoError:
                continue
        raise SealLost(
            "the tokens of connections",
            f"were sealed under another {KEY}. Set that one again, or set it as {KEY_BEFORE} "
            "beside the new one. Where it is gone for good: `waddlebot keys rotate-seal "
            "--give-up`, and their owners connect again",
        )


def _about_key(version: int) -> bytes:
    return f"data key\0{version}".encode()


def _read(name: str, text: str) -> bytes:
    try:
        read = base64.b64decode(text, altchars=b"-_" if {"-", "_"} & set(text) else None)
    except (binascii.Error, ValueError):
        read = b""
    if len(read) != _KEY_BYTES:
        raise SealLost(
            name, "is no key: it must be 32 bytes in base64, as `openssl rand -base64 32` makes it"
        )
    return read
