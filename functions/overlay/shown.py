"""A push as the page gets it: of what a module answered, what can be shown, bounded.

One JSON object, the same in the answer to `state` and in a frame of a socket:

    {"n": 12, "before": 9, "source": "ticker", "kind": "ticker", "at": 1795888800.25,
     "until": 1795888920.25, "seconds": 10, …}

`n` counts per community, so a source has gaps; `before` is the number before it of this source, 0
where that is not known. A page whose last is smaller has missed something. `at` and `until` are
unix seconds: what is past `until` is not begun any more. `seconds` is how long it stays, 0 until
the next one comes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from functions.overlay.clean_html import clean_html, is_seen_html
from functions.overlay.countdown import countdown
from functions.overlay.cut import cut_line, cut_text
from functions.overlay.goals import goal_told
from functions.overlay.poll import poll
from functions.overlay.shown_files import address_of, shown_file
from waddlebot.domain.event_list import FORGET, LISTED, sign_of
from waddlebot.domain.overlay_players import played_by
from waddlebot.domain.overlay_pushes import (
    COUNTDOWN,
    MEDIA_SECONDS,
    MOST_SECONDS,
    POLL,
    SECONDS,
    TOLD_BY,
    content_of,
    control_of,
    is_music,
    is_one_of,
    length_of,
    number_of,
    seconds_of,
)
from waddlebot.domain.overlay_themes import THEMES
from waddlebot.domain.unseen import is_blank
from waddlebot.stores.overlays import NumberedPush

MOST_TICKER_CHARACTERS = 200
MOST_TEXT_CHARACTERS = 2000
MOST_NAME_CHARACTERS = 120
MOST_MESSAGE = 300
MOST_INLINE_BYTES = 24_000
"""Of HTML; what is longer has an address instead, so that a frame has at most 32 kB."""
MOST_FIELDS = 12
MOST_NEXT = 3

STYLES = frozenset({"info", "success", "warning", "urgent", "default"})
ALERTS = frozenset({"follow", "sub", "resub", "gift", "cheer", "raid", "donation", "join", "boost"})
PRIORITIES = {"urgent": 1, "high": 1, "normal": 5, "medium": 5, "low": 10}
NOTHING = "nothing"
"""Of an answer in which there is nothing to be seen: its number counts, and no card stays empty."""
_SEEN = (
    *("text", "title", "name", "html", "fields", "url", "art", "artist", "image", "address"),
    *("line", "file"),
)
USUAL_PRIORITY = 5
"""1 comes first, 10 last."""

Shown = dict[str, Any]
Content = Mapping[str, Any]


def shown(push: NumberedPush) -> Shown:
    """As above, with the fields of its kind."""
    content = content_of(push.content)
    words = _control(push.content) or _SOURCES[push.source](content)
    if not control_of(push.content) and not any(_is_seen(words.get(name)) for name in _SEEN):
        words |= {"kind": NOTHING, "seconds": 0}
    html = words.pop("html", "")
    return {
        "n": push.number,
        "before": push.before,
        "source": push.source,
        "at": push.made_at.timestamp(),
        "until": push.expires_at.timestamp(),
        **_looks(content),
        **words,
        **_of_its_module(push.content, words),
        **_whose(push.content),
        **({} if push.goals is None else {"goals": [goal_told(one) for one in push.goals]}),
        **(_framed(html, push.number) if html else {}),
    }


def html_of(push: NumberedPush) -> str:
    """What stands at the address of a long one; empty where it is no HTML."""
    content = content_of(push.content)
    is_html = push.source == "general" and content.get("content_type") == "html"
    return clean_html(str(content.get("content", ""))) if is_html else ""


def _control(wire: Content) -> Shown | None:
    """One of CONTROLS, of the house alone."""
    asked = control_of(wire)
    of = {"of": wire.get("of", "")} if asked == FORGET else {}
    return {"kind": asked, "seconds": 0, **of} if asked else None


def _of_its_module(wire: Content, words: Shown) -> Shown:
    """Ids are a module's own: another's poll never takes the place of one."""
    return {POLL: f"{wire.get(TOLD_BY, '')}:{words[POLL]}"} if POLL in words else {}


def _whose(wire: Content) -> Shown:
    """Of an event of the house; `of` is empty where nobody is named."""
    return {LISTED: True, "of": sign_of(str(wire[LISTED]))} if LISTED in wire else {}


def _ticker(content: Content) -> Shown:
    return {
        "kind": "ticker",
        "text": _line(content.get("ticker_text"), most=MOST_TICKER_CHARACTERS),
        "seconds": seconds_of(content.get("ticker_duration"), SECONDS) or SECONDS,
        "priority": _priority(content.get("priority")),
    }


def _media(content: Content) -> Shown:
    art = (content.get(name) for name in ("album_art", "thumbnail_url"))
    url = address_of(content.get("media_url"))
    player, video = played_by(url)
    return {
        "kind": "media",
        "media_type": _text(content, "media_type") or "music",
        "music": is_music(content),
        "url": url,
        **({"player": player, "video": video} if player else {}),
        "art": next(filter(None, map(address_of, art)), ""),
        **{
            name: _text(content, name)
            for name in ("title", "artist", "album", "service", "requested_by")
        },
        "progress": length_of(content.get("progress")),
        "duration": length_of(content.get("duration")),
        "paused": content.get("paused") is True,
        "seconds": _media_seconds(content),
        "next": _next(content.get("queue")),
    }


def _media_seconds(content: Content) -> int:
    """To its end; 0 while it is held."""
    if content.get("paused") is True:
        return 0
    left = length_of(content.get("duration")) - length_of(content.get("progress"))
    return min(int(left) + 1, MOST_SECONDS) if left > 0 else MEDIA_SECONDS


def _next(queue: object) -> list[Shown]:
    songs = [one for one in queue if isinstance(one, Mapping)] if isinstance(queue, list) else []
    return [
        {name: _text(song, name) for name in ("title", "artist", "requested_by")}
        for song in songs[:MOST_NEXT]
    ]


def _general(content: Content) -> Shown:
    asked = str(content.get("content_type", "text")).casefold()
    kind = asked if asked in _KINDS else "text"
    return {
        "kind": kind,
        "seconds": seconds_of(content.get("duration"), SECONDS),
        **_KINDS[kind](content),
    }


def _html(content: Content) -> Shown:
    html = clean_html(str(content.get("content", "")))
    return {"html": html if is_seen_html(html) else ""}


def _words(content: Content) -> Shown:
    return {"text": _text(content, "content", most=MOST_TEXT_CHARACTERS)}


def _announcement(content: Content) -> Shown:
    return {"title": _text(content, "title"), **_words(content)}


def _alert(content: Content) -> Shown:
    """`type` stands in its style, as the specification has it, or beside it. Without one it claims
    none: nobody is told of a follower who is not there.

    What the house makes of an event has a `line` with places (`{name} raids with {amount}`), which
    the page fills; beside it stand the words of whoever it tells of. `own_style`: it is not in the
    colour of its kind.
    """
    style = _word(_style(content).get("type"))
    asked = (style, _word(content.get("type")))
    line = _line(content.get("line"), most=MOST_TICKER_CHARACTERS)
    return {
        "alert": next((one for one in asked if is_one_of(one, ALERTS)), "alert"),
        **{name: _text(content, name) for name in ("name", "amount", "tier", "platform")},
        "line": line,
        "image": address_of(content.get("image_url")),
        "sound": address_of(content.get("sound_url")),
        "priority": _priority(content.get("priority")),
        "own_style": bool(line) and is_one_of(style, STYLES),
        **({"text": _text(content, "message", most=MOST_MESSAGE)} if line else _words(content)),
    }


def _form(content: Content) -> Shown:
    """To be looked at: in OBS nobody fills it in, so that it says where one does."""
    fields = content.get("form_fields")
    fields = [one for one in fields if isinstance(one, Mapping)] if isinstance(fields, list) else []
    return {
        "title": _text(content, "form_title") or _text(content, "content"),
        "text": _text(content, "form_description", most=MOST_TEXT_CHARACTERS),
        "fields": [_field(one) for one in fields[:MOST_FIELDS]],
        "address": address_of(content.get("form_submit_url")),
    }


def _field(field: Mapping[str, Any]) -> Shown:
    return {
        "label": _text(field, "label") or _text(field, "name"),
        "type": _text(field, "type") or "text",
        "required": field.get("required") is True,
    }


def _framed(html: str, number: int) -> Shown:
    """Counted as it stands in a frame, with JSON's own signs."""
    is_long = len(json.dumps(html, ensure_ascii=False).encode()) > MOST_INLINE_BYTES
    return {"html_at": f"html-{number}"} if is_long else {"html": html}


