"""What texts of custom commands ask servers for that a community allows, and what comes of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

VERSION = 1
"""Of what is handed over: a function of an older release takes none that is newer."""
MOST_SECONDS = 1.0
"""For each server; all of one text are asked at once."""
MOST_BYTES = 2_048
MOST_LIST_BYTES = 512 * 1024
"""Of a list that names are read from."""
MOST_TEXT_CHARACTERS = 400
MOST_FETCHES = 3


class FetchForm(StrEnum):
    """What an answer is read as: a text, or the names in a list of a service's own form."""

    TEXT = "text"
    SEVEN_TV = "7tv"
    BTTV = "bttv"
    FFZ = "ffz"


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    form: FetchForm = FetchForm.TEXT


class Fetching(msgspec.Struct, frozen=True, kw_only=True):
    """All that one text asks for, at most MOST_FETCHES."""

    community: int
    fetches: list[Fetch]
    v: int = VERSION


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """`why` says for people why there is no `text`."""

    text: str = ""
    why: str = ""


class FetchAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """In the order in which they were asked for."""

    fetched: list[Fetched]
