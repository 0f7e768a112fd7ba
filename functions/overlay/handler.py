"""The pages of the three sources, their files, and what they show next.

    GET /{token}/ticker              the page; its style sheets and scripts lie below it
    GET /{token}/ticker/state?after  {"last": n, "now": unix seconds, "pushes": [as shown.py says]}
                                     of general also "goals", what the community counts towards,
                                     "events", its last (as listed.py says), and, asked with
                                     chat=n, "chat" (as chat.py says)
    GET /{token}/ticker/look.css     the community's theme and style sheet
    GET /{token}/general/html-12     HTML that is too long for a push: the twelfth, for a frame
    GET /overlay/{token}/ticker…     the same, also with the token that a community had for all

Nobody but the token's holder sees anything: a wrong one is 404, like a source that does not exist.
"""

from __future__ import annotations

import html
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from functions.overlay.chat import chat_told
from functions.overlay.goals import goal_told
from functions.overlay.listed import listed
from functions.overlay.look import look_of
from functions.overlay.nobodys import Nobodys
from functions.overlay.shown import html_of, shown
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Unavailable, WrongMethod
from waddlebot.domain.overlay_players import TWITCH, player_origins
from waddlebot.domain.overlays import OverlaySource
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.methods import as_asked, headers_of
from waddlebot.runtime.needs import MEDIA_ADDRESS, SOCKET_ADDRESSES
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.chat_lines import ChatLines
from waddlebot.stores.overlay_tokens import OverlayTokens
from waddlebot.stores.overlays import Overlays, is_token

STATE = "state"
LOOK = "look.css"
FONT = "inter.woff2"
"""Inter 4, latin letters, variable in weight; its licence stands beside it."""
HTML_AT = "html-"
HTML = "text/html; charset=utf-8"
KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
PAGE = Path(__file__).with_name("page")
FILES = {one.name: KINDS[one.suffix] for one in PAGE.iterdir() if one.suffix in KINDS}

OBS_HASH = "OCQWmCangqbSXppUuoKskNYpPNcPWwkkJ7RVgApkmjc="
"""Of the comment that stands where OBS writes a streamer's CSS (page/obs.js)."""
POLICY = "content-security-policy"
SELF = "'self'"


def _policy(socket: str = "", files: str = "", players: Mapping[str, str] | None = None) -> str:
    """Nothing but our own files and sockets, and pictures that modules name; no words of a chatter
    as anything but text; HTML of modules in frames alone, which run nothing and are nobody's; where
    media plays, players in their place. There the page is its own sandbox, and that of all within
    it, also of an object, which can have none: nothing leads away, opens, asks or is downloaded.
    """
    connect = f"{SELF} {socket}".rstrip()
    frames, types = SELF, "framed default"
    if players:
        frames, types = " ".join(players.values()), "players default"
    sandbox = "sandbox allow-scripts allow-same-origin"
    objects = f"object-src {players[TWITCH]}; {sandbox}; " if players else ""
    return (
        "default-src 'none'; script-src 'self'; "
        f"connect-src {connect}; style-src 'self' 'sha256-{OBS_HASH}'; font-src 'self'; "
        f"img-src {files or SELF} https: data:; media-src {files or SELF} https:; "
        f"frame-src {frames}; {objects}"
        "base-uri 'none'; form-action 'none'; "
        f"frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types {types}"
    )