def _looks(content: Content) -> Shown:
    style = _style(content)
    asked, theme = _word(style.get("type")), _word(style.get("theme"))
    return {
        "style": asked if is_one_of(asked, STYLES) else "info",
        "theme": theme if is_one_of(theme, frozenset(THEMES)) else "",
    }


def _style(content: Content) -> Mapping[str, Any]:
    """A word, or `{"type", "theme"}`."""
    style = content.get("style")
    return style if isinstance(style, Mapping) else {"type": style}


def _word(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value


def _priority(asked: object) -> int:
    word = _word(asked)
    if isinstance(word, str) and word in PRIORITIES:
        return PRIORITIES[word]
    return min(max(int(number_of(asked, USUAL_PRIORITY)), 1), 10)


def _text(content: Mapping[str, Any], name: str, *, most: int = MOST_NAME_CHARACTERS) -> str:
    """A number is as good as its figures."""
    value = content.get(name)
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return cut_text(str(value)[: 2 * most], most) if is_plain else ""


def _line(value: object, *, most: int) -> str:
    """Whatever breaks it stands for a space."""
    return cut_line(value, most) if isinstance(value, str) else ""


def _is_seen(value: object) -> bool:
    return not is_blank(value) if isinstance(value, str) else bool(value)


_SOURCES: Mapping[str, Callable[[Content], Shown]] = {
    "ticker": _ticker,
    "media": _media,
    "general": _general,
}
_KINDS: Mapping[str, Callable[[Content], Shown]] = {
    "html": _html,
    "text": _words,
    "form": _form,
    "alert": _alert,
    "announcement": _announcement,
    "image": shown_file,
    "sound": shown_file,
    COUNTDOWN: countdown,
    POLL: poll,
}
