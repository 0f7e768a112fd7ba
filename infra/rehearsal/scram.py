"""SCRAM-SHA-256 as a client of PostgreSQL: RFC 5802 and 7677, without channel binding."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets


class Scram:
    """One exchange; PostgreSQL takes the user from elsewhere, so none is named here."""

    def __init__(self, password: str) -> None:
        self._password = password.encode()
        self._first = f"n=,r={secrets.token_hex(16)}"

    @property
    def first(self) -> bytes:
        return f"n,,{self._first}".encode()

    def answer(self, challenge: bytes) -> bytes:
        told = dict(part.split("=", 1) for part in challenge.decode().split(","))
        salted = hashlib.pbkdf2_hmac(
            "sha256", self._password, base64.b64decode(told["s"]), int(told["i"])
        )
        key = hmac.digest(salted, b"Client Key", "sha256")
        last = f"c=biws,r={told['r']}"
        everything = f"{self._first},{challenge.decode()},{last}".encode()
        mask = hmac.digest(hashlib.sha256(key).digest(), everything, "sha256")
        proof = bytes(one ^ other for one, other in zip(key, mask, strict=True))
        return f"{last},p={base64.b64encode(proof).decode()}".encode()
