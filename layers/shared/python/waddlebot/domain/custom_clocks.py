"""Variables of custom commands that say what time it is, and how long until then; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from waddlebot.domain.custom_meanings import Calling, Meaning
from waddlebot.domain.custom_moments import in_words, read_last, read_next
from waddlebot.domain.custom_texts import wrong
from waddlebot.domain.custom_zones import zone_called
from waddlebot.domain.moment_formats import in_format
from waddlebot_sdk.grammar import take_words

_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _time(calling: Calling, given: str) -> str:
    zone, form = _zone_and_form(given)
    return in_format(calling.now.astimezone(zone_called(zone or calling.zone)), form)


def _zone_and_form(given: str) -> tuple[str, str]:
    words, rest = take_words(given, 1)
    return "".join(words), rest.strip("'\" ")


def _check_time(given: str) -> None:
    zone, _ = _zone_and_form(given)
    try:
        _ = zone_called(zone or "UTC")
    except (ValueError, OSError, KeyError):
        words = f"'{zone[:30]}' is no time zone. Say it like $(time Europe/Berlin) or $(time)."
        raise wrong(words) from None


def _countdown(calling: Calling, given: str) -> str:
    moment = read_next(given, calling.zone, calling.now)
    return in_words(moment - calling.now) if moment else ""


def _until(calling: Calling, given: str) -> str:
    moment = read_next(given, "UTC", calling.now)
    return in_words(moment - calling.now) if moment else ""


def _countup(calling: Calling, given: str) -> str:
    moment = read_last(given, calling.zone, calling.now)
    return in_words(calling.now - moment) if moment else ""


def _check_moment(given: str) -> None:
    if read_next(given, "UTC", _SOME_DAY) is None:
        words = f"'{given[:30]}' is no time. Say it like $(countdown Dec 24 2026 18:00 UTC)."
        raise wrong(words)


_TIME = Meaning(say=_time, check=_check_time)

OF_CLOCKS: Mapping[str, Meaning] = {
    "time": _TIME,
    "time.timezone": Meaning(
        say=lambda calling, given: _time(calling, given or "UTC"), check=_check_time
    ),
    "time.until": Meaning(say=_until, check=_check_moment),
    "countdown": Meaning(say=_countdown, check=_check_moment),
    "countup": Meaning(say=_countup, check=_check_moment),
}
"""By their names."""
