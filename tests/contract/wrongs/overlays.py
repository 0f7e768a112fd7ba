"""What cannot be of what OBS shows, and of the files for it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from tests.contract.wrong import OTHERS_PLACE, Wrong
from waddlebot.domain.overlay_samples import SAMPLES


def _no_place(place: str) -> Wrong:
    return Wrong(
        say=f"{place} is no place of this community.",
        chat=f"!overlay chat on {place}",
        api=("PUT", "/overlays/chat", {"places": [place]}),
        text={"chat_box": {"on": True, "places": [place]}},
    )


def _no_theme(theme: str) -> Wrong:
    return Wrong(
        say=f"There is no theme '{theme}'. There are night, day, neon, outline.",
        chat=f"!overlay theme {theme}",
        api=("PUT", "/overlays/theme", {"theme": theme}),
        text={"overlays": {"theme": theme}},
    )


def _no_lines(lines: int) -> Wrong:
    return Wrong(
        say="1 to 10 events can stand there.",
        chat=f"!overlay events on {lines}",
        api=("PUT", "/overlays/events", {"lines": lines}),
        text={"event_list": {"lines": lines}},
    )


def _no_css(say: str, css: str) -> Wrong:
    return Wrong(
        say=say, api=("PUT", "/overlays/css", {"css": css}), text={"overlays": {"css": css}}
    )


NOT_FETCHED = (
    "Nothing is fetched from elsewhere: url() takes pictures as data:image/png;base64,… (line 1)."
)
NO_CSS = (
    (NOT_FETCHED, "p { background: url(https://example.org/x.png) }"),
    (NOT_FETCHED, "p { background: url('//example.org/x.png') }"),
    ("image-set() cannot be used here (line 1).", "p { background: image-set('x.png' 1x) }"),
    ("'behavior' cannot be set here (line 1).", "p { behavior: none }"),
    ("A style sheet has 16,000 bytes at most.", "p { color: red }\n" * 1_000),
    ("That is nested too deep for a style sheet.", "p { width: " + "(" * 30 + ")" * 30 + " }"),
)
NO_SOURCES = ("tikcer", "ticker2", "sound", "0", "mediä", "x" * 40)
NO_SAMPLES = ("tikcer", "overlay", "raids", "0", "fóllow", "x" * 40)


def _no_source(typed: str, chat: str, method: str, path: str, **more: str) -> Wrong:
    body = {"source": typed, **more} if method == "POST" else None
    return Wrong(
        say=f"There is no source '{typed}'. There are ticker, media, general.",
        chat=f"{chat} {typed}",
        api=(method, path if body else f"{path}?source={quote(typed)}", body),
    )


def _no_sample(typed: str) -> Wrong:
    return Wrong(
        say=f"There is no sample '{typed}'. There are {', '.join(SAMPLES)}.",
        chat=f"!overlay test {typed}",
        api=("POST", "/overlays/test", {"kind": typed}),
    )


NO_FILES = ("nothing", "canary", "t!da", "0", "táda", "x" * 40)
A_FILE_NAME = "A file is called by up to 40 letters a to z, digits, - and _, as 'tada'."
A_TYPE = (
    "I take image/png, image/jpeg, image/gif, image/webp, audio/wav, audio/ogg, audio/mpeg, and no "
    "other type."
)
NO_BYTES = "bytes is how large the file is, at least 1 and not {}: say the size of yours."


def _no_file(typed: str, deed: str) -> Wrong:
    return Wrong(
        say=f"There is no file '{typed}'. All of them: !media",
        chat=f"!media {deed} {typed}",
        api=("DELETE", f"/media?name={quote(typed)}", None)
        if deed == "remove"
        else ("POST", "/media/show", {"name": typed}),
    )


def _upload(say: str, name: str, content_type: str, size: int) -> Wrong:
    return Wrong(
        say=say, api=("POST", "/media", {"name": name, "type": content_type, "bytes": size})
    )


WRONGS: Mapping[str, tuple[Wrong, ...]] = {
    "ask_upload": (
        _upload(A_FILE_NAME, "ta da", "image/png", 9),
        _upload(A_FILE_NAME, "../tada", "image/png", 9),
        _upload(A_FILE_NAME, "", "image/png", 9),
        _upload(A_TYPE, "tada", "image/svg+xml", 9),
        _upload(A_TYPE, "tada", "text/html", 9),
        _upload("A file of type image has at most 4 MB.", "tada", "image/png", 4_000_001),
        _upload("A file of type sound has at most 1 MB.", "tada", "audio/ogg", 1_000_001),
        _upload(NO_BYTES.format(0), "tada", "audio/ogg", 0),
        _upload(NO_BYTES.format(0), "tada", "image/png", 0),
        _upload(NO_BYTES.format(-1), "tada", "image/png", -1),
    ),
    "remove_media": tuple(_no_file(typed, "remove") for typed in NO_FILES),
    "show_media": tuple(_no_file(typed, "show") for typed in NO_FILES),
    "show_overlays": tuple(
        _no_source(typed, "!overlay", "GET", "/overlays") for typed in NO_SOURCES
    ),
    "rotate_overlays": tuple(
        _no_source(typed, "!overlay rotate", "POST", "/overlays/rotate") for typed in NO_SOURCES
    ),
    "clear_overlays": tuple(
        _no_source(typed, "!overlay clear", "POST", "/overlays/clear") for typed in NO_SOURCES
    ),
    "try_overlay": tuple(map(_no_sample, NO_SAMPLES)),
    "control_overlays": tuple(
        _no_source(typed, "!overlay skip", "POST", "/overlays/control", control="skip")
        for typed in NO_SOURCES
    ),
    "show_chat": (
        *map(_no_place, (OTHERS_PLACE, "twitch:channel:nothing", "discord:channel:9/9")),
        *map(_no_place, ("slack:channel:T9/C9", "twitch:channel:-1", "discord:channel:1")),
    ),
    "list_events": tuple(map(_no_lines, (0, 11, 12, 99, 100, 9999))),
    "set_theme": tuple(map(_no_theme, ("nothing", "dark", "nights", "0", "neon2", "url(x)"))),
    "set_css": tuple(_no_css(*one) for one in NO_CSS),
}
