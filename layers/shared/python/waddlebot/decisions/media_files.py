"""Pictures and sounds of a community: asked for, removed, shown on an overlay."""

from __future__ import annotations

import math
import uuid
from datetime import datetime
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.media_files import (
    KINDS,
    MOST_BYTES,
    MOST_BYTES_OF_ALL,
    MOST_FILES,
    MOST_WAITING,
    MediaFile,
    MediaKind,
    MediaState,
    new_file_id,
    read_title,
    usual_type,
)
from waddlebot.domain.overlay_pushes import SECONDS
from waddlebot.domain.overlays import OverlaySource
from waddlebot.stores.alert_rules import AlertRules
from waddlebot.stores.media_files import CommunityMedia
from waddlebot.stores.overlay_pushes import push
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

_DEED = "What is uploaded"


def ask_upload(
    edit: Edit, asker: Asker, *, title: str, content_type: str, size: int, now: datetime
) -> MediaFile:
    """A place for one file of at most `size` bytes; whoever asked uploads it within ten minutes.

    Raises Refusal: the name, the type or the size cannot be, or there is no room.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    called, kind = _called(title), _kind(content_type)
    _check_size(kind, size)
    edit.hold(asker.community)
    kept = CommunityMedia(edit, asker.community)
    before = kept.find(called)
    if before is not None and before.state is not MediaState.REFUSED:
        how = say_command(f"media remove {called}")
        words = f"There is a file '{called}' already. Take another name, or remove it: {how}"
        raise Refusal(words, Because.WRONG, code="NAME_TAKEN", field="name")
    if before is not None:
        kept.remove(before)
    _check_room(kept, size)
    file = MediaFile(
        id=new_file_id(),
        community=asker.community,
        title=called,
        kind=kind,
        size=size,
        state=MediaState.ASKED,
        asked_at=now,
        changed_at=now,
    )
    kept.ask(file)
    return file


def remove_media(edit: Edit, asker: Asker, *, title: str) -> MediaFile:
    """It is not served any more within minutes, and alerts are shown without it.

    Raises Refusal: there is none of this name.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    edit.hold(asker.community)
    kept = CommunityMedia(edit, asker.community)
    file = _found(kept, title)
    kept.remove(file)
    rules = AlertRules(edit, asker.community)
    for rule in rules.all():
        if (file.kind, file.title) in rule.files:
            rules.put(rule.without(file.kind), before=rule)
    return file


def show_media(edit: Edit, asker: Asker, *, title: str, now: datetime, call: str = "") -> MediaFile:
    """On the source general, once for each `call`. Raises Refusal: it is not there, or not read."""
    asker.check_everywhere(Role.MODERATOR, _DEED)
    edit.hold(asker.community)
    file = _ready(CommunityMedia(edit, asker.community), title)
    asked = call or f"api-{uuid.uuid4().hex}"
    push(edit, asker.community, OverlaySource.GENERAL, content_of_file(file), call=asked, now=now)
    edit.note("show media file", file.title, asker.community)
    return file


def check_ready(kept: CommunityMedia, title: str, kind: MediaKind) -> None:
    """Raises Refusal: it is not there, not read, or of the other kind."""
    file = _ready(kept, title)
    if file.kind is not kind:
        names = {MediaKind.IMAGE: "picture", MediaKind.SOUND: "sound"}
        words = f"'{file.title}' is a {names[file.kind]}, and no {names[kind]}."
        raise Refusal(words, Because.WRONG, code="UNKNOWN_FILE", field=kind.value)


def content_of_file(file: MediaFile) -> dict[str, Any]:
    """As a response would word it that shows it."""
    return {
        "success": True,
        "response_action": "general",
        "content_type": file.kind.value,
        "file_url": file.path,
        "duration": _shown_for(file),
    }


def _shown_for(file: MediaFile) -> int:
    """Seconds: what moves goes round for as long as a picture stands, and to its end."""
    whole = math.ceil(file.seconds)
    return max(whole, 1) if file.kind is MediaKind.SOUND else max(whole, SECONDS)


def how_it_is(file: MediaFile) -> str:
    """A sentence to whoever uploads it."""
    return {
        MediaState.ASKED: "Nothing was uploaded yet.",
        MediaState.READING: "I am reading what was uploaded.",
        MediaState.READY: "It is there.",
        MediaState.REFUSED: file.why,
    }[file.state]


def _called(typed: str) -> str:
    title = read_title(typed)
    if not title:
        words = "A file is called by up to 40 letters a to z, digits, - and _, as 'tada'."
        raise Refusal(words, Because.WRONG, field="name")
    return title


def _kind(content_type: str) -> MediaKind:
    kind = KINDS.get(usual_type(content_type))
    if kind is None:
        words = f"I take {', '.join(KINDS)}, and no other type."
        raise Refusal(words, Because.WRONG, field="type")
    return kind


def _check_size(kind: MediaKind, size: int) -> None:
    if size < 1:
        words = f"bytes is how large the file is, at least 1 and not {size}: say the size of yours."
        raise Refusal(words, Because.WRONG, field="bytes")
    if size > MOST_BYTES[kind]:
        words = f"A file of type {kind} has at most {MOST_BYTES[kind] // 1_000_000} MB."
        raise Refusal(words, Because.WRONG, field="bytes")


def _check_room(kept: CommunityMedia, size: int) -> None:
    use = kept.use()
    if use.waiting >= MOST_WAITING:
        words = f"{MOST_WAITING} uploads are waited for already. Upload those first."
        raise Refusal(words, code="UPLOADS_OPEN")
    if use.files >= MOST_FILES or use.size + size > MOST_BYTES_OF_ALL:
        words = (
            f"There is room for {MOST_FILES} files and {MOST_BYTES_OF_ALL // 1_000_000} MB, and "
            f"it is used up. Remove one first: {say_command('media remove <name>')}"
        )
        raise Refusal(words, code="NO_ROOM")


def _ready(kept: CommunityMedia, typed: str) -> MediaFile:
    file = _found(kept, typed)
    if file.state is not MediaState.READY:
        words = f"'{file.title}' cannot be shown: {how_it_is(file)}"
        raise Refusal(words, code="NOT_READY", field="name")
    return file


def _found(kept: CommunityMedia, typed: str) -> MediaFile:
    file = kept.find(read_title(typed))
    if file is None:
        words = f"There is no file '{typed.strip()[:40]}'. All of them: {say_command('media')}"
        raise Refusal(words, Because.WRONG, code="UNKNOWN_FILE", field="name")
    return file
