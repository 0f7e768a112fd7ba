"""What a module gives back, as the spec's "Module Response System" words it on the wire."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from waddlebot_sdk.asks import Ask
from waddlebot_sdk.asks_on_the_wire import buttons_from_wire, form_from_wire, select_from_wire
from waddlebot_sdk.beside import beside
from waddlebot_sdk.listings import Listing
from waddlebot_sdk.wire_texts import NotAResponse, text_of
from waddlebot_sdk.wishes import Wish
from waddlebot_sdk.wishes_on_the_wire import WISHES

MOST_RESPONSES = 5
MOST_CALLED_CHARACTERS = 200
MOST_DETAILS_BYTES = 16 * 1024
"""Of `response_data`, as JSON."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A line for chat; `private` goes to the asking person alone where the platform can.

    `secret` is private too, and where the platform refuses that it is not said at all.
    `free` says what to type instead, say: the call counts against no limit. `notifies` calls the
    person that the call is about, where the text has the name: that one, and nobody else.
    `listing` stands for `text` where the platform has a dress for lists. `called` is the name of
    what is said (`your reminder #3`): its person reads it where a rule of the community forbids
    the text. `in_place`: the answer to a press stands in place of what was pressed where the
    platform can and others may read it, and is said anew elsewhere.
    """

    text: str
    private: bool = field(default=False, kw_only=True)
    secret: bool = field(default=False, kw_only=True)
    free: bool = field(default=False, kw_only=True)
    notifies: bool = field(default=False, kw_only=True)
    listing: Listing | None = field(default=None, kw_only=True)
    called: str = field(default="", kw_only=True)
    in_place: bool = field(default=False, kw_only=True)

    @classmethod
    def listed(cls, listing: Listing, *, private: bool = False) -> Chat:
        """The list, and the same line by line."""
        return cls(listing.as_text(), listing=listing, private=private)

    def reworded(self, reword: Callable[[str], str]) -> Chat:
        """The same in other words."""
        listing = self.listing.reworded(reword) if self.listing else None
        return replace(self, text=reword(self.text), listing=listing)

    def to_wire(self) -> dict[str, Any]:
        """`{"success", "response_action": "chat", "chat_message", "response_data"?}`, its marks."""
        wire: dict[str, Any] = {
            "success": True,
            "response_action": "chat",
            "chat_message": self.text,
        }
        if self.listing:
            wire["response_data"] = {"listing": self.listing.to_wire()}
        if self.called:
            wire["called"] = self.called
        marks = {
            "private": self.private or self.secret,
            "secret": self.secret,
            "free": self.free,
            "notifies": self.notifies,
            "in_place": self.in_place,
        }
        return wire | {mark: True for mark, is_set in marks.items() if is_set}


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Music or video for the overlay; `details` for its page are JSON of at most 16 kB.

    What has a `title` in its details needs no address.
    """

    media_type: str
    media_url: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_wire(self) -> dict[str, Any]:
        """`{"success", "response_action": "media", "media_type", "media_url", "response_data"}`."""
        return {
            "success": True,
            "response_action": "media",
            "media_type": self.media_type,
            "media_url": self.media_url,
            "response_data": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Ticker:
    """A line that scrolls through the overlay for `seconds`; `details` as for media."""

    text: str
    seconds: int = field(default=10, kw_only=True)
    details: Mapping[str, Any] = field(default_factory=dict, kw_only=True)

    def to_wire(self) -> dict[str, Any]:
        """`{"success", "response_action": "ticker", "ticker_text", "ticker_duration",
        "response_data"}`.
        """
        return {
            "success": True,
            "response_action": "ticker",
            "ticker_text": self.text,
            "ticker_duration": self.seconds,
            "response_data": dict(self.details),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class General:
    """`html`, `text`, `form`, `alert` or `announcement` for `seconds`, 0 until the next one;
    `details` as for media. What says all in its details needs no `content`.
    """

    content_type: str = "text"
    content: str = ""
    seconds: int = 10
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_wire(self) -> dict[str, Any]:
        """`{"success", "response_action": "general", "response_data": {…}}`."""
        return {
            "success": True,
            "response_action": "general",
            "response_data": {
                **self.details,
                "content_type": self.content_type,
                "content": self.content,
                "duration": self.seconds,
            },
        }


@dataclass(frozen=True, slots=True)
class Failed:
    """The call did not work: `say` is for the chatter, `error` for the log."""

    say: str
    error: str = field(default="", kw_only=True)

    def to_wire(self) -> dict[str, Any]:
        """`{"success": false, "chat_message", "error_message"}`."""
        return {"success": False, "chat_message": self.say, "error_message": self.error}


Response = Chat | Media | Ticker | General | Failed | Wish | Ask
Build = Callable[[dict[str, Any], dict[str, Any]], Response]


def as_responses(answer: Response | Sequence[Response] | None) -> tuple[Response, ...]:
    """A command may answer nothing, one response or several."""
    if answer is None:
        return ()
    return tuple(answer) if isinstance(answer, Sequence) else (answer,)


def to_wire(
    answer: Response | Sequence[Response] | None, *, session_id: str
) -> list[dict[str, Any]]:
    """The answer of one call as JSON objects, each with the session it belongs to.

    `{"session_id", …}` as each response has it. Raises NotAResponse: they are too many.
    """
    _check_number(len(responses := as_responses(answer)))
    return [{"session_id": session_id, **response.to_wire()} for response in responses]


def from_wire(wire: object) -> tuple[Response, ...]:
    """One response object or a list of up to five; long texts are cut.

    Raises:
        NotAResponse: anything else, and details that are too large or nested too deeply. `wire` is
            a stranger's JSON, whatever stands in it.
    """
    items = wire if isinstance(wire, list) else [wire]
    _check_number(len(items))
    return tuple(_one_from_wire(item) for item in items)


def _check_number(responses: int) -> None:
    if responses > MOST_RESPONSES:
        most = f"{MOST_RESPONSES} at most, so none of them is said or done"
        raise NotAResponse(f"{responses} responses; {most}")


def _one_from_wire(item: object) -> Response:
    if not isinstance(item, dict):
        raise NotAResponse(f"a response is a JSON object, not {type(item).__name__}")
    if item.get("success") is False:
        return Failed(
            text_of(item, "chat_message", needed=False),
            error=text_of(item, "error_message", needed=False),
        )
    action = item.get("response_action")
    build = _BUILDERS.get(action) if isinstance(action, str) else None
    if build is None:
        known = sorted(map(str, _BUILDERS))
        raise NotAResponse(f"response_action is {repr(action)[:60]}; it must be one of {known}")
    return build(item, _details(beside(item) | _details(item.get("response_data") or {})))


def _details(details: object) -> dict[str, Any]:
    if not isinstance(details, dict):
        raise NotAResponse("response_data must be an object")
    try:
        # Told as it would be kept: no NaN, no half of a surrogate pair.
        written = json.dumps(details, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotAResponse(f"response_data cannot be kept: {error}") from error
    if len(written) > MOST_DETAILS_BYTES:
        raise NotAResponse(
            f"response_data has {len(written)} bytes; {MOST_DETAILS_BYTES // 1024} kB at most"
        )
    if b"\\u0000" in written:
        raise NotAResponse("response_data has a NUL in it, which no database keeps")
    return details


def _chat(item: dict[str, Any], details: dict[str, Any]) -> Response:
    is_secret = item.get("secret") is True
    return Chat(
        text_of(item, "chat_message"),
        private=is_secret or item.get("private") is True,
        secret=is_secret,
        free=item.get("free") is True,
        notifies=item.get("notifies") is True,
        in_place=item.get("in_place") is True,
        listing=_listing(details.get("listing")),
        called=text_of(item, "called", needed=False)[:MOST_CALLED_CHARACTERS],
    )


def _listing(wire: object) -> Listing | None:
    try:
        return None if wire is None else Listing.from_wire(wire)
    except ValueError as error:
        raise NotAResponse(str(error)) from error


def _media(item: dict[str, Any], details: dict[str, Any]) -> Response:
    return Media(
        media_type=text_of(item, "media_type"),
        media_url=text_of(item, "media_url", needed=not details.get("title")),
        details=details,
    )


def _ticker(item: dict[str, Any], details: dict[str, Any]) -> Response:
    seconds = _seconds(item.get("ticker_duration"))
    return Ticker(text_of(item, "ticker_text"), seconds=seconds, details=details)


def _general(_: dict[str, Any], details: dict[str, Any]) -> Response:
    kind = text_of(details, "content_type")
    return General(
        content_type=kind,
        content=text_of(details, "content", needed=kind.casefold() not in _SAY_MORE),
        seconds=_seconds(details.get("duration"), may_stay=True),
        details={name: details[name] for name in details.keys() - _OF_GENERAL},
    )


def _form(item: dict[str, Any], details: dict[str, Any]) -> Response:
    """Of one without an action nothing comes back: overlays show it, and nobody is asked."""
    if details.get("form_action"):
        return _ask(form_from_wire)(item, details)
    words = {"content_type": "form", "content": text_of(details, "form_title")}
    return _general(item, details | words)


def _ask(read: Callable[[Mapping[str, Any]], Ask]) -> Build:
    def build(item: dict[str, Any], details: dict[str, Any]) -> Response:
        try:
            return read(details | item)
        except ValueError as error:
            raise NotAResponse(str(error)) from error

    return build


def _wish(read: Callable[[Mapping[str, Any]], Wish]) -> Build:
    return lambda item, _: read(item)


_SAY_MORE = {"alert", "countdown", "form", "image", "poll", "sound"}
"""Types of content with other fields that are seen, or heard."""
_OF_GENERAL = {"content_type", "content", "duration"}


_BUILDERS: Mapping[str, Build] = {
    "chat": _chat,
    "media": _media,
    "ticker": _ticker,
    "general": _general,
    "form": _form,
    "buttons": _ask(buttons_from_wire),
    "select": _ask(select_from_wire),
    **{may: _wish(read) for may, read in WISHES.items()},
}


def _seconds(value: object, *, may_stay: bool = False) -> int:
    if value is None:
        return 10
    if may_stay and value == 0 and value is not False:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 3600:
        raise NotAResponse("a duration is a number of seconds, at most 3600")
    return math.ceil(value)  # 0 would stay
