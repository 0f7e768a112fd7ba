"""Pictures and sounds of a community: what may be uploaded, under which keys, and where it is.

incoming/12/3f0c…      as it was uploaded: nobody is served it
media/12/3f0c….webp    as the house wrote it anew after it had read it
/files/12/3f0c….webp   where everybody finds that; at a host of files alone /12/3f0c….webp
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from waddlebot.domain.entities import CommunityId

INCOMING, SERVED = "incoming/", "media/"
AT = "/files"


class MediaKind(StrEnum):
    IMAGE = "image"
    SOUND = "sound"


class MediaState(StrEnum):
    """`asked`: an upload may come. `reading`: the house reads it. `refused` says why."""

    ASKED = "asked"
    READING = "reading"
    READY = "ready"
    REFUSED = "refused"


KINDS: Mapping[str, MediaKind] = {
    "image/png": MediaKind.IMAGE,
    "image/jpeg": MediaKind.IMAGE,
    "image/gif": MediaKind.IMAGE,
    "image/webp": MediaKind.IMAGE,
    "audio/wav": MediaKind.SOUND,
    "audio/ogg": MediaKind.SOUND,
    "audio/mpeg": MediaKind.SOUND,
}
"""What may be uploaded, by its type."""
_SAME_TYPES: Mapping[str, str] = {
    "image/jpg": "image/jpeg",
    "image/apng": "image/png",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "audio/opus": "audio/ogg",
    "audio/vorbis": "audio/ogg",
}
"""As `file`, browsers and mimetypes call them too."""
ENDINGS: Mapping[str, str] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
}
"""What is served, by the end of its name."""
MOST_BYTES: Mapping[MediaKind, int] = {MediaKind.IMAGE: 4_000_000, MediaKind.SOUND: 1_000_000}
MOST_SERVED_BYTES = 4_000_000
"""Of an answer of Lambda there are 6 MB, in base64."""
MOST_FILES = 100
MOST_BYTES_OF_ALL = 64_000_000
MOST_WAITING = 10
"""Uploads of a community that were asked for and have not come."""
UPLOAD_TIME = timedelta(minutes=10)
"""As long a form is good."""
READING_TIME = timedelta(minutes=3)
"""Longer than the function has: what is still being read by then will never be."""
KEPT_FOR = timedelta(hours=1)
"""What came to nothing goes then."""
AS_A_FILE: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-disposition": "attachment",
}
"""Headers of whatever is served: no browser runs it, and opened alone it is saved."""
CACHE_SECONDS = 31_536_000
"""A file never changes; another one has another name."""

_TITLE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_KEY = re.compile(r"incoming/([0-9]{1,19})/([0-9a-f]{32})")
_PATH = re.compile(r"(?:/files)?(/[0-9]{1,19}/[0-9a-f]{32}\.(png|jpg|webp|wav|ogg|mp3))")
_SERVED = re.compile(r"[0-9]{1,19}/[0-9a-f]{32}\.(png|jpg|webp|wav|ogg|mp3)")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """`title` is what people call it. `size` is in bytes: what was announced, then what is served.

    `ending` is empty until it is ready; `seconds` is how long a sound or an animation is.
    """

    id: str
    community: CommunityId
    title: str
    kind: MediaKind
    size: int
    state: MediaState
    asked_at: datetime
    changed_at: datetime
    why: str = ""
    ending: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0

    @property
    def path(self) -> str:
        """Where it is served; empty while it is not."""
        return f"{AT}/{self.community}/{self.id}.{self.ending}" if self.ending else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """What the house found in an upload, and wrote anew."""

    ending: str
    size: int
    width: int = 0
    height: int = 0
    seconds: float = 0.0


def new_file_id() -> str:
    import secrets  # the quick doors know the words of this file, and make no files

    return secrets.token_hex(16)


def read_title(typed: str) -> str:
    """As it is kept; empty where it is none."""
    title = typed.strip().casefold()
    return title if _TITLE.fullmatch(title) else ""


def usual_type(typed: str) -> str:
    """Of what a program calls a type: one of KINDS, or as it was typed."""
    told = typed.strip().casefold()
    return _SAME_TYPES.get(told, told)


def incoming_key(community: CommunityId, file: str) -> str:
    return f"{INCOMING}{community}/{file}"


def served_key(community: CommunityId, file: str, ending: str) -> str:
    return f"{SERVED}{community}/{file}.{ending}"


def read_incoming_key(key: str) -> tuple[CommunityId, str] | None:
    found = _KEY.fullmatch(key)
    return (CommunityId(int(found[1])), found[2]) if found else None


def find_served_key(community: str, file: str) -> str:
    """Of an address; empty where it can be none."""
    name = f"{community}/{file}"
    return f"{SERVED}{name}" if _SERVED.fullmatch(name) else ""


def public_file(path: str, host: str) -> str:
    """The address of a file at the host that serves files and nothing else, whose paths begin
    behind `/files`: a file's path is this one, as it is kept, and `host` has no path.
    """
    return f"{host}{path.removeprefix(AT)}"


def own_file_in(address: str) -> str:
    """The path of a file that this machine serves: its pages find it by that. Else empty."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    is_here = not parts.netloc or (host in _THIS_MACHINE and "@" not in parts.netloc)
    is_plain = parts.scheme in {"", "http", "https"} and not parts.query and not parts.fragment
    found = _PATH.fullmatch(parts.path) if is_here and is_plain else None
    return f"{AT}{found[1]}" if found else ""
