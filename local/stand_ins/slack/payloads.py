"""Slack's objects and its request signature (docs: "Events API", "Verifying requests")."""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from local.stand_ins.asgi import Json
from local.stand_ins.people import (
    BOT_NAME,
    SLACK_APP,
    SLACK_BOT,
    SLACK_BOT_USER,
    StandInPerson,
    find_by_login,
)
from local.stand_ins.places import SERVERS, StandInPlace
from local.stand_ins.webhooks import Attempt

_last_micros = 0


def next_ts() -> str:
    """Slack's id of a message: its time, never twice the same."""
    global _last_micros  # noqa: PLW0603 # one workspace clock; two messages of a microsecond must differ
    _last_micros = max(_last_micros + 1, time.time_ns() // 1000)
    return f"{_last_micros // 1_000_000}.{_last_micros % 1_000_000:06d}"


def new_trigger_id() -> str:
    return f"{time.time_ns() // 1_000_000}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"


def sign(secret: str, body: bytes, attempt: Attempt, content_type: str) -> Mapping[str, str]:
    timestamp = str(int(time.time()))
    used = secrets.token_hex(16) if attempt.forged else secret
    base = b"v0:" + timestamp.encode() + b":" + body
    retries = {"X-Slack-Retry-Num": str(attempt.retry), "X-Slack-Retry-Reason": "http_error"}
    return {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": "v0=" + hmac.new(used.encode(), base, hashlib.sha256).hexdigest(),
        **(retries if attempt.retry else {}),
    }


def envelope(event: Json, team: str | None) -> Json:
    team = team or SERVERS["slack"]
    bot = {"enterprise_id": None, "team_id": team, "user_id": SLACK_BOT_USER}
    return {
        "token": "stand-in",
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": SLACK_APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(6).upper()}",
        "event_time": int(time.time()),
        "authorizations": [{**bot, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(12)}",
    }


def line_event(person: StandInPerson, place: StandInPlace, text: str, **more: Any) -> Json:
    """A `message` event; `more` are further fields, such as `thread_ts`."""
    ts = next_ts()
    elements = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]
    return {
        "type": "message",
        "channel": place.channel,
        "channel_type": "im" if place.private_with else "channel",
        "user": person.ids["slack"],
        "text": text,
        "ts": ts,
        "event_ts": ts,
        "client_msg_id": secrets.token_hex(16),
        "team": place.server,
        "blocks": [{"type": "rich_text", "block_id": secrets.token_hex(3), "elements": elements}],
        **more,
    }


def slash_form(
    person: StandInPerson, place: StandInPlace, text: str, *, response_url: str, trigger_id: str
) -> Json:
    command, _, rest = text.partition(" ")
    return {
        "token": "stand-in",
        "team_id": place.server,
        "team_domain": "waddlebot",
        "channel_id": place.channel,
        "channel_name": "directmessage" if place.private_with else place.name,
        "user_id": person.ids["slack"],
        "user_name": person.login,
        "command": command,
        "text": rest.strip(),
        "api_app_id": SLACK_APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def block_actions(
    person: StandInPerson,
    place: StandInPlace,
    details: Mapping[str, Any],
    *,
    response_url: str,
    trigger_id: str,
) -> Json:
    """A pressed button, or with `selected` in the details a chosen option."""
    action_id = str(details.get("action_id") or details.get("custom_id", ""))
    chosen = details.get("selected")
    option = {"text": {"type": "plain_text", "text": str(chosen)}, "value": str(chosen)}
    pressed = (
        {"type": details.get("element", "static_select"), "selected_option": option}
        if chosen is not None
        else {"type": "button", "value": str(details.get("value", action_id))}
    )
    message_ts = str(details.get("message_ts", next_ts()))
    return {
        "type": "block_actions",
        "user": {"id": person.ids["slack"], "username": person.login, "team_id": place.server},
        "api_app_id": SLACK_APP,
        "token": "stand-in",
        "container": {"type": "message", "message_ts": message_ts, "channel_id": place.channel},
        "trigger_id": trigger_id,
        "team": {"id": place.server, "domain": "waddlebot"},
        "channel": {"id": place.channel, "name": place.name},
        "message": {"type": "message", "ts": message_ts, "bot_id": SLACK_BOT, "text": ""},
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [{**pressed, "action_id": action_id, "block_id": "b", "action_ts": next_ts()}],
    }


def block_suggestion(
    person: StandInPerson, place: StandInPlace, found: Mapping[str, Any], typed: str
) -> Json:
    """What somebody types into a menu whose options are asked for; it has no trigger."""
    return {
        "type": "block_suggestion",
        "user": {"id": person.ids["slack"], "name": person.login, "team_id": place.server},
        "container": {
            "type": "message",
            "message_ts": found["message_ts"],
            "channel_id": place.channel,
            "is_ephemeral": False,
        },
        "api_app_id": SLACK_APP,
        "token": "stand-in",
        "action_id": found["action_id"],
        "block_id": "b",
        "value": typed,
        "team": {"id": place.server, "domain": "waddlebot"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": place.channel, "name": place.name},
        "message": {"type": "message", "ts": found["message_ts"], "bot_id": SLACK_BOT, "text": ""},
    }


def view_submission(
    person: StandInPerson, place: StandInPlace, view: Json, *, trigger_id: str
) -> Json:
    """A form that was sent: it says no channel, only what its maker wrote into it."""
    return {
        "type": "view_submission",
        "team": {"id": place.server, "domain": "waddlebot"},
        "user": {"id": person.ids["slack"], "username": person.login, "team_id": place.server},
        "api_app_id": SLACK_APP,
        "token": "stand-in",
        "trigger_id": trigger_id,
        "view": {**view, "team_id": place.server, "app_installed_team_id": place.server},
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }


def as_typed(text: str, channels: list[StandInPlace], groups: Mapping[str, str]) -> str:
    """What Slack's client makes of a line: escapes, @names, @groups and #channels."""
    ids = {place.name: place.channel for place in channels}

    def mention(found: re.Match[str]) -> str:
        if found[1] in groups:
            return f"<!subteam^{groups[found[1]]}|@{found[1]}>"
        person = find_by_login(found[1])
        user = (
            SLACK_BOT_USER
            if found[1].lower() == BOT_NAME.lower()
            else person and person.ids["slack"]
        )
        return f"<@{user}>" if user else found[0]

    def link(found: re.Match[str]) -> str:
        return f"<#{ids[found[1]]}|{found[1]}>" if found[1] in ids else found[0]

    escaped = html.escape(text, quote=False)
    return re.sub(r"#([\w-]+)", link, re.sub(r"@(\w+)", mention, escaped))


def pings_in(text: str) -> tuple[str, ...]:
    """Whom a message notifies: mentions in angle brackets are live on Slack."""
    return tuple(
        re.findall(r"<@\w+(?:\|[^>]*)?>|<!(?:here|channel|everyone|subteam\^\w+)[^>]*>", text)
    )


def as_read(text: str) -> str:
    """What people read of a message's text: escapes undone."""
    return html.unescape(text)


def visible_text(body: Mapping[str, Any]) -> str:
    """What its blocks say, or where there are none the text."""
    words = "\n".join(re.sub(r"\*(\S.*?)\*", r"\1", word) for word in _words_of(blocks_in(body)))
    return as_read(words or str(body.get("text") or body.get("markdown_text") or ""))


def blocks_in(body: Mapping[str, Any]) -> list[Any]:
    """A form has them as JSON."""
    blocks = body.get("blocks") or []
    found = json.loads(blocks) if isinstance(blocks, str) else blocks
    return found if isinstance(found, list) else []


def dress_of(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What Slack draws in place of the text."""
    blocks = blocks_in(body)
    return {"blocks": blocks} if blocks else None


def _words_of(node: Any) -> list[str]:
    if isinstance(node, Mapping):
        if node.get("type") == "actions":  # a client draws buttons, and reads none out
            return []
        text = node.get("text")
        own = [text] if isinstance(text, str) else []
        return own + [word for value in node.values() for word in _words_of(value)]
    if isinstance(node, (list, tuple)):
        return [word for value in node for word in _words_of(value)]
    return []
