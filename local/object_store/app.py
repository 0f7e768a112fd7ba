"""The bucket of media files as an ASGI app: what boto3 asks for, and the forms that it signs.

    POST   /object-store/waddlebot-media            a form of a browser, or of curl -F
    GET, PUT, DELETE /object-store/waddlebot-media/incoming/12/3f0c…

Nothing is taken or given without a signature, an unbroken policy and a right of the key's own, as
on AWS. What came by is told to the function that is to read it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.callers import Receive, Scope, Send
from local.object_store.callers_keys import may_do
from local.object_store.post_form import check_policy, read_form
from local.object_store.refusals import StoreRefused
from local.object_store.signatures import signer_of, signer_of_form
from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, read_request, send_answer

AT = "/object-store"
BUCKET = "waddlebot-media"
MOST_BODY_BYTES = 5_000_000
"""S3 takes 5 GB; here all of it is in memory, and no form is for more than 4 MB."""
_KEY = re.compile(r"(incoming|media)/[0-9]{1,19}/[0-9a-f]{32}(\.[a-z0-9]{1,5})?")
_ACTIONS = {"GET": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}
_OPEN = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "*",
}

Woken = Callable[[str, Mapping[str, Any]], Awaitable[None]]
"""Called with a key that came and the event that tells of it."""


@dataclass(slots=True, kw_only=True)
class ObjectStore:
    """`folder` holds the objects under their keys; `secret` is what all keys of it are made of."""

    folder: Path
    secret: str
    woken: Woken
    _telling: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        try:
            answer = await self._answer(await self._request(scope, receive))
        except StoreRefused as refused:
            answer = refused.as_answer()
        headers = {**_OPEN, **answer.headers}
        await send_answer(AsgiAnswer(status=answer.status, headers=headers, body=answer.body), send)

    async def _request(self, scope: Scope, receive: Receive) -> AsgiRequest:
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told) > MOST_BODY_BYTES:
            raise StoreRefused(
                "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
            )
        return await read_request(scope, receive, str(scope["path"]).removeprefix(AT))

    async def _answer(self, request: AsgiRequest) -> AsgiAnswer:
        if request.method == "OPTIONS":
            return AsgiAnswer(status=200)
        bucket, _, key = request.path.lstrip("/").partition("/")
        if bucket != BUCKET:
            raise StoreRefused("NoSuchBucket", "The specified bucket does not exist")
        if request.method == "POST" and not key:
            return await self._posted(request)
        return await self._asked(request, key)

    async def _posted(self, request: AsgiRequest) -> AsgiAnswer:
        form = read_form(request.headers.get("content-type", ""), request.body)
        signer = signer_of_form(form, self.secret)
        check_policy(form, bucket=BUCKET, now=datetime.now(UTC))
        key = form.fields.get("key", "")
        self._check(signer, "s3:PutObject", key)
        await asyncio.to_thread(self._write, key, form.file)
        self._tell(key, form.file)
        return AsgiAnswer(status=204, headers={"etag": _etag(form.file)})

    async def _asked(self, request: AsgiRequest, key: str) -> AsgiAnswer:
        action = _ACTIONS.get(request.method)
        if action is None:
            raise StoreRefused(
                "MethodNotAllowed", "The method is not allowed against this resource."
            )
        url = f"{request.base}{AT}{request.path}"
        signer = signer_of(request, url, self.secret, datetime.now(UTC))
        self._check(signer, action, key)
        if request.method == "GET":
            content = await asyncio.to_thread(self._read, key)
            return AsgiAnswer(headers={"etag": _etag(content)}, body=content)
        if request.method == "DELETE":
            await asyncio.to_thread(self._path(key).unlink, True)
            return AsgiAnswer(status=204)
        await asyncio.to_thread(self._write, key, request.body)
        return AsgiAnswer(headers={"etag": _etag(request.body)})

    def _check(self, signer: str, action: str, key: str) -> None:
        if not _KEY.fullmatch(key) or not may_do(signer, action, key):
            raise StoreRefused("AccessDenied", "Access Denied")

    def _path(self, key: str) -> Path:
        return self.folder / key

    def _read(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            # Nobody here may list the bucket: whether it was there S3 does not say.
            raise StoreRefused("AccessDenied", "Access Denied") from error

    def _write(self, key: str, content: bytes) -> None:
        """All of it or nothing."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.{uuid.uuid4().hex}.new")
        try:
            new.write_bytes(content)
            new.replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                new.unlink()

    def _tell(self, key: str, content: bytes) -> None:
        """As EventBridge does, of which whoever uploads does not wait."""
        event = {
            "source": "aws.s3",
            "detail-type": "Object Created",
            "detail": {
                "bucket": {"name": BUCKET},
                "object": {"key": key, "size": len(content), "etag": _etag(content).strip('"')},
                "reason": "PostObject",
            },
        }
        task = asyncio.ensure_future(self.woken(key, event))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)


def _etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
