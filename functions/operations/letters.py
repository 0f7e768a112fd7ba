"""Dead letters and replies in doubt as the API shows them, and what an operator may do to them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from waddlebot.domain.errors import Rejected
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.runtime.logs import Category, Logger
from waddlebot.runtime.serve_http import Request
from waddlebot.stores.dead_letters import DeadLetters, Fate, Letter, LetterId, LetterKind

MOST_LETTERS = 100
"""A page, and what one request may replay or drop."""
MOST_TEXT = 300
"""Of a line, in the list; `show` has all of it."""
_SECRETS = ("token", "url")
"""Of a way back: with them anybody could answer in our name."""

Wire = dict[str, Any]

_WORDS = {
    Fate.DONE_BEFORE: "Replayed. It was answered before, so it is recorded and not answered again.",
    Fate.DROPPED: "Dropped.",
    Fate.GONE: "It is not there: already replayed or dropped.",
    Fate.UNREADABLE: (
        "This release cannot read it, so it cannot replay it. It is still there: drop it, or "
        "replay it with the release that wrote it."
    ),
    Fate.NEVER: "A row that the database refuses cannot be replayed. It is still there: drop it.",
    Fate.NO_ROOM: (
        "The streams server has too little room for it now. It is still there: replay it when "
        "`waddlebot streams` shows room."
    ),
}
_REPLAYED = {
    LetterKind.EVENT: "Replayed: it is routed again as if it had happened now.",
    LetterKind.REPLY: "Replayed: it is sent again, so people may see it twice.",
}


class _Line(msgspec.Struct, frozen=True):
    event_id: str
    entity_id: str
    user_name: str | None = None
    text: str = ""


class _Rows(msgspec.Struct, frozen=True):
    """As much of a refused row as says what it is about; see stores/record_rows.py."""

    messages: tuple[_Line, ...] = ()
    verdicts: tuple[_Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Letters:
    store: DeadLetters
    log: Logger

    def page(self, query: Mapping[str, str]) -> Wire:
        """`{"letters": [{…}], "next": id or None}`, oldest first; `limit` is 1 to 100.

        Raises Rejected: 400.
        """
        limit = _limit(query.get("limit", ""))
        after = self._known_id(query["after"]) if query.get("after") else None
        if query.get("after") and after is None:
            raise _invalid("after", "'after' must be the id of a dead letter.")
        found = self.store.page(most=limit + 1, after=after)
        shown = found[:limit]
        return {
            "success": True,
            "letters": list(map(_summary, shown)),
            "next": str(shown[-1].id) if len(found) > limit else None,
        }

    def show(self, text: str) -> Wire:
        """`{"letter": {…, "content"}}`: all that is known of it but what would let others answer
        in our name. Raises Rejected: 404.
        """
        one = self._known_id(text)
        [letter] = self.store.find([one]) if one else [None]
        if letter is None:
            said = "There is no such dead letter: it was replayed or dropped, or never was."
            raise Rejected(404, "UNKNOWN_LETTER", said)
        return {"success": True, "letter": {**_summary(letter), "content": _content(letter)}}

    def replay(self, request: Request) -> Wire:
        """`{"results": [{"id", "fate", "words"}]}`, entry n is id n. Raises Rejected: 400."""
        ids = self._ids(request.body)
        letters = self.store.find(ids)
        results: list[Wire] = []
        try:
            for one, letter in zip(ids, letters, strict=True):
                results.append(self._replay(one, letter, request))
        finally:
            # What was replayed before the streams server went away stays replayed.
            self._note("dead letters replayed", request, results)
        return {"success": True, "results": results}

    def drop(self, request: Request) -> Wire:
        """As `replay`."""
        ids = self._ids(request.body)
        fates = self.store.drop(ids)
        results = [_result(one, fate, _WORDS[fate]) for one, fate in zip(ids, fates, strict=True)]
        self._note("dead letters dropped", request, results)
        return {"success": True, "results": results}

    def _replay(self, one: LetterId, letter: Letter | None, request: Request) -> Wire:
        if letter is None:
            return _result(one, Fate.GONE, _WORDS[Fate.GONE])
        fate = self.store.replay(letter, now=request.received_at)
        return _result(one, fate, _REPLAYED[letter.kind] if fate is Fate.REPLAYED else _WORDS[fate])

    def _note(self, what: str, request: Request, results: Sequence[Wire]) -> None:
        """Who decided what stays to be read."""
        fates = [(result["id"], result["fate"]) for result in results]
        self.log.info(what, category=Category.AUDIT, account=request.caller.account, fates=fates)

    def _ids(self, body: Any) -> list[LetterId]:
        texts = body.get("ids") if isinstance(body, dict) else None
        if not isinstance(texts, list) or not 1 <= len(texts) <= MOST_LETTERS:
            raise _invalid("ids", f"'ids' must be a list of 1 to {MOST_LETTERS} ids.")
        ids = [self._known_id(text) if isinstance(text, str) else None for text in texts]
        wrong = [text for text, one in zip(texts, ids, strict=True) if one is None]
        if wrong:
            said = f"{str(wrong[0])[:40]!r} is no id of a dead letter; see the list of them."
            raise _invalid("ids", said)
        return [one for one in ids if one]

    def _known_id(self, text: str) -> LetterId | None:
        one = LetterId.parse(text)
        return one if one and self.store.knows(one) else None


def _limit(text: str) -> int:
    if not text:
        return MOST_LETTERS
    number = int(text) if re.fullmatch("[0-9]{1,3}", text) else 0
    if not 1 <= number <= MOST_LETTERS:
        raise _invalid("limit", f"'limit' must be 1 to {MOST_LETTERS}.")
    return number


def _invalid(field: str, message: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", message, details={"field": field})


def _result(one: LetterId, fate: Fate, words: str) -> Wire:
    return {"id": str(one), "fate": fate.value, "words": words}


def _summary(letter: Letter) -> Wire:
    """`about` is `{"id", "entity", "user", "text"}` as far as the letter can be read."""
    content = letter.read()
    about = _about(content) if content else None
    if letter.kind is LetterKind.RECORD:
        about = _about_rows(letter.content)
    return {
        "id": str(letter.id),
        "kind": letter.kind.value,
        "in_doubt": letter.id.in_doubt,
        "written_at": letter.written_at.isoformat(),
        "reason": letter.reason,
        "can_be_replayed": content is not None,
        "about": about,
    }


def _about(content: Event | Outgoing) -> Wire:
    match content:
        case Event():
            user = content.user.name if content.user else ""
            text = content.text or f"({content.type.value})"
        case Reply():
            user, text = content.user_name, content.text
        case _:
            user, text = "", f"({content.kind.value})"
    return _about_line(content.id, content.entity, user, text)


def _about_rows(content: bytes) -> Wire | None:
    try:
        rows = msgspec.json.decode(content, type=_Rows)
    except (msgspec.MsgspecError, RecursionError):
        return None
    line = next(iter((*rows.messages, *rows.verdicts)), None)
    if line is None:
        return None
    return _about_line(line.event_id, line.entity_id, line.user_name or "", line.text)


def _about_line(content_id: str, entity: str, user: str, text: str) -> Wire:
    return {"id": content_id, "entity": entity, "user": user, "text": text[:MOST_TEXT]}


def _content(letter: Letter) -> Any:
    """JSON as it was written, else text."""
    try:
        content = msgspec.json.decode(letter.content)
    except (msgspec.DecodeError, RecursionError):
        if letter.kind is LetterKind.RECORD:
            return letter.content.decode(errors="replace")
        # A way back that cannot be read cannot be hidden either: how long it is must do.
        return f"({len(letter.content)} bytes that are no JSON)"
    way_back = content.get("way_back") if isinstance(content, dict) else None
    if not isinstance(way_back, dict):
        return content
    hidden = {name: "(hidden)" for name in _SECRETS if way_back.get(name)}
    return {**content, "way_back": {**way_back, **hidden}}
