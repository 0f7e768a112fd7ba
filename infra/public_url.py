"""`-c public_url=…`: under which people and platforms reach the house, where that is a domain of
one's own."""

from __future__ import annotations

from waddlebot.domain.public_addresses import VARIABLE, public_address, wrong_public_url


class PublicUrlWrong(ValueError):
    """The sentence says how it is written."""


def told_public_url(told: str) -> str:
    """As functions and gateways find it set; empty where none is told. Raises PublicUrlWrong."""
    public = public_address(told)
    if told.strip() and not public.is_encrypted:
        wrong = wrong_public_url(told) or (
            f"{VARIABLE}, {told!r}, is a machine of one's own: write it as https://bot.example.org."
        )
        raise PublicUrlWrong(wrong.replace(VARIABLE, "public_url"))
    return public.base