SECURITY = {
    POLICY: _policy(),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",  # the address holds the token
}
IN_A_FRAME = {
    **SECURITY,
    POLICY: (
        "sandbox; default-src 'none'; style-src 'self'; font-src 'self'; img-src https:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
}

Response = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayAsked:
    """`file` is empty for the page itself."""

    token: str
    source: str
    file: str
    is_old: bool


def handler(aws_event: Mapping[str, Any], context: object) -> Response:
    """API Gateway's payload 2.0 in and out: 200, 404, or 503 while the database is away."""
    room_log("overlay", context)
    aws_event = as_asked(aws_event)
    key = str(aws_event.get("routeKey", ""))
    if not key.startswith("GET "):
        return _wrong_method()
    asked = _asked(key.partition(" ")[2], aws_event.get("pathParameters") or {})
    if asked.file in FILES:
        return _answer(200, _file(asked.file), FILES[asked.file], cache_control="max-age=300")
    if asked.file == FONT:
        return _font()
    if asked.source not in set(OverlaySource):
        return NOT_FOUND
    try:
        community = _community(asked)
        return NOT_FOUND if community is None else _of_community(community, asked, aws_event)
    except Unavailable:
        return _answer(503, json.dumps({"error": "UNAVAILABLE"}), "application/json")


def _of_community(
    community: CommunityId, asked: OverlayAsked, aws_event: Mapping[str, Any]
) -> Response:
    """Raises Unavailable."""
    if asked.file == "":
        return _page(asked.source)
    if asked.file == STATE:
        return _state(community, asked.source, aws_event)
    if asked.file == LOOK:
        return _answer(200, look_of(resources().postgres, community), KINDS[".css"])
    number = asked.file.removeprefix(HTML_AT)
    if number == asked.file or not _is_number(number):
        return NOT_FOUND
    return _framed(community, asked.source, int(number))


def _asked(route: str, path: Mapping[str, str]) -> OverlayAsked:
    """A source is a plain segment of its own address, which could be anybody's otherwise."""
    is_old = route.startswith("/overlay/")
    source = path.get("source", "") if is_old else route.split("/")[2]
    file = path.get("file", "")
    return OverlayAsked(token=path.get("token", ""), source=source, file=file, is_old=is_old)


def _community(asked: OverlayAsked) -> CommunityId | None:
    """Raises Unavailable."""
    at, now = f"{asked.source} {asked.is_old}", datetime.now(UTC)
    if nobodys().has(asked.token, at):
        return None
    found = tokens().community_of(asked.token, OverlaySource(asked.source), now)
    if found is None and asked.is_old:
        found = overlays().community_of(asked.token, now)
    if found is None and is_token(asked.token):
        nobodys().add(asked.token, at)
    return found


def _page(source: str) -> Response:
    """It is told where its socket, files and players are, where that is not its own address.

    Players refuse whoever does not say from where they are shown: the host, and never the token.
    """
    variables = Environment.of_process()
    socket, files = variables.find(SOCKET_ADDRESSES["overlay"]), variables.find(MEDIA_ADDRESS)
    players = player_origins(variables.values) if source == OverlaySource.MEDIA else {}
    told = "".join(f' data-{name}="{origin}"' for name, origin in players.items())
    given = {"socket": html.escape(socket), "files": html.escape(files), "players": told}
    body = _file("page.html")
    for name, value in {"source": source, **given}.items():
        body = body.replace(f"{{{name}}}", value)
    answer = _answer(200, body, HTML)
    headers = {**answer["headers"], POLICY: _policy(socket, files, players)}
    if players:
        headers["referrer-policy"] = "strict-origin"
    return {**answer, "headers": headers}


def _state(community: CommunityId, source: str, aws_event: Mapping[str, Any]) -> Response:
    now, chat_after = datetime.now(UTC), _number(aws_event, "chat")
    state = overlays().state(community, source, after=_number(aws_event, "after") or 0, now=now)
    body: dict[str, Any] = {
        "last": state.last,
        "now": now.timestamp(),
        "pushes": [shown(push) for push in state.pushes],
    }
    if source == OverlaySource.GENERAL:
        body |= {"goals": [goal_told(one) for one in state.goals]}
        body |= {"events": listed(state.events, lines=state.lines)}
    if source == OverlaySource.GENERAL and chat_after is not None:
        body |= chat_told(chat_lines, community, since=state.chat_since, after=chat_after)
    return _answer(200, json.dumps(body, ensure_ascii=False), "application/json")


def _framed(community: CommunityId, source: str, number: int) -> Response:
    """Of what is still good: the push with this number and nothing after it."""
    state = overlays().state(community, source, after=number - 1, now=datetime.now(UTC))
    push = next((one for one in state.pushes if one.number == number), None)
    content = html_of(push) if push else ""
    if push is None or not content:
        return NOT_FOUND
    theme = shown(push)["theme"]
    body = (
        f'<!doctype html><html data-theme="{theme}"><link rel="stylesheet" href="theme.css">'
        f'<link rel="stylesheet" href="framed.css"><link rel="stylesheet" href="{LOOK}">'
        f"<body>{content}"
    )
    answer = _answer(200, body, HTML)
    return {**answer, "headers": {**answer["headers"], **IN_A_FRAME}}


def _number(aws_event: Mapping[str, Any], name: str) -> int | None:
    """The one that the page has; a broken one is none."""
    text = (aws_event.get("queryStringParameters") or {}).get(name, "")
    return int(text) if _is_number(text) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _answer(
    status: int, body: str, content_type: str, *, cache_control: str = "no-store"
) -> Response:
    return {
        "statusCode": status,
        "headers": {"content-type": content_type, "cache-control": cache_control, **SECURITY},
        "body": body,
    }


@cache
def _font() -> Response:
    """Whoever frames HTML of modules is of no origin, and may have it as well."""
    letters = b64encode(PAGE.joinpath(FONT).read_bytes()).decode("ascii")
    answer = _answer(200, letters, "font/woff2", cache_control="max-age=86400")
    headers = {**answer["headers"], "access-control-allow-origin": "*"}
    return {**answer, "headers": headers, "isBase64Encoded": True}


def _wrong_method() -> Response:
    """Said of every token alike: nobody learns whether there is such an overlay."""
    wrong = WrongMethod(["GET"])
    said = _answer(wrong.status, wrong.message, "text/plain; charset=utf-8")
    return {**said, "headers": {**said["headers"], **headers_of(wrong)}}


NOT_FOUND = _answer(404, "There is no such overlay.", "text/plain; charset=utf-8")


@cache
def _file(name: str) -> str:
    return PAGE.joinpath(name).read_text("utf-8")


@cache
def resources() -> Resources:
    return Resources(Environment.of_process())


def nobodys() -> Nobodys:
    return _nobodys_of(resources())


@cache
def _nobodys_of(_there: Resources) -> Nobodys:
    """Of this database and no other."""
    return Nobodys()


def overlays() -> Overlays:
    return Overlays(resources().postgres)


def chat_lines() -> ChatLines:
    return ChatLines(resources().cache)


def tokens() -> OverlayTokens:
    return OverlayTokens(resources().postgres)
