"""Pictures and sounds: asked for, listed, shown, removed. The bytes go to the bucket, not here."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from functions.communities.asking import CommunityRequest, Wire, needs, told
from functions.communities.community_routes import AsUser, Body
from functions.communities.people_routes import AsModerator
from waddlebot.decisions.media_files import ask_upload, how_it_is, remove_media, show_media
from waddlebot.domain.media_files import (
    MOST_BYTES_OF_ALL,
    MOST_FILES,
    UPLOAD_TIME,
    MediaFile,
    MediaState,
    incoming_key,
    public_file,
    usual_type,
)
from waddlebot.runtime.push_on import push_on
from waddlebot.stores.media_files import list_media
from waddlebot_sdk.roles import Role

routes = APIRouter()


class UploadWanted(Body):
    """`bytes` is how large the file is: more than that is not taken."""

    name: str
    type: str = Field(description="as image/png or audio/mpeg")
    bytes: int


class FileNamed(Body):
    name: str


@routes.get("/{community}/media", openapi_extra=needs(Role.USER))
def list_files(asked: AsUser) -> Wire:
    """By name, each with its address once the house has read it; `meta` has what is used of how
    much."""
    files = list_media(asked.postgres, asked.community)
    counted = [one for one in files if one.state is not MediaState.REFUSED]
    used = {"files": len(counted), "bytes": sum(one.size for one in counted)}
    most = {"files": MOST_FILES, "bytes": MOST_BYTES_OF_ALL}
    return told([_described(one, asked) for one in files], used=used, most=most)


@routes.post("/{community}/media", openapi_extra=needs(Role.MODERATOR))
def ask_for_upload(body: UploadWanted, asked: AsModerator) -> Wire:
    """A form for one upload: post its fields, then the file as `file`, to its address within ten
    minutes. Nothing is served until the house has read it and written it anew."""
    bucket = asked.room.resources.media_bucket
    now, content_type = datetime.now(UTC), usual_type(body.type)
    with asked.editing() as edit:
        file = ask_upload(
            edit,
            asked.asker,
            title=body.name,
            content_type=content_type,
            size=body.bytes,
            now=now,
        )
    form = bucket.upload_form(
        incoming_key(asked.community, file.id), content_type=content_type, most_bytes=file.size
    )
    until = (now + UPLOAD_TIME).isoformat()
    return told(_described(file, asked), upload={**asdict(form), "until": until})


@routes.delete("/{community}/media", openapi_extra=needs(Role.MODERATOR))
def remove_file(name: str, asked: AsModerator) -> Wire:
    """It is gone from the store within minutes; a browser may keep what it has."""
    with asked.editing() as edit:
        file = remove_media(edit, asked.asker, title=name)
    return told({"name": file.title})


@routes.post("/{community}/media/show", openapi_extra=needs(Role.MODERATOR))
def show_file(body: FileNamed, asked: AsModerator) -> Wire:
    """In OBS, on the source general."""
    with asked.editing() as edit:
        file = show_media(edit, asked.asker, title=body.name, now=datetime.now(UTC))
    push_on(edit.pushed, lambda: asked.room.resources.invoke)
    return told({"name": file.title, "source": "general"})


def _described(file: MediaFile, asked: CommunityRequest) -> dict[str, Any]:
    return {
        "name": file.title,
        "kind": file.kind.value,
        "state": file.state.value,
        "words": how_it_is(file),
        "address": _address(file, asked),
        "bytes": file.size,
        "width": file.width or None,
        "height": file.height or None,
        "seconds": file.seconds or None,
        "asked_at": file.asked_at.isoformat(),
    }


def _address(file: MediaFile, asked: CommunityRequest) -> str | None:
    """At the host of files, else at the house's own."""
    resources = asked.room.resources
    if not file.path:
        return None
    host = resources.media_address
    return public_file(file.path, host) if host else resources.public_address.at(file.path)
