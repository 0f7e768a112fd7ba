"""Which address is played by which of the platforms' own visible players, and where these are.

YouTube: "YouTube Embedded Players and Player Parameters"; Twitch: "Embedding Video and Clips".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, urlsplit

YOUTUBE = "youtube"
TWITCH = "twitch"
PLAYERS_AT = {YOUTUBE: "WADDLEBOT_YOUTUBE_PLAYER", TWITCH: "WADDLEBOT_TWITCH_PLAYER"}
"""Settings: the origin of a player that is elsewhere, as a stand-in's."""
_USUAL = {YOUTUBE: "https://www.youtube-nocookie.com", TWITCH: "https://clips.twitch.tv"}
_ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?")
_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
_CLIP = re.compile(r"[A-Za-z0-9_-]{1,100}")
_OF_VIDEOS = frozenset({"www.youtube.com", "youtube.com", "m.youtube.com", "music.youtube.com"})
_OF_CHANNELS = frozenset({"www.twitch.tv", "twitch.tv", "m.twitch.tv"})
_IN_PATHS = frozenset({"shorts", "embed", "live"})


def wrong_players(settings: Mapping[str, str]) -> str:
    """What is wrong with where they are said to be, in a sentence; empty where nothing is."""
    for at in PLAYERS_AT.values():
        said = settings.get(at, "")
        if said and not _ORIGIN.fullmatch(said.rstrip("/")):
            return f"{at}={said[:80]} is no origin; write it as {_USUAL[YOUTUBE]}, without a path."
    return ""


def player_origins(settings: Mapping[str, str]) -> dict[str, str]:
    """By player. What is set and is no origin is passed over: it goes into a policy."""
    asked = {name: settings.get(at, "").rstrip("/") for name, at in PLAYERS_AT.items()}
    return {
        name: asked[name] if _ORIGIN.fullmatch(asked[name]) else usual
        for name, usual in _USUAL.items()
    }


def played_by(address: str) -> tuple[str, str]:
    """The player and what it calls this; both empty where none of them plays it."""
    try:
        url = urlsplit(address)
        host = url.hostname or ""
    except ValueError:
        return "", ""
    video, clip = _video(host, url), _clip(host, url)
    if _VIDEO.fullmatch(video):
        return YOUTUBE, video
    return (TWITCH, clip) if _CLIP.fullmatch(clip) else ("", "")


def _video(host: str, url: SplitResult) -> str:
    first, *more = url.path.strip("/").split("/")
    if host == "youtu.be":
        return first
    if host not in _OF_VIDEOS:
        return ""
    if first == "watch":
        return parse_qs(url.query).get("v", [""])[0]
    return more[0] if first in _IN_PATHS and more else ""


def _clip(host: str, url: SplitResult) -> str:
    parts = url.path.strip("/").split("/")
    if host == "clips.twitch.tv":
        return parts[0] if len(parts) == 1 and parts[0] != "embed" else ""
    is_clip = host in _OF_CHANNELS and len(parts) == 3 and parts[1] == "clip"
    return parts[2] if is_clip else ""
