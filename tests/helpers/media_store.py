"""The store of media files, running, and a client of it for each right."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local.object_store import AT, BUCKET, ObjectStore, key_id_of, secret_of
from local.port import free_port, listen
from local.serving import serving

SECRET = "the house's own"
FILE = "0123456789abcdef" * 2
INCOMING = f"incoming/12/{FILE}"


@dataclass(slots=True, kw_only=True)
class RunningStore:
    """`folder` has what it keeps; `told` are the keys that functions were told of."""

    url: str
    folder: Path
    told: list[str] = field(default_factory=list)

    def client(self, may: str, secret: str = SECRET) -> Any:
        return boto3.client(
            "s3",
            region_name="us-east-1",
            endpoint_url=f"{self.url}{AT}",
            aws_access_key_id=key_id_of(may),
            aws_secret_access_key=secret_of(may, secret),
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def form(
        self,
        key: str = INCOMING,
        *,
        may: str = "ask",
        most: int = 100,
        seconds: int = 60,
        secret: str = SECRET,
    ) -> dict[str, Any]:
        told: dict[str, Any] = self.client(may, secret).generate_presigned_post(
            BUCKET,
            key,
            Fields={"Content-Type": "image/png"},
            Conditions=[{"Content-Type": "image/png"}, ["content-length-range", 1, most]],
            ExpiresIn=seconds,
        )
        return told


@contextmanager
def running_store(folder: Path) -> Iterator[RunningStore]:
    port, ready, leave = free_port(), threading.Event(), threading.Event()
    running = RunningStore(url=f"http://127.0.0.1:{port}", folder=folder)

    async def told(key: str, _: Mapping[str, Any]) -> None:
        running.told.append(key)

    async def live() -> None:
        app = ObjectStore(folder=folder, secret=SECRET, woken=told)
        with listen(port) as listener:
            async with serving(app, listener):
                ready.set()
                await asyncio.to_thread(leave.wait)

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    try:
        assert ready.wait(30)
        yield running
    finally:
        leave.set()
        thread.join(10)
