"""What a function writes costs its own call, and nobody else's."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.lambda_service.log import MOST_BYTES_A_CALL, FunctionLog, LogTrouble, Output


@contextmanager
def writing_without_end(output: Output) -> Iterator[None]:
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            os.write(output.writing, b"y" * 100_000)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        while writer.is_alive():
            output.drain()


def test_who_writes_without_end_holds_up_nobody_and_fills_no_disk(tmp_path: Path) -> None:
    file = tmp_path / "evil.log"

    async def others_go_on() -> None:
        output = Output(FunctionLog(file, LogTrouble(print)))
        with writing_without_end(output):
            async with asyncio.timeout(10):
                for _ in range(20):
                    await asyncio.sleep(0.01)
                output.drain()
        output.close()
        os.close(output.writing)

    asyncio.run(others_go_on())

    assert file.stat().st_size < 2 * MOST_BYTES_A_CALL
    assert b"beyond 1 MB in this call is dropped" in file.read_bytes()


def test_the_next_call_has_its_own_room(tmp_path: Path) -> None:
    async def two_calls() -> bytes:
        output = Output(FunctionLog(tmp_path / "chatty.log", LogTrouble(print)))
        for _ in range(MOST_BYTES_A_CALL // 50_000 + 2):
            os.write(output.writing, b"y" * 49_999 + b"\n")
            output.drain()
        output.take_tail()
        os.write(output.writing, b"hello\n")
        output.drain()
        output.close()
        os.close(output.writing)
        return output.take_tail()

    assert asyncio.run(two_calls()) == b"hello\n"
