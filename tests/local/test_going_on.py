"""What goes on for as long as the house stands outlives an error, and the person reads of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from local.children import Child
from local.clock import Clock
from local.plane import DataPlane
from local.watch import keep_up
from tests.helpers.patience import in_the_loop


def test_a_schedule_whose_call_fails_is_called_again_and_the_others_go_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    woken: list[str] = []

    async def wake(function: str) -> None:
        woken.append(function)
        if function == "upkeep-cold":
            raise RuntimeError("no file left")

    async def go_on() -> None:
        schedules = [("upkeep-cold", 0), ("upkeep-late-records", 0)]
        clock = asyncio.create_task(Clock(schedules=schedules, wake=wake).run())
        await in_the_loop(lambda: clock.done() or len(woken) > 6)
        clock.cancel()

    asyncio.run(go_on())
    assert woken.count("upkeep-cold") > 1
    assert woken.count("upkeep-late-records") > 1
    said = capsys.readouterr().err
    assert "upkeep-cold could not be called: no file left" in said
    assert "upkeep-late-records" not in said


def test_a_child_that_cannot_be_begun_is_begun_again_and_the_reason_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.children.FIRST_PAUSE_SECONDS", 0.01)
    said: list[str] = []
    log = tmp_path / "gateway.log"
    log.mkdir()

    def say(_part: str, _seconds: float, words: str) -> None:
        said.append(words)
        if log.is_dir():
            log.rmdir()

    child = Child(module="json.tool", environment={}, log=log, say=say)

    async def go_on() -> None:
        running = asyncio.create_task(child.keep_running())
        await in_the_loop(lambda: running.done() or len(said) > 1)
        running.cancel()

    asyncio.run(go_on())
    assert "Is a directory" in said[0]
    assert "ended (code 1)" in said[1]


def test_servers_are_looked_after_again_after_an_error_nobody_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.watch.LOOK_EVERY_SECONDS", 0.01)
    monkeypatch.setattr("local.watch.PAUSE_SECONDS", 0.01)
    looks: list[int] = []

    class Plane(DataPlane):
        def revive(self) -> dict[str, float]:
            looks.append(1)
            if len(looks) == 1:
                raise RuntimeError("can't start new thread")
            return {"postgres": 0.5} if len(looks) == 2 else {}

    said: list[str] = []

    async def look() -> None:
        plane = Plane(tmp_path, {}, lambda *_: None)
        watch = asyncio.create_task(keep_up(plane, lambda name, *_: said.append(name)))
        await in_the_loop(lambda: watch.done() or len(looks) > 2)
        watch.cancel()

    asyncio.run(look())
    assert said == ["postgres"]
    assert "can't start new thread" in capsys.readouterr().err
