"""What a custom command would say to somebody who is made up, and each step to it; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import msgspec

from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.domain.custom_facts import (
    Fact,
    Facts,
    FollowingFacts,
    PlaceAmongAll,
    SaidLately,
    StreamFacts,
    SubscriberFacts,
)
from waddlebot.domain.custom_meanings import Calling
from waddlebot.domain.custom_texts import Piece, Say, Told, Variable
from waddlebot.domain.custom_variables import tell
from waddlebot_sdk.roles import Role

MADE_UP = "Robin"
_STREAM = StreamFacts(
    name="The_Pond",
    login="the_pond",
    title="Waddling",
    game="Just Chatting",
    viewers=12,
    followers=1200,
    following=FollowingFacts(),
    subscribers=SubscriberFacts(total=50, points=60),
    emotes="pondWave pondHug",
)
_WHY = {
    Fact.QUOTE: "one of the quotes here",
    Fact.FETCHED: "what the server says",
    Fact.OTHER_CHANNEL: "what Twitch says of that channel",
}
_FACTS = Facts(
    standing=PlaceAmongAll(points=120, rank=3, ranked=40),
    stream=_STREAM,
    chatters=(MADE_UP,),
    why=_WHY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSaid:
    """`piece` is a variable as it is written, `value` what it came to."""

    piece: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`said` by the command; `steps` in the order in which they were done."""

    said: str
    steps: Sequence[StepSaid]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewSetting:
    """Where it would be typed, and when."""

    channel: str
    platform: str
    now: datetime
    zone: str
    chance: Random
    place: str = ""


@dataclass(slots=True)
class WouldCount:
    """Counts as the command would, from what stands there now, and keeps nothing."""

    counted: Mapping[str, int]
    added: dict[str, int] = field(default_factory=dict)

    def __call__(self, counter: str, by: int) -> int:
        if by:
            self.added.setdefault(counter, by)
        return self.counted.get(counter, 0) + self.added.get(counter, 0)


class _Steps(Told):
    def __init__(self, noted: list[StepSaid], say: Say, *told: object) -> None:
        super().__init__(say, *told)  # type: ignore[arg-type]
        self._noted = noted

    def _value(self, variable: Variable) -> str:
        value = super()._value(variable)
        self._noted.append(StepSaid(piece=written(variable), value=value))
        return value


def preview(
    command: CustomCommand,
    typed: str,
    setting: PreviewSetting,
    *,
    counted: Mapping[str, int],
    most: int,
) -> Preview:
    """As it would answer `MADE_UP`, who typed this behind it. Raises Refusal: of another release.

    What the house or a platform would be asked for is made up too.
    """
    calling = Calling(
        command=command.name,
        typed=typed,
        user=MADE_UP,
        user_id="1",
        level=Role.USER.value,
        channel=setting.channel,
        platform=setting.platform,
        now=setting.now,
        zone=setting.zone,
        chance=setting.chance,
        count=WouldCount(counted),
        place=setting.place,
        line="1",
        facts=_facts(setting.now),
    )
    steps: list[StepSaid] = []
    said = tell(command.text, calling, most=most, telling=_noting(steps))
    return Preview(said=said, steps=steps)


def _facts(now: datetime) -> Facts:
    """As if Robin had written an hour ago, and the stream run for two."""
    started, wrote = now - timedelta(hours=2), now - timedelta(hours=1)
    stream = msgspec.structs.replace(_STREAM, started_at=started)
    return replace(_FACTS, stream=stream, lately=SaidLately(text="Hello!", at=wrote))


def _noting(steps: list[StepSaid]) -> Callable[..., Told]:
    return lambda *told: _Steps(steps, *told)


def written(piece: Piece) -> str:
    """As it may be written: `$(1|friend)`."""
    if isinstance(piece, str):
        return piece
    given = "".join(map(written, piece.given))
    between = " " if given and not given[0].isspace() else ""
    otherwise = "" if piece.otherwise is None else "|" + "".join(map(written, piece.otherwise))
    return f"$({piece.name}{between}{given}{otherwise})"
