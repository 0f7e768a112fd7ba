"""Strangers' folders while the house runs: new code, new folders and gone ones, without a restart.

Nothing of them is imported here: a folder is read, copied, and its next call runs the copy.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from functions.catalogue import (
    builtin_modules,
    community_functions,
    house_modules,
    module_function,
)
from functions.community_functions import FOLDER, RefusedFolder, folders
from functions.declared_commands import declared_commands
from local.failed_deploys import failure_words
from local.lambda_service import LambdaService
from local.progress import complain
from local.wiring import local_function
from waddlebot_sdk.module import Module

LOOK_EVERY_SECONDS = 0.5
AGAIN_SECONDS = 3.0
SYNC = "upkeep-sync-commands"

State = tuple[tuple[str, int, int], ...]
"""Of each file: its path, when it changed (ns) and its size."""


@dataclass(slots=True, kw_only=True)
class CommunityFunctions:
    """`assets` is where copies lie; `say(function, seconds it took, words)` tells the person."""

    service: LambdaService
    assets: Path
    say: Callable[[str, float, str], None]
    _seen: dict[str, State] = field(default_factory=dict)
    _last: dict[str, State] = field(default_factory=dict)
    _modules: dict[str, Module[Any]] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    _synced: dict[str, Any] = field(default_factory=dict)
    _copies: int = 0
    _next_sync: float = 0.0
    _complained: str = ""

    def begin(self) -> None:
        """What is there now is what the house started with; what is not taken is said."""
        self._seen = self._last = states()
        for one in community_functions():
            if isinstance(one, RefusedFolder):
                complain(str(one))
                self._refused[one.name] = str(one)
            else:
                self._modules[one.name] = one
        self._synced = self._declared()

    async def follow(self) -> None:
        """For ever. `begin` comes first."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next change may do
                self._complain(f"{FOLDER}: {type(error).__name__}: {error}")

    def _complain(self, words: str) -> None:
        """Once, however often it is tried."""
        if words != self._complained:
            complain(words)
        self._complained = words

    async def look(self) -> None:
        """Takes what has changed and is at rest: somebody may be writing just now."""
        now = await asyncio.to_thread(states)
        is_at_rest, self._last = now == self._last, now
        changed = {name for name in {*now, *self._seen} if now.get(name) != self._seen.get(name)}
        if changed and is_at_rest:
            await self._take(changed)
            self._seen = now  # else it is taken again: it went while it was read
        elif not changed and time.monotonic() >= self._next_sync:
            await self._sync()

    async def _take(self, changed: set[str]) -> None:
        began, told = time.monotonic(), []
        self._refused = {name: why for name, why in self._refused.items() if name not in changed}
        while changed:
            in_force = dict(self._modules)
            found = {
                one.name: one
                for one in await asyncio.to_thread(community_functions, tuple(in_force.values()))
            }
            told += [self._take_one(name, found.get(name)) for name in sorted(changed)]
            # A word that somebody gave up is free for whoever was refused for it.
            changed = set(self._refused) if self._modules != in_force else set()
        await self._sync()
        for name, words in filter(None, told):
            self.say(name, time.monotonic() - began, words)

    async def _sync(self) -> None:
        """What cannot be entered now is tried again soon, and with the next change."""
        declared = self._declared()
        if declared == self._synced:
            return
        self._next_sync = time.monotonic() + AGAIN_SECONDS
        done = await self.service.invoke(SYNC, json.dumps(declared).encode())
        if done.function_error:
            self._complain(f"Commands are as they were: {failure_words(done.payload)}")
            return
        self._complained = ""
        self._synced = declared

    def _take_one(
        self, name: str, found: Module[None] | RefusedFolder | None
    ) -> tuple[str, str] | None:
        """What to say of it. What is not taken goes on as it was before."""
        if isinstance(found, RefusedFolder):
            if self._refused.get(name) != str(found):
                complain(str(found))
            self._refused[name] = str(found)
            return None
        self._refused.pop(name, None)
        if found is None:
            self.service.remove(name)
            return (name, "is gone") if self._modules.pop(name, None) else None
        self._copies += 1
        assets = self.assets / str(self._copies)
        self.service.put(local_function(module_function(found), {}, lambda_url="", assets=assets))
        is_new = name not in self._modules
        self._modules[name] = found
        return name, f"is there: {_typed(found)}" if is_new else "has changed"

    def _declared(self) -> dict[str, Any]:
        modules = sorted((*house_modules(), *self._modules.values()), key=lambda one: one.name)
        return declared_commands(modules, builtin_modules())


def states() -> dict[str, State]:
    """Of each folder that is not ours, by name."""
    return {folder.name: tuple(sorted(_files(folder))) for folder in folders()}


def _files(folder: Path) -> list[tuple[str, int, int]]:
    found = []
    for path in (folder, *folder.rglob("*")):
        if "__pycache__" in path.parts:
            continue
        try:
            stat = path.lstat()
        except FileNotFoundError:
            continue
        # A folder changes with the byte-code in it.
        when = 0 if path.is_dir() else stat.st_mtime_ns
        found.append((str(path), when, 0 if path.is_dir() else stat.st_size))
    return found


def _typed(module: Module[Any]) -> str:
    return ", ".join(f"{module.prefix}{one.usage}" for one in module.commands) or "it listens"


def forget_copies(assets: Path) -> None:
    """What an earlier start copied."""
    shutil.rmtree(assets, ignore_errors=True)
