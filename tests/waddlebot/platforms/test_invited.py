"""Who brought the bot, where a platform tells it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from waddlebot.domain.events import MessageType
from waddlebot.platforms.discord.events import read_gateway, read_webhook
from waddlebot.platforms.received import Action
from waddlebot.platforms.slack.workspace_events import read_event

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
BOT, WHO, SERVER = "500", "42", "7"


def audited(**more: Any) -> dict[str, Any]:
    entry = {"guild_id": SERVER, "action_type": 28, "user_id": WHO, "target_id": BOT, **more}
    return {"op": 0, "t": "GUILD_AUDIT_LOG_ENTRY_CREATE", "d": entry}


def test_discords_audit_log_and_webhook_tell_of_the_same_person() -> None:
    logged = read_gateway(audited(), now=NOW, own_id=BOT).event
    data = {"user": {"id": WHO, "username": "olga"}, "guild": {"id": SERVER}}
    body = {"type": 1, "event": {"type": "APPLICATION_AUTHORIZED", "data": data}}
    told = read_webhook({}, json.dumps(body).encode(), now=NOW, asked_until=NOW)
    assert told.action is Action.LIFECYCLE
    assert logged is not None
    assert told.watched is not None
    assert logged.id == told.watched.id
    assert logged.type is told.watched.type is MessageType.INVITED
    assert logged.user is not None
    assert logged.user.id == WHO


def test_another_bot_that_is_brought_is_nothing_to_us() -> None:
    assert read_gateway(audited(target_id="501"), now=NOW, own_id=BOT).routed is None


def test_slack_tells_who_invited_the_bot_into_a_channel() -> None:
    event = {"type": "member_joined_channel", "user": "UBOT", "channel": "C1", "inviter": "U1"}
    ours = [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}]
    envelope = {"team_id": "T1", "authorizations": ours, "event_id": "Ev1", "event": event}
    invited = read_event(envelope, now=NOW).event
    assert invited is not None
    assert (invited.type, invited.user and invited.user.id) == (MessageType.INVITED, "U1")
