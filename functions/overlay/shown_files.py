"""Pictures and sounds as the source general shows them, and by which address a page finds one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.media_files import own_file_in
from waddlebot.domain.shown_addresses import is_public

MOST_CHARACTERS = 2000


def address_of(value: object) -> str:
    """`https` at a name of the internet, or a file of this house by its path; else empty."""
    address = value if isinstance(value, str) and len(value) <= MOST_CHARACTERS else ""
    return own_file_in(address) or (address if is_public(address) else "")


def shown_file(content: Mapping[str, Any]) -> dict[str, str]:
    return {"file": address_of(content.get("file_url"))}
