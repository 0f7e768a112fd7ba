"""Who is where, and for how long: by frames as Discord sends them, and a clock of our own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gateway_bot.connections.discord_voices import VOICE_STATE, Voices
from waddlebot.domain.events import MessageType
from waddlebot.platforms.discord.events import read_gateway

GUILD, IDLE = "10", "99"
LOUNGE, GAMES = "11", "12"


@dataclass(slots=True)
class Talk:
    """`goes` says what an event each frame became: its kind, and minutes where there are."""

    voices: Voices = field(default_factory=Voices)
    now: float = 1_000.0
    frames: int = 0

    def __post_init__(self) -> None:
        self.voices.learn({"id": GUILD, "afk_channel_id": IDLE, "voice_states": []}, self.now)

    def goes(self, who: str, channel: str | None, *, bot: bool = False) -> list[Any]:
        self.frames += 1
        payload = {
            "guild_id": GUILD,
            "channel_id": channel,
            "user_id": who,
            "session_id": f"s{who}",
            "member": {"user": {"id": who, "username": f"user{who}", "bot": bot}},
        }
        told = self.voices.turns(payload, frame=f"session:{self.frames}", now=self.now)
        return [_told(name, one) for name, one in told]

    def later(self, seconds: float) -> None:
        self.now += seconds


def _told(name: str, payload: dict[str, Any]) -> Any:
    frame = {"op": 0, "t": name, "d": payload}
    event = read_gateway(frame, now=datetime.now(UTC)).event
    assert event is not None
    if event.type is MessageType.VOICE_TIME:
        return event.data["minutes"]
    return event.type.removeprefix("voice_")


def test_coming_and_going_are_told_and_a_mute_is_not() -> None:
    talk = Talk()
    assert talk.goes("1", LOUNGE) == ["join"]
    assert talk.goes("1", LOUNGE) == []
    assert talk.goes("1", GAMES) == ["leave", "join"]
    assert talk.goes("1", None) == ["leave"]
    assert talk.goes("1", None) == ["leave"]  # of somebody who was there before we were


def test_full_minutes_in_company_count_and_time_alone_does_not() -> None:
    talk = Talk()
    talk.goes("1", LOUNGE)
    talk.later(600)  # alone
    talk.goes("2", LOUNGE)
    talk.later(179)
    assert talk.goes("2", None) == ["leave", 2]
    talk.later(600)  # alone again
    talk.goes("3", LOUNGE)
    talk.later(61)
    assert talk.goes("1", GAMES) == ["leave", 4, "join"]
    talk.later(600)
    assert talk.goes("3", None) == ["leave", 1]


def test_a_bot_is_no_company_and_idling_is_no_talk() -> None:
    talk = Talk()
    talk.goes("1", LOUNGE)
    talk.goes("7", LOUNGE, bot=True)
    talk.later(300)
    assert talk.goes("1", None) == ["leave"]
    for who in ("1", "2"):
        talk.goes(who, IDLE)
    talk.later(300)
    assert talk.goes("1", None) == ["leave"]


def test_whoever_is_there_already_counts_from_when_we_came() -> None:
    talk = Talk()
    states = [{"user_id": who, "channel_id": LOUNGE} for who in ("1", "2")]
    talk.voices.learn({"id": GUILD, "voice_states": states}, talk.now)
    talk.later(120)
    talk.voices.learn({"id": GUILD, "voice_states": states}, talk.now)  # told again
    assert talk.goes("1", None) == ["leave", 2]
    talk.voices.learn({"id": GUILD, "voice_states": []}, talk.now)
    assert talk.goes("2", LOUNGE) == ["join"]


def test_what_is_kept_goes_on_in_another_process_and_a_repeated_frame_is_the_same_event() -> None:
    talk = Talk()
    talk.goes("1", LOUNGE)
    talk.goes("2", LOUNGE)
    talk.later(60)
    kept = msgspec.json.encode(talk.voices)
    ids = []
    for _ in range(2):
        talk.voices = msgspec.json.decode(kept, type=Voices)
        payload = {"guild_id": GUILD, "channel_id": None, "user_id": "1", "session_id": "s1"}
        told = list(talk.voices.turns(payload, frame="session:9", now=talk.now))
        assert told[0][0] == VOICE_STATE
        events = [read_gateway({"op": 0, "t": n, "d": d}, now=datetime.now(UTC)) for n, d in told]
        ids.append([one.event.id for one in events if one.event])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2


MOVES = st.lists(
    st.tuples(
        st.sampled_from("123"), st.sampled_from((LOUNGE, GAMES, IDLE, None)), st.integers(0, 500)
    ),
    max_size=30,
)


@given(moves=MOVES)
def test_nobody_is_given_more_time_than_there_was(moves: list[tuple[str, str | None, int]]) -> None:
    talk, minutes = Talk(), dict.fromkeys("123", 0)
    for who, channel, seconds in moves:
        minutes[who] += sum(one for one in talk.goes(who, channel) if isinstance(one, int))
        talk.later(seconds)
    for who in "123":
        minutes[who] += sum(one for one in talk.goes(who, None) if isinstance(one, int))
    assert all(0 <= one * 60 <= talk.now - 1_000.0 for one in minutes.values())
