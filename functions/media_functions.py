"""The catalogue's rows of media files: who serves them, who reads back what was uploaded, and who
keeps the record.

Whoever decodes what strangers made stands apart: outside of the network, without a database, with
two beginnings of keys and one function to call.
"""

from __future__ import annotations

from functions.declaration import Function, HttpRoute, Schedule, Uploaded
from waddlebot.domain.media_files import AT, INCOMING
from waddlebot.runtime.needs import Invoke, MediaFiles, Need

FOLDERS = ("functions/media",)

MEDIA = (
    Function(
        name="media",
        handler="functions.media.handler.handler",
        folders=FOLDERS,
        doors=(HttpRoute(method="GET", path=f"{AT}/{{community}}/{{file}}"),),
        needs=frozenset({MediaFiles(may="serve")}),
    ),
    Function(
        name="media-reader",
        handler="functions.media.reader_handler.handler",
        folders=FOLDERS,
        doors=(Uploaded(under=INCOMING), Schedule(every_minutes=5)),
        needs=frozenset({MediaFiles(may="read-back"), Invoke(function="media-records")}),
        timeout_seconds=60,
        # Pictures of 16 million pixels, twice.
        memory_mb=1024,
        concurrency=4,
        handed_over=True,
    ),
    Function(
        name="media-records",
        handler="functions.media.records_handler.handler",
        folders=FOLDERS,
        needs=frozenset({Need.WRITER}),
    ),
)
