"""Title and game of a channel, as its streamer sets them and everybody reads them.

Docs: "Get Channel Information", "Modify Channel Information", "Search Categories".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, json_answer
from local.stand_ins.people import StandInPerson
from local.stand_ins.places import StandInPlace
from local.stand_ins.twitch.helix_answers import error

MOST_TITLE = 140
CATEGORIES = {"509658": "Just Chatting", "743": "Chess", "494717": "Celeste"}
USUAL_TITLE, USUAL_GAME = "Waddling", "509658"


@dataclass(frozen=True, slots=True)
class StandInChannels:
    """Everybody has a channel, also where nobody has met there yet."""

    place: Callable[[str], StandInPlace | None]
    person: Callable[[str], StandInPerson | None]
    titles: dict[str, str] = field(default_factory=dict)
    games: dict[str, str] = field(default_factory=dict)
    """Ids, by the channel's."""

    async def show(self, request: AsgiRequest) -> AsgiAnswer:
        data = [
            {
                "broadcaster_id": channel,
                "broadcaster_login": login,
                "broadcaster_name": name,
                "game_id": self.games.get(channel, USUAL_GAME),
                "game_name": CATEGORIES[self.games.get(channel, USUAL_GAME)],
                "title": self.titles.get(channel, USUAL_TITLE),
            }
            for channel in request.query.get("broadcaster_id", [])
            for login, name in self._named(channel)
        ]
        return json_answer({"data": data})

    async def modify(self, request: AsgiRequest) -> AsgiAnswer:
        channel, change = request.ask("broadcaster_id"), request.fields()
        if not self._named(channel):
            return error(400, "Bad Request", "The broadcaster_id is not valid.")
        title, game = change.get("title"), change.get("game_id")
        if title is None and game is None:
            return error(400, "Bad Request", "The request must specify at least one parameter.")
        if title is not None and not 0 < len(str(title)) <= MOST_TITLE:
            return error(400, "Bad Request", "The title must be 1 to 140 characters long.")
        if game is not None and game not in CATEGORIES:
            return error(400, "Bad Request", "The game_id is not valid.")
        if title is not None:
            self.titles[channel] = str(title)
        if game is not None:
            self.games[channel] = str(game)
        return AsgiAnswer(status=204)

    def _named(self, channel: str) -> Sequence[tuple[str, str]]:
        """Login and name, where there is such a channel."""
        if place := self.place(channel):
            return [(place.name.lower(), place.name)]
        person = self.person(channel)
        return [(person.login, person.name)] if person else []

    async def search(self, request: AsgiRequest) -> AsgiAnswer:
        """What begins like any word of it, as Twitch finds more than was meant."""
        words = request.ask("query").casefold().split()
        found = [
            {"id": number, "name": name, "box_art_url": ""}
            for number, name in CATEGORIES.items()
            if any(word[:3] in name.casefold() for word in words)
        ]
        return json_answer({"data": found, "pagination": {}})
