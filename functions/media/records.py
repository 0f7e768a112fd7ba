"""What whoever reads uploads asks of the record, on the wire between the two functions.

{"asks": "begin", "community": 12, "id": "3f0c…"}    {"kind": "image", "size": 4000},
        {"is_read": true} while another reads it, or {}
{"asks": "end", …, "found": {"ending": "webp", …}}   {"keeps": true}
{"asks": "refuse", …, "why": "It is no picture."}    {}
{"asks": "sweep"}                                    {"keys": ["incoming/12/3f0c…"]}
{"asks": "gone", "keys": ["incoming/12/3f0c…"]}      {}
"""

from __future__ import annotations

import msgspec

from waddlebot.domain.media_files import ReadBack


class RecordAsked(msgspec.Struct, kw_only=True, omit_defaults=True):
    asks: str
    community: int = 0
    id: str = ""
    found: ReadBack | None = None
    why: str = ""
    keys: list[str] = []


class RecordTold(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`kind` is empty for what is not to be read. `is_read`: whoever reads it takes it away too."""

    kind: str = ""
    size: int = 0
    is_read: bool = False
    keeps: bool = False
    keys: list[str] = []
