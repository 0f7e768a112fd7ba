"""The doors of Slack: events, slash commands and interactivity at one address, and the socket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from waddlebot.domain.errors import Rejected
from waddlebot.platforms.fields import id_at, object_at, parse_object, raw_text_at, text_at
from waddlebot.platforms.reading import PlatformPlace, facts_of
from waddlebot.platforms.received import Action, Received, WebhookAnswer, without_event
from waddlebot.platforms.slack.interactions import read_interaction
from waddlebot.platforms.slack.slash_commands import read_slash_command
from waddlebot.platforms.slack.workspace_events import read_event

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 100
_MOST_CHECK = 256


def read_webhook(
    headers: Mapping[str, str], body: bytes, *, now: datetime, asked_until: datetime
) -> Received:
    """JSON from the Events API, else a form: a slash command or interactivity.

    The signature is checked before. Raises Rejected (400) where the body is neither.
    """
    if headers.get("content-type", "").startswith(_FORM):
        return _read_form(_parse_form(body), now=now, asked_until=asked_until)
    return _read_told(parse_object(body), now=now)


def answer_unsigned(headers: Mapping[str, str], body: bytes) -> WebhookAnswer | None:
    """Slack checks an address's certificate with a form that it does not sign.

    Nothing else of it is read.

    Raises Rejected: 400, it is no form.
    """
    is_form = headers.get("content-type", "").startswith(_FORM)
    if "x-slack-signature" in headers or not is_form or len(body) > _MOST_CHECK:
        return None
    form = _parse_form(body)
    is_check = form.get("ssl_check") == "1" and form.keys() <= {"ssl_check", "token"}
    return WebhookAnswer(status=200, content_type="text/plain") if is_check else None


def read_websocket(frame: str | bytes, *, now: datetime | None = None) -> Received:
    """One frame of socket mode; what cannot be read is ignored."""
    now = now or datetime.now(UTC)
    try:
        envelope = parse_object(frame)
    except Rejected:
        return without_event(Action.IGNORE)
    kind, payload = text_at(envelope, "type"), object_at(envelope, "payload")
    if kind == "events_api":
        return _read_told(payload, now=now)
    if kind == "slash_commands":
        return read_slash_command(payload, now=now, asked_until=None)
    if kind == "interactive":
        return read_interaction(payload, now=now)
    return without_event(Action.RECONNECT if kind == "disconnect" else Action.PROTOCOL)


def _read_told(payload: dict[str, Any], *, now: datetime) -> Received:
    kind = text_at(payload, "type")
    if kind == "url_verification":
        challenge = raw_text_at(payload, "challenge").encode(errors="replace")
        answer = WebhookAnswer(body=challenge, content_type="text/plain")
        return without_event(Action.CHALLENGE, answer=answer)
    if kind == "app_rate_limited":
        place = PlatformPlace(platform="slack", server=id_at(payload, "team_id"))
        facts = facts_of(place, user_id="", text="", data={})
        return without_event(Action.LIFECYCLE, facts)
    return read_event(payload, now=now)


def _read_form(form: dict[str, str], *, now: datetime, asked_until: datetime) -> Received:
    if "payload" in form:
        return read_interaction(parse_object(form["payload"]), now=now)
    if "command" in form:
        return read_slash_command(form, now=now, asked_until=asked_until)
    return without_event(Action.IGNORE)


def _parse_form(body: bytes) -> dict[str, str]:
    from urllib.parse import parse_qsl  # what people type and do in channels is JSON

    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="replace"
        )
    except ValueError as error:
        raise Rejected(400, "BROKEN_BODY", "The body is not a form.") from error
    return dict(pairs)
