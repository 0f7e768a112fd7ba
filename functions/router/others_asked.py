"""What texts of custom commands say that other functions are asked for."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import msgspec

from functions.router.destinations.lambda_function import call_function
from waddlebot.domain.custom_facts import Fact, StreamFacts
from waddlebot.domain.entities import parse_entity
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.fetches import Fetch, FetchAnswers, Fetched, Fetching
from waddlebot.domain.seen_channels import SeenChannel, seen_channel
from waddlebot.domain.sessions import Session
from waddlebot.domain.twitch_silences import LATER
from waddlebot.runtime.invoke import Invoker
from waddlebot_sdk.calls import Call
from waddlebot_sdk.wire_texts import NotAResponse

TWITCH, TWITCH_VERSION, FETCH, MEMORIES = "ask-twitch", 1, "fetch", "memories"
QUOTE = "quote"
PATIENCE = timedelta(seconds=3)
MOST_TOGETHER = timedelta(seconds=4.5)
"""Less than a command may take that asks others (custom_commands.ASKING_SECONDS)."""
NOT_THERE = "only in Twitch's chat"
NOBODY = "nobody answers for now"
OFF = "quotes are switched off here"

log = logging.getLogger(__name__)


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    stream: StreamFacts | None = None
    why: str = LATER
    is_none: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OthersAsked:
    """Of one call; no method raises, and after `until` nobody is waited for."""

    invoke: Invoker
    session: Session
    until: datetime = field(default_factory=lambda: datetime.now(UTC) + MOST_TOGETHER)

    def stream(self, wanted: Sequence[str]) -> StreamFacts | str:
        """What Twitch says of the channel, or in half a sentence why it is not known."""
        place = parse_entity(self.session.spot.entity)
        if place.platform != "twitch" or not place.channel:
            return NOT_THERE
        person = self.session.person
        return self.stream_at(place.channel, wanted, user=person.id if person else "")

    def stream_at(
        self, channel: str, wanted: Sequence[str], *, user: str = "", login: str = ""
    ) -> StreamFacts | str:
        """The same of a channel by its id, wherever it is asked; who follows is named by either."""
        whom = {"person": login} if login else {"user": user}
        return self._stream({"channel": channel, **whom, "wanted": list(wanted)})

    def stream_of(self, login: str) -> StreamFacts | str:
        """The same of any channel, by its login."""
        return self._stream({"login": login, "wanted": [Fact.STREAM]})

    def seen(self, asked: str, *, is_login: bool) -> SeenChannel:
        """A channel by its login or its id, as a module is told of it."""
        named = "login" if is_login else "channel"
        told = self._told({named: asked, "wanted": [Fact.STREAM, Fact.CLIPS]})
        return seen_channel(asked, told.stream, is_none=told.is_none)

    def _stream(self, about: Mapping[str, object]) -> StreamFacts | str:
        told = self._told(about)
        return told.stream or told.why

    def _told(self, about: Mapping[str, object]) -> _Told:
        try:
            answer = self._asked(TWITCH, {"v": TWITCH_VERSION, **about})
            return msgspec.json.decode(answer, type=_Told)
        except (Unavailable, msgspec.DecodeError) as error:
            log.warning("nobody says what runs on a channel", extra={"error": str(error)})
            return _Told()

    def quote(self, call: Call, typed: str) -> Fetched:
        """One of the community's, as its own command says it."""
        if {MEMORIES, f"!{QUOTE}"} & (self.session.community.disabled | self.session.spot.disabled):
            return Fetched(why=OFF)
        asked = replace(
            call,
            execution_id=f"{call.execution_id}:{QUOTE}:{typed}"[:200],
            command=QUOTE,
            text=typed,
            arguments={},
            config=self.session.community.settings.get(MEMORIES, {}),
            deadline=self._deadline(),
        )
        try:
            answered = call_function(self.invoke, MEMORIES, asked)
        except (Unavailable, NotAResponse) as error:
            log.warning("nobody says a quote", extra={"error": str(error)})
            return Fetched(why=NOBODY)
        texts = (getattr(one, "text", "") for one in answered.responses)
        return Fetched(text=next((text for text in texts if text), ""))

    def fetched(self, fetches: Sequence[Fetch]) -> Sequence[Fetched]:
        """In their order."""
        asked = Fetching(community=self.session.community.id, fetches=list(fetches))
        try:
            answer = self._asked(FETCH, asked)
            told = msgspec.json.decode(answer, type=FetchAnswers).fetched
        except (Unavailable, msgspec.DecodeError) as error:
            log.warning("nobody fetches texts", extra={"error": str(error)})
            told = []
        return [*told, *(Fetched(why=NOBODY) for _ in fetches[len(told) :])][: len(fetches)]

    def _asked(self, function: str, payload: object) -> bytes:
        asked = msgspec.json.encode(payload)
        return self.invoke.call(function, asked, deadline=self._deadline())

    def _deadline(self) -> datetime:
        return min(datetime.now(UTC) + PATIENCE, self.until)
