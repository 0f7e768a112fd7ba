"""Asks servers that a community allows what its texts are to say (docs/custom-commands.md).

What they say is read as if an enemy had written it; none is asked that is not of the open web.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from functions.outside.handler import cleaned, resources
from waddlebot.domain.errors import Refusal
from waddlebot.domain.fetches import (
    MOST_BYTES,
    MOST_FETCHES,
    MOST_LIST_BYTES,
    MOST_SECONDS,
    VERSION,
    Fetch,
    FetchAnswers,
    Fetched,
    FetchForm,
    Fetching,
)
from waddlebot.domain.releases import refuse_newer
from waddlebot.domain.web_addresses import WebAddress, read_web_address
from waddlebot.outside.client import OutsideClient, ServiceAnswer, ServiceCall
from waddlebot.outside.errors import Declined, OutsideFailed
from waddlebot.platforms.fields import dig, objects_at, text_at
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores import keys
from waddlebot.stores.in_flight import one_of_few

SERVICE = "fetch"
MOST_AT_ONCE = 3
"""Texts of one community: where its servers hang, those of others still find a free hand here."""
FRESH_SECONDS = 15.0
STALE_SECONDS = 300.0
_BUSY = "too many texts of this community ask at once"
_NO_TEXT = "{} answers with a page and no text"


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """`{"v": 1, "community": 7, "fetches": [{"address", "form"}]}` in, `{"fetched": [{"text",
    "why"}]}` out: Fetching and FetchAnswers. Never raises for what a server does.

    Raises:
        OfNewerRelease: nobody was asked.
    """
    log = room_log(SERVICE, context)
    refuse_newer(payload, VERSION, "who asks for a text")
    fetching = msgspec.convert(payload, Fetching)
    answers = fetch(fetching)
    log.info(
        "texts fetched",
        community=fetching.community,
        failed=[one.why for one in answers.fetched if one.why],
    )
    answer: dict[str, Any] = msgspec.to_builtins(answers)
    return answer


def fetch(fetching: Fetching) -> FetchAnswers:
    """All at once, each answered or with a sentence why not."""
    ours, asked = resources(), fetching.fetches[:MOST_FETCHES]
    with one_of_few(
        ours.cache,
        keys.fetches(fetching.community),
        most=MOST_AT_ONCE,
        life_seconds=MOST_SECONDS + 1,
        wait_seconds=MOST_SECONDS / 2,
    ) as may:
        if not may:
            return FetchAnswers(fetched=[Fetched(why=_BUSY) for _ in asked])
        with ThreadPoolExecutor(max_workers=MOST_FETCHES) as pool:
            ask = partial(_fetched, ours.outside, fetching.community)
            return FetchAnswers(fetched=list(pool.map(ask, asked)))


def _fetched(outside: OutsideClient, community: int, asked: Fetch) -> Fetched:
    try:
        address = read_web_address(asked.address)
        call = _call(community, address, asked.form)
        answer = outside.ask(call, deadline=datetime.now(UTC) + timedelta(seconds=MOST_SECONDS))
    except Refusal as refusal:
        return Fetched(why=refusal.say)
    except OutsideFailed as error:
        is_read_wrong = isinstance(error, Declined) and error.status == 200
        return Fetched(why=_NO_TEXT.format(error.what) if is_read_wrong else str(error))
    return Fetched(text=_READERS[asked.form](answer.body))


def _call(community: int, address: WebAddress, form: FetchForm) -> ServiceCall:
    origin = hashlib.blake2b(address.origin.encode(), digest_size=12).hexdigest()
    return ServiceCall(
        service=f"fetch:{community}:{origin}",
        what=address.host,
        url=str(address),
        harmless=True,
        most_bytes=MOST_BYTES if form is FetchForm.TEXT else MOST_LIST_BYTES,
        fails=lambda answer: answer.status != 200 or not _is_readable(answer, form),
        fresh_seconds=FRESH_SECONDS,
        stale_seconds=STALE_SECONDS,
    )


def _is_readable(answer: ServiceAnswer, form: FetchForm) -> bool:
    if form is not FetchForm.TEXT:
        return _json(answer.body) is not None
    try:
        return not answer.body.decode().lstrip().startswith("<")
    except UnicodeError:
        return False


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None


def _text(body: bytes) -> str:
    return cleaned(body.decode("utf-8", "replace"))


def _seven_tv(body: bytes) -> str:
    emotes = objects_at(dig(_json(body), "emote_set"), "emotes")
    return _names(text_at(one, "name") for one in emotes)


def _bttv(body: bytes) -> str:
    told = _json(body)
    emotes = [*objects_at(told, "channelEmotes"), *objects_at(told, "sharedEmotes")]
    return _names(text_at(one, "code") for one in emotes)


def _ffz(body: bytes) -> str:
    sets = dig(_json(body), "sets")
    found = sets.values() if isinstance(sets, dict) else ()
    return _names(text_at(one, "name") for each in found for one in objects_at(each, "emoticons"))


def _names(names: Any) -> str:
    return cleaned(" ".join(name for name in names if name))


_READERS: Mapping[FetchForm, Callable[[bytes], str]] = {
    FetchForm.TEXT: _text,
    FetchForm.SEVEN_TV: _seven_tv,
    FetchForm.BTTV: _bttv,
    FetchForm.FFZ: _ffz,
}
