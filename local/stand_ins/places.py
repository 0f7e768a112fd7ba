"""Where people talk at the stand-ins: one community's places, and as many more as tests ask for."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from local.stand_ins.people import stable_number
from waddlebot.domain.entities import EntityId, channel_entity

PLATFORMS = ("discord", "slack", "twitch")
_KEPT = 10_000
SERVERS = {"discord": "201000000000000001", "slack": "T0WADDLEBOT", "twitch": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInPlace:
    """`private_with` is the one person of a direct message, `parent` the channel of a thread."""

    platform: str
    server: str | None
    channel: str
    name: str
    private_with: str | None = None
    parent: str | None = None

    @property
    def entity_id(self) -> EntityId:
        return channel_entity(self.platform, self.channel, server=self.server)


_FIRST = (
    ("discord", "202000000000000001", "general"),
    ("discord", "202000000000000002", "moderators"),
    ("slack", "C0GENERAL", "general"),
    ("slack", "C0MODERATORS", "moderators"),
    ("twitch", "1001", "waddlebot"),
)


class StandInPlaces:
    def __init__(self) -> None:
        self._places = [
            StandInPlace(platform=platform, server=SERVERS[platform], channel=channel, name=name)
            for platform, channel, name in _FIRST
        ]
        self._direct: dict[tuple[str, str], StandInPlace] = {}
        self._strange: OrderedDict[tuple[str, str], StandInPlace] = OrderedDict()

    def known(self) -> list[StandInPlace]:
        return list(self._places)

    def on(self, platform: str, server: str | None) -> list[StandInPlace]:
        return [p for p in self._places if (p.platform, p.server) == (platform, server)]

    def home(self, platform: str) -> StandInPlace:
        return next(place for place in self._places if place.platform == platform)

    def find(self, platform: str, channel: str) -> StandInPlace | None:
        """By the platform's id of the channel, or by its name; direct messages by id only."""
        named = (
            p for p in self._places if p.platform == platform and channel in (p.channel, p.name)
        )
        direct = (
            p for p in self._direct.values() if p.platform == platform and p.channel == channel
        )
        strange = self._strange.get((platform, channel))
        return next(named, None) or next(direct, None) or strange

    def meet(
        self, platform: str, channel: str, *, server: str | None, private_with: str | None = None
    ) -> StandInPlace:
        """The place with this id, made where a delivery that was signed by hand tells of it."""
        known = self.find(platform, channel)
        if known:
            return known
        place = StandInPlace(
            platform=platform,
            server=server,
            channel=channel,
            name=channel,
            private_with=private_with,
        )
        self._strange[platform, channel] = place
        if len(self._strange) > _KEPT:
            self._strange.popitem(last=False)
        return place

    def open(
        self, platform: str, channel: str | None, server: str | None
    ) -> tuple[StandInPlace, bool]:
        """The place meant, made where it is new; True tells that it was made just now."""
        found = self._meant(platform, channel, server)
        if found:
            return found, False
        place = StandInPlace(
            platform=platform,
            server=server or SERVERS[platform],
            channel=_channel_id(platform, channel or "general"),
            name=channel or "general",
        )
        self._places.append(place)
        return place, True

    def thread(self, platform: str, name: str, within: StandInPlace) -> tuple[StandInPlace, bool]:
        """As `open`: a thread of a channel, or a post of a forum."""
        found = self.find(platform, name)
        if found:
            return found, False
        place = StandInPlace(
            platform=platform,
            server=within.server,
            channel=_channel_id(platform, name),
            name=name,
            parent=within.channel,
        )
        self._places.append(place)
        return place, True

    def direct(self, platform: str, user_id: str) -> StandInPlace:
        """The private conversation of this person with the bot."""
        key = (platform, user_id)
        if key not in self._direct:
            self._direct[key] = _direct_place(platform, user_id)
        return self._direct[key]

    def _meant(self, platform: str, channel: str | None, server: str | None) -> StandInPlace | None:
        if channel is None and server is None:
            return self.home(platform)
        place = self.find(platform, channel or "general")
        return place if place and server in (None, place.server) else None


def _channel_id(platform: str, name: str) -> str:
    """A name that looks like the platform's own id is taken as one."""
    digits = platform in ("discord", "twitch")
    if name.isdigit() if digits else (name[:1] == "C" and name.isupper()):
        return name
    number = stable_number(name)
    return {
        "discord": f"2030000{number:011d}",
        "slack": f"C1{number}",
        "twitch": f"5{number:011d}",
    }[platform]


def _direct_place(platform: str, user_id: str) -> StandInPlace:
    number = stable_number(user_id)
    channel = {
        "discord": f"2040000{number:011d}",
        "slack": f"D0{number}",
        "twitch": f"whisper-{user_id}",
    }[platform]
    return StandInPlace(
        platform=platform,
        server=SERVERS["slack"] if platform == "slack" else None,
        channel=channel,
        name="direct message",
        private_with=user_id,
    )
