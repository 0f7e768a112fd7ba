"""What a module that reaches out gets with each call: it looks, asks, and keeps, in this order.

@command("play <words>", "Play a song.", example="play yesterday")
def play(call: Call, reach: Reach[Songs]) -> Chat:
    liked = reach.look(lambda songs: songs.liked())
    found = read_song(reach.ask(search_for(call.arguments["words"], liked)))
    reach.keep(lambda songs: songs.add(found))
    return Chat(f"{found.title} is next.")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from waddlebot.outside.client import ServiceAnswer, ServiceCall
from waddlebot.outside.errors import OutsideFailed, may_have_happened
from waddlebot.runtime.module_transactions import transaction
from waddlebot.runtime.resources import Resources
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.module import Module

Store = TypeVar("Store")
Told = TypeVar("Told")

MARGIN = timedelta(seconds=0.5)
"""Left of the call's time to say what came of it, and to keep that."""


class ReachMisused(Exception):
    """The sentence is for the module's developer."""


@dataclass(slots=True, kw_only=True)
class Reach(Generic[Store]):
    """The tools of one call. `build` makes the module's own store of a connection.

    `note_asking` is called before the first thing is asked for that must not be done twice;
    `is_noted` says that it was; `is_unsure`: such a thing may have been done.
    """

    module: Module[Any]
    build: Callable[[Connection], Store]
    ours: Resources
    deadline: datetime
    note_asking: Callable[[], None] = lambda: None
    is_unsure: bool = False
    is_noted: bool = False
    _kept: ExitStack = field(default_factory=ExitStack)
    _connection: Connection | None = None

    def look(self, read: Callable[[Store], Told]) -> Told:
        """What stands in the module's own tables, in a short transaction; when `keep` has begun, in
        that one. Raises Unavailable.
        """
        if self._connection is not None:
            return read(self.build(self._connection))
        with transaction(self.ours.postgres) as connection:
            return read(self.build(connection))

    def ask(self, asked: ServiceCall) -> ServiceAnswer:
        """No connection of ours is held meanwhile; nobody waits longer than the call may take.

        Whoever has no sentence of its own for a failure lets it pass: then people read which
        service it was, or that nobody knows whether it went through.

        Raises:
            OutsideFailed: as `OutsideClient.ask`.
            ReachMisused: of a host that the module does not declare, or when `keep` has begun.
        """
        self._check(asked)
        is_once = not (asked.harmless or self.module.repeatable)
        if is_once and not self.is_noted:
            self.note_asking()
            self.is_noted = True
        self.ours.postgres.close()
        was_unsure, self.is_unsure = self.is_unsure, self.is_unsure or is_once
        try:
            return self.ours.outside.ask(asked, deadline=self.deadline - MARGIN)
        except OutsideFailed as error:
            if not may_have_happened(error):
                self.is_unsure = was_unsure
            raise

    def secret(self, variable: str) -> str:
        """Raises MissingVariable where the operator has not set it."""
        if variable not in self.module.secrets:
            raise ReachMisused(f"{self.module.name} declares no secret {variable!r}: name it there")
        return self.ours.secret(variable)

    def keep(self, effect: Callable[[Store], Told]) -> Told:
        """Begins the transaction that keeps the answer too: `effect` happens with it, or not.

        What it gives back may be said; nothing is asked outside any more. Raises Unavailable.
        """
        return effect(self.build(self.connection()))

    def connection(self) -> Connection:
        """Of the transaction in which all is kept, which begins here if it has not."""
        if self._connection is None:
            self._connection = self._kept.enter_context(transaction(self.ours.postgres))
        return self._connection

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """What is kept inside is committed when this is left, and undone on an error."""
        try:
            with self._kept:
                yield
        finally:
            self._connection = None

    def _check(self, asked: ServiceCall) -> None:
        url = urlsplit(asked.url)
        if self._connection is not None:
            raise ReachMisused(f"{self.module.name} asks {url.hostname} after `keep`: ask before")
        if url.scheme != "https" or url.hostname not in self.module.outside:
            raise ReachMisused(
                f"{self.module.name} declares no https://{url.hostname}: name it in `outside`"
            )
