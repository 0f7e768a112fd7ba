"""`waddlebot explain EVENT_ID`: what became of an event, and why."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any
from urllib.parse import quote

from operations.api import Api
from operations.speaking import add_common, moment, plain, run, show_json
from waddlebot.domain import sayings
from waddlebot.domain.refused_wishes import tell_refused

_FAILED = 500


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="waddlebot explain", description="What became of an event, and why."
    )
    parser.add_argument("event_id", help="for example twitch:8f2c…; it stands in logs and letters")
    add_common(parser)
    asked = parser.parse_args(argv)
    return run(partial(_explain, asked.event_id, as_json=asked.json), asked.url)


def _explain(event_id: str, api: Api, *, as_json: bool) -> int:
    told = api.get(f"events/{quote(event_id, safe='')}")
    if as_json:
        show_json(told)
    else:
        print("\n".join(map(plain, _lines(told))))
    return 0


def _lines(told: dict[str, Any]) -> list[str]:
    message, happening, place = told["message"], told.get("happening"), told["place"]
    if message:
        who = message["user_name"] or "Somebody"
        heading = f"{who} in {place} at {moment(message['occurred_at'])}: {message['text']}"
    elif happening:
        what = happening["type"].replace("_", " ")
        by = f" by {happening['user_name']}" if happening["user_name"] else ""
        heading = f"{what}{by} in {place} at {moment(happening['occurred_at'])}"
    else:
        heading = f"{told['event_id']} is no line of chat, or its line is not kept any more."
    verdicts = [f"  {verdict['words']}{_asides(verdict)}" for verdict in told["verdicts"]]
    return [heading, *(verdicts or ["  Nothing matched it: nobody was answered."])]


def _asides(verdict: dict[str, Any]) -> str:
    """What a chatter was not told stands here."""
    error = verdict["error_message"]
    is_told = error in {"", sayings.NOTHING_DONE, sayings.NO_ANSWER, sayings.IN_DOUBT}
    said = "" if is_told else f" The module said: {error}"
    return f"{said}{_where(verdict)}{tell_refused(verdict.get('refused') or ())}"


def _where(verdict: dict[str, Any]) -> str:
    """Of what failed: whose door it was at, and how that ended."""
    status = verdict.get("response_status") or 0
    if status < _FAILED:
        return ""
    return f" It was asked at {verdict['location_url']} and ended as HTTP {status}."
