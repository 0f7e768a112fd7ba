"""A line of chat as OBS shows it: who wrote it, and its words in parts; pages read no marks.

    {"platform": "twitch", "name": "Ana", "color": "#1e90ff", "badges": ["moderator"],
     "parts": [["text", "Hello "], ["emote", "twitch", "25", "Kappa"]]}

A page makes an address of an emote's platform and id; nobody sends one.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC

from waddlebot.domain.chat_box import line_name
from waddlebot.domain.chat_lines import ChatLine
from waddlebot.domain.entities import CommunityId, platform_of
from waddlebot.domain.events import Event
from waddlebot.domain.line_looks import LineLooks, decode_looks
from waddlebot.domain.sessions import Session
from waddlebot.domain.unseen import is_blank
from waddlebot.platforms.emoji_names import find_emoji
from waddlebot.platforms.mentions import Mentioned
from waddlebot_sdk.roles import Role

MOST_CHARACTERS = 500
MOST_NAME = 40
MOST_PARTS = 60
BADGES = (
    *("broadcaster", "staff", "admin", "global_mod", "lead_moderator", "moderator", "vip"),
    *("founder", "subscriber", "partner", "premium", "turbo", "artist-badge"),
)
"""Those of Twitch that are drawn; its others are pictures that only a question to it would find."""
COLORS = (
    *("#ff7a6b", "#ffb454", "#f2d74e", "#8fdc6a"),
    *("#4fd6c0", "#5cc8ff", "#9aa5ff", "#f28ad6"),
)
"""Of those who chose none: each has one of these, always the same."""
SPOILER = "[spoiler]"
SOMEBODY = "somebody"
"""Who has no name, or one that is not to be read here."""
Part = list[str]

_OF_ROLES = {Role.OWNER: "broadcaster", Role.ADMIN: "admin", Role.MODERATOR: "moderator"}
_DISCORD_EMOJI = re.compile(r"<a?:(\w{1,64}):(\d{1,20})>", re.ASCII)
_SPOILER = re.compile(r"\|\|.+?\|\|", re.DOTALL)
_NAMED_EMOJI = re.compile(r":[^\s:<>/]{1,100}(?:::skin-tone-[2-6])?:")
_WORDS = re.compile(r"(\s+)")


def line_of(session: Session, name: str, mentioned: Mapping[CommunityId, Mentioned]) -> ChatLine:
    """`name` is what the writer is called there, as `name_on_line` says."""
    event, platform = session.event, platform_of(session.event.entity)
    whose = f"{platform}:{event.user.id if event.user else ''}"
    looks, said = decode_looks(event.looks), mentioned.get(session.community.id, Mentioned())
    return ChatLine(
        name=line_name(event.entity, event.message or event.id),
        whose=whose,
        at=event.occurred_at.astimezone(UTC).timestamp(),
        shown={
            "at": event.occurred_at.timestamp(),
            "platform": platform,
            "name": name,
            "color": looks.color or COLORS[zlib.crc32(whose.encode()) % len(COLORS)],
            "badges": _badges(session, looks),
            "parts": list(parts_of(session, looks, said))[:MOST_PARTS],
        },
    )


def parts_of(session: Session, looks: LineLooks, mentioned: Mentioned) -> Iterator[Part]:
    """`["text", words]` or `["emote", platform, id, name]`; words are one line.

    What is hidden is hidden before it is cut, which would leave the first half of it open.
    """
    event, platform = session.event, platform_of(session.event.entity)
    if platform == "discord":
        hidden = _SPOILER.sub(SPOILER, event.text)[:MOST_CHARACTERS]
        yield from _of_discord(hidden, session, mentioned)
        return
    text = event.text[:MOST_CHARACTERS]
    if looks.emotes:
        yield from _of_twitch(text, looks)
    else:
        named = _NAMED_EMOJI.sub(lambda one: find_emoji(one[0]), text)
        yield from _words(_said(named if platform == "slack" else text, session, mentioned))


def _of_discord(text: str, session: Session, mentioned: Mentioned) -> Iterator[Part]:
    end = 0
    for found in _DISCORD_EMOJI.finditer(text):
        yield from _words(_said(text[end : found.start()], session, mentioned))
        yield ["emote", "discord", found[2], found[1]]
        end = found.end()
    yield from _words(_said(text[end:], session, mentioned))


def _of_twitch(text: str, looks: LineLooks) -> Iterator[Part]:
    words = ""
    for word in _WORDS.split(text):
        if word in looks.emotes:
            yield from _words(words)
            yield ["emote", "twitch", looks.emotes[word], word]
            words = ""
        else:
            words += word
    yield from _words(words)


def _said(text: str, session: Session, mentioned: Mentioned) -> str:
    """Whom it mentions, by name."""
    event, zone = session.event, session.community.time_zone
    return mentioned.said(text, on="", now=event.occurred_at, zone=zone)


def _words(text: str) -> Iterator[Part]:
    line = re.sub(r"\s+", " ", text)
    if line:
        yield ["text", line]


def _badges(session: Session, looks: LineLooks) -> list[str]:
    """What a platform has no sign for is told by what somebody may here."""
    worn = [one for one in BADGES if one in looks.badges]
    role = session.person.role if session.person else Role.USER
    return worn or ([_OF_ROLES[role]] if role in _OF_ROLES else [])


def name_on_line(session: Session, found: str = "") -> str:
    """What the writer is called: as was `found` where the event says an id, which is no name."""
    event, person = session.event, session.person
    name = found or (person.name if person else _user_name(event))
    is_name = bool(event.user and name != event.user.id and not is_blank(name))
    return name[:MOST_NAME] if is_name else SOMEBODY


def _user_name(event: Event) -> str:
    return event.user.name if event.user else ""
