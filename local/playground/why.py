"""Why the bot did what it did with one line, asked where it is on record, told in sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from local.playground.nearest import find_nearest
from local.stand_ins.people import PEOPLE
from waddlebot.domain import sayings
from waddlebot.domain.verdicts import Reason
from waddlebot_sdk.own_words import in_usual_words
from waddlebot_sdk.roles import Role

_PATIENCE_SECONDS = 5.0
_PAUSES_SECONDS = (0.1, 0.3, 0.6)
_PREFIXES = ("!", "#", "/")

UNKNOWN = "Nothing is on record about this line yet. Ask again in a moment."
NO_ANSWER = "The record does not answer just now; try again in a moment."
QUIET_LINE = "Nothing here asked for WaddleBot: the line was kept, and no command or rule fits it."


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyTold:
    """`hint` is what to try next; often there is none."""

    sentences: Sequence[str]
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReader:
    """`url` is the front's address; the key needs the scope of operations."""

    url: str
    api_key: str

    async def why(self, event_id: str) -> WhyTold:
        """Never raises for what the front answers or does not: whoever asks reads a sentence."""
        try:
            record = await self._ask_patiently(event_id)
        except (aiohttp.ClientError, TimeoutError):
            return WhyTold(sentences=[NO_ANSWER])
        return tell(record) if record else WhyTold(sentences=[UNKNOWN])

    async def _ask_patiently(self, event_id: str) -> Mapping[str, Any] | None:
        """An answer leaves before it is on record; who asks why at once waits for that."""
        record = await self._ask(event_id)
        for pause in _PAUSES_SECONDS:
            if record is not None:
                return record
            await asyncio.sleep(pause)
            record = await self._ask(event_id)
        return record

    async def _ask(self, event_id: str) -> Mapping[str, Any] | None:
        """What is on record; None where nothing is."""
        # Encoded by hand: an event id holds slashes that are no path.
        address = URL(f"{self.url}/api/operations/events/{quote(event_id, safe='')}", encoded=True)
        headers = {"authorization": f"Bearer {self.api_key}"}
        timeout = aiohttp.ClientTimeout(total=_PATIENCE_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=headers) as http,
            http.get(address) as answer,
        ):
            if answer.status == 404:
                return None
            answer.raise_for_status()
            record: Mapping[str, Any] = await answer.json()
            return record


def tell(record: Mapping[str, Any]) -> WhyTold:
    """`record` as the operations door answers: `{"message": {…} or null, "verdicts": [{…}]}`."""
    message, verdicts = record.get("message") or {}, record.get("verdicts") or []
    if not verdicts:
        return _nothing_ran(str(message.get("text") or ""))
    return WhyTold(sentences=[_words(verdict) for verdict in verdicts], hint=_who_else(verdicts))


def _words(verdict: Mapping[str, Any]) -> str:
    person = str(verdict.get("user_name") or "Somebody")
    return str(verdict.get("words") or in_usual_words(sayings.explain_row(verdict, person=person)))


def _nothing_ran(text: str) -> WhyTold:
    if not text.startswith(_PREFIXES):
        return WhyTold(sentences=[QUIET_LINE])
    typed = text.split(maxsplit=1)[0][:40]
    nearest = find_nearest(typed)
    return WhyTold(
        sentences=[
            f"No command here is called {typed}. In chat WaddleBot keeps silent about that."
        ],
        hint=f"Did you mean {nearest}?" if nearest else "!help lists what there is.",
    )


def _who_else(verdicts: Sequence[Mapping[str, Any]]) -> str:
    """Who of the three may do what this one may not."""
    for verdict in verdicts:
        if verdict["reason"] == Reason.ROLE:
            needed = Role(verdict["needed_role"])
            able = (person.name for person in PEOPLE.values() if person.role.covers(needed))
            return f"Try as {next(able)}."
    return ""
