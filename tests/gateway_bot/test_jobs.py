from __future__ import annotations

import asyncio
import time

import pytest

from gateway_bot.__main__ import keep_running, run_jobs
from tests.helpers.patience import was_within
from waddlebot.domain.errors import Unavailable


def test_a_job_that_fails_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway_bot.__main__.AWAY_PAUSE_SECONDS", 0.05)
    runs: list[str] = []

    async def job() -> None:
        runs.append("run")
        if len(runs) == 1:
            raise Unavailable("the streams server")

    async def go() -> None:
        async with asyncio.timeout(5):
            await keep_running("job", job, asyncio.Event())

    asyncio.run(go())
    assert runs == ["run", "run"]


def test_a_crash_of_one_job_leaves_the_others_alone() -> None:
    stop = asyncio.Event()

    async def crash() -> None:
        raise ValueError("boom")

    async def work() -> None:
        await asyncio.sleep(0.2)
        stop.set()

    began = time.monotonic()
    asyncio.run(run_jobs({"work": work}, {"crash": crash}, stop))
    assert was_within(1, began)


def test_at_the_end_carriers_finish_what_they_hold_and_sources_are_cut_off() -> None:
    stop = asyncio.Event()
    finished: list[str] = []

    async def carrier() -> None:
        await stop.wait()
        await asyncio.sleep(0.2)
        finished.append("carrier")

    async def source() -> None:
        stop.set()
        await asyncio.sleep(30)
        finished.append("source")

    began = time.monotonic()
    asyncio.run(run_jobs({"carrier": carrier}, {"source": source}, stop))
    assert finished == ["carrier"]
    assert was_within(1, began)
