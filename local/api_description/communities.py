"""What the communities' routes answer; what they take FastAPI knows by itself."""

from __future__ import annotations

from collections.abc import Mapping

from local.api_description.shapes import (
    FLAG,
    MOMENT,
    NUMBER,
    OPEN,
    TEXT,
    Schema,
    by_name,
    data,
    fields,
    listed,
    maybe,
    one_of,
    page,
    succeeded,
    whole,
)
from waddlebot.domain.alerts import AlertKind
from waddlebot.domain.aliases import AliasKind
from waddlebot.domain.community_facts import EVENTS_CHANNEL, MODERATORS_CHANNEL
from waddlebot.domain.executions import Status
from waddlebot.domain.goals import Counted
from waddlebot.domain.media_files import MediaKind, MediaState
from waddlebot.domain.overlay_themes import THEMES
from waddlebot.domain.overlays import OverlaySource
from waddlebot.domain.own_settings import OWN_SETTINGS
from waddlebot.domain.standing_tiers import TIERS
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot_sdk.roles import Role

AT = "/api/communities"
ONE = f"{AT}/{{community}}"
OF_PEOPLE = "/api/identity"
OF_ROUTER = "/api/router"
KEYS = f"{OF_PEOPLE}/api-keys"

_COUNT = whole(0)
_SETTING = {"type": ["string", "integer", "boolean", "null"]}
_VALUES = {"type": ["object", "null"]}
_ROLE = one_of(*Role)
_COMMUNITY = fields(
    {
        "id": _COUNT,
        "name": TEXT,
        "home": maybe(TEXT),
        "places": _COUNT,
        "words": fields({"name": TEXT, "home": TEXT}),
    }
)
_PLACE = fields({"entity": TEXT, "is_quiet": FLAG, "off": listed(TEXT)})
_SOURCE = one_of(*OverlaySource)
_THEME = one_of(*THEMES)
_CHAT = fields({"places": listed(TEXT), "commands": FLAG})
_CHAT_OR_NONE = {"anyOf": [_CHAT, {"type": "null"}]}
_OVERLAY = fields({"source": _SOURCE, "address": TEXT, "generation": whole(1)})
_FILE = fields(
    {
        **dict.fromkeys(("name", "words"), TEXT),
        "kind": one_of(*MediaKind),
        "state": one_of(*MediaState),
        "address": maybe(TEXT),
        "bytes": whole(1),
        **dict.fromkeys(("width", "height"), maybe(whole(1))),
        "seconds": maybe(NUMBER),
        "asked_at": MOMENT,
    }
)
_FORM = fields({"url": TEXT, "fields": by_name(TEXT), "until": MOMENT})
_ROOM = fields({"files": _COUNT, "bytes": _COUNT})
_SETTINGS = fields(
    dict.fromkeys((*OWN_SETTINGS, MODERATORS_CHANNEL, EVENTS_CHANNEL), _SETTING),
)
_COMMANDS = fields({"off": listed(TEXT), "names": by_name(TEXT), "rights": by_name(_ROLE)})
_CHANGE = fields(
    {
        "id": whole(1),
        "at": MOMENT,
        **dict.fromkeys(("who", "action", "about"), TEXT),
        **dict.fromkeys(("before", "after"), _VALUES),
    }
)
_MEMBER = fields(
    {"platform": TEXT, "user_id": TEXT, "name": TEXT, "role": _ROLE, "place": maybe(TEXT)}
)
_RULE = fields(
    {
        "number": whole(1),
        "match": one_of(*MatchType),
        "pattern": TEXT,
        "action": one_of(*RuleAction),
        **dict.fromkeys(("say", "command", "webhook"), TEXT),
        "timeout_seconds": _COUNT,
        "priority": _COUNT,
        "case_sensitive": FLAG,
        "places": listed(TEXT),
    }
)
_LIMIT = fields(
    {
        "command": TEXT,
        "calls": _COUNT,
        "seconds": _COUNT,
        "together": FLAG,
        "role": _ROLE,
        "place": maybe(TEXT),
    }
)
_ALIAS = fields({"name": TEXT, "kind": one_of(*AliasKind), "text": TEXT, "usage": TEXT})
_CUSTOM = fields(
    {
        **dict.fromkeys(("name", "text", "category"), TEXT),
        "role": _ROLE,
        **dict.fromkeys(("cooldown_seconds", "person_cooldown_seconds"), whole(0)),
        "when": fields(
            {},
            more={
                **dict.fromkeys(("platforms", "places", "hours", "games"), listed(TEXT)),
                "live": FLAG,
            },
        ),
        "enabled": FLAG,
    }
)
_ALERT = fields(
    {
        "kind": one_of(*AlertKind),
        **dict.fromkeys(("platform", "text", "style", "image", "sound"), TEXT),
        "least": whole(0),
        "most": maybe(whole(0)),
        "on": FLAG,
        "seconds": whole(1),
    }
)
_GOAL = fields({"what": one_of(*Counted), "target": whole(1), "title": TEXT, "count": whole(0)})
_PLACED = fields({"place": whole(1), "name": TEXT, "points": whole(), "platforms": listed(TEXT)})
_SCORE = fields({"points": whole(), "standing": NUMBER, "tier": one_of(*TIERS)})
_EARNED = fields({"at": MOMENT, "event": TEXT, "points": whole()})
_LABEL = {"name": TEXT, "color": TEXT}
_DONE = data(fields({"changes": listed(TEXT), "dry_run": FLAG}))

_IMPORTED = data(
    fields(
        {
            "text": TEXT,
            "changes": listed(TEXT),
            "report": listed(
                fields({**dict.fromkeys(("kind", "name", "outcome", "why"), TEXT), "in_text": FLAG})
            ),
        }
    )
)

_OWN_KEY = {
    **dict.fromkeys(("id", "name", "hint"), TEXT),
    **dict.fromkeys(("created_at", "expires_at"), MOMENT),
    **dict.fromkeys(("renewed_at", "last_used_at"), maybe(MOMENT)),
    "uses": _COUNT,
}
_MADE = data(fields({**_OWN_KEY, "key": TEXT}))
_ME = fields(
    {
        "accounts": listed(fields(dict.fromkeys(("platform", "user_id", "name"), TEXT))),
        "communities": listed(fields({"id": _COUNT, "name": TEXT, "role": _ROLE})),
    }
)

_ENTITY = fields(
    {
        "id": _COUNT,
        **dict.fromkeys(("entity_id", "platform"), TEXT),
        **dict.fromkeys(
            ("server_id", "channel_id", "owner", "connection", "why", "webhook_url"), maybe(TEXT)
        ),
        "is_active": FLAG,
        "config": OPEN,
        **dict.fromkeys(("last_activity", "created_at", "updated_at"), maybe(MOMENT)),
    }
)
_COMMAND = fields(
    {
        **dict.fromkeys(("id", "rate_limit"), whole()),
        "priority": whole(),
        "timeout": NUMBER,
        **dict.fromkeys(
            ("prefix", "command", "description", "module", "location", "type", "module_type"), TEXT
        ),
        **dict.fromkeys(("trigger_type", "execution_mode"), TEXT),
        **dict.fromkeys(("own_name", "method"), maybe(TEXT)),
        "role": _ROLE,
        **dict.fromkeys(("auth_required", "is_active", "is_enabled"), FLAG),
        "event_types": listed(TEXT),
    }
)
_RESPONSE = fields(
    {
        **dict.fromkeys(("id", "execution_id", "module", "command", "session_id"), TEXT),
        **dict.fromkeys(("entity_id", "platform", "message_content", "error_message"), TEXT),
        "command_id": maybe(whole()),
        **dict.fromkeys(("user_id", "user_name"), maybe(TEXT)),
        "parameters": listed(TEXT),
        "request_payload": OPEN,
        "response_status": whole(),
        "response_data": listed(OPEN),
        "status": one_of(*Status),
        "retry_count": _COUNT,
        "execution_time_ms": NUMBER,
        "occurred_at": MOMENT,
    }
)
_NUMBERS = fields(
    {
        "since": MOMENT,
        **dict.fromkeys(("messages", "people"), _COUNT),
        **dict.fromkeys(
            (
                "commands_processed_total",
                "commands_successful_total",
                "commands_failed_total",
                "rate_limits_hit_total",
                "string_matches_total",
            ),
            _COUNT,
        ),
        "command_execution_ms_average": NUMBER,
    }
)

ANSWERS: Mapping[str, Schema] = {
    f"GET {OF_ROUTER}/entities": page(_ENTITY, TEXT),
    f"GET {OF_ROUTER}/commands": page(_COMMAND, whole()),
    f"GET {OF_ROUTER}/responses/recent": page(_RESPONSE, TEXT),
    f"GET {OF_ROUTER}/responses/{{execution_id}}": data(_RESPONSE),
    f"GET {OF_ROUTER}/metrics": data(_NUMBERS),
    f"GET {OF_PEOPLE}/me": data(_ME),
    f"GET {KEYS}": data(listed(fields(_OWN_KEY))),
    f"POST {KEYS}": _MADE,
    f"PATCH {KEYS}/{{key_id}}": data(fields({"id": TEXT, "name": TEXT})),
    f"DELETE {KEYS}/{{key_id}}": data(fields({"id": TEXT, "name": TEXT})),
    f"POST {KEYS}/{{key_id}}/regenerate": _MADE,
    f"GET {AT}": page(_COMMUNITY, _COUNT),
    f"PATCH {ONE}": data(fields({"name": TEXT})),
    f"GET {ONE}/places": page(_PLACE, TEXT),
    f"GET {ONE}/settings": data(_SETTINGS),
    f"PATCH {ONE}/settings": data(_SETTINGS),
    f"GET {ONE}/commands": data(_COMMANDS),
    f"PATCH {ONE}/commands": data(_COMMANDS),
    f"GET {ONE}/changes": page(_CHANGE, whole(1)),
    f"GET {ONE}/members": data(listed(_MEMBER)),
    f"PUT {ONE}/members": data(fields({"platform": TEXT, "user_id": TEXT, "role": _ROLE})),
    f"GET {ONE}/labels": data(listed(fields({**_LABEL, "is_everybodys": FLAG}))),
    f"POST {ONE}/labels": data(fields(_LABEL)),
    f"PATCH {ONE}/labels": data(fields(_LABEL)),
    f"DELETE {ONE}/labels": data(fields({"taken_from": _COUNT})),
    f"GET {ONE}/labels/on": data(listed(fields({"name": TEXT, "until": maybe(MOMENT)}))),
    f"POST {ONE}/labels/on": data(fields({"label": TEXT, "things": _COUNT})),
    f"DELETE {ONE}/labels/on": data(fields({"label": TEXT})),
    f"GET {ONE}/labels/search": page(TEXT, TEXT),
    f"GET {ONE}/rules": data(listed(_RULE)),
    f"POST {ONE}/rules": data(_RULE),
    f"DELETE {ONE}/rules": data(fields({"number": _COUNT})),
    f"GET {ONE}/limits": data(listed(_LIMIT)),
    f"PUT {ONE}/limits": data(_LIMIT),
    f"DELETE {ONE}/limits": data(listed(_LIMIT)),
    f"GET {ONE}/aliases": data(listed(_ALIAS)),
    f"PUT {ONE}/aliases": data(_ALIAS),
    f"PATCH {ONE}/aliases": data(fields({"name": TEXT})),
    f"DELETE {ONE}/aliases": data(_ALIAS),
    f"GET {ONE}/custom": data(listed(_CUSTOM)),
    f"PUT {ONE}/custom": data(_CUSTOM),
    f"PATCH {ONE}/custom": data(_CUSTOM),
    f"DELETE {ONE}/custom": data(_CUSTOM),
    f"PUT {ONE}/custom/counters": data(
        fields({"counter": TEXT, "counted": whole(), "before": whole()})
    ),
    f"POST {ONE}/custom/try": data(
        fields({"said": TEXT, "steps": listed(fields({"piece": TEXT, "value": TEXT}))})
    ),
    f"GET {ONE}/alerts": data(listed(_ALERT)),
    f"PUT {ONE}/alerts": data(_ALERT),
    f"DELETE {ONE}/alerts": data(listed(_ALERT)),
    f"GET {ONE}/goals": data(listed(_GOAL)),
    f"PUT {ONE}/goals": data(_GOAL),
    f"PATCH {ONE}/goals": data(_GOAL),
    f"DELETE {ONE}/goals": data(_GOAL),
    f"GET {ONE}/reputation": data(listed(_PLACED)),
    f"GET {ONE}/reputation/of": data(_SCORE),
    f"GET {ONE}/reputation/history": data(listed(_EARNED)),
    f"GET {ONE}/overlays": data(listed(_OVERLAY)),
    f"POST {ONE}/overlays/rotate": succeeded(
        data=listed(_OVERLAY), meta=fields({"before_works_until": MOMENT})
    ),
    f"POST {ONE}/overlays/test": data(fields({"kind": TEXT, "source": _SOURCE})),
    f"POST {ONE}/overlays/clear": data(fields({"sources": listed(_SOURCE)})),
    f"GET {ONE}/overlays/look": data(
        fields(
            {
                "theme": _THEME,
                "themes": listed(TEXT),
                "css": TEXT,
                "chat": _CHAT_OR_NONE,
                "events": maybe(whole(1)),
            }
        )
    ),
    f"PUT {ONE}/overlays/chat": data(_CHAT),
    f"DELETE {ONE}/overlays/chat": data({"type": "null"}),
    f"PUT {ONE}/overlays/events": data(fields({"lines": whole(1)})),
    f"DELETE {ONE}/overlays/events": data({"type": "null"}),
    f"PUT {ONE}/overlays/theme": data(fields({"theme": _THEME})),
    f"PUT {ONE}/overlays/css": data(fields({"css": TEXT})),
    f"POST {ONE}/overlays/countdown": data(fields({"seconds": whole(0)})),
    f"POST {ONE}/overlays/control": data(fields({"sources": listed(_SOURCE)})),
    f"GET {ONE}/media": succeeded(data=listed(_FILE), meta=fields({"used": _ROOM, "most": _ROOM})),
    f"POST {ONE}/media": succeeded(data=_FILE, meta=fields({"upload": _FORM})),
    f"DELETE {ONE}/media": data(fields({"name": TEXT})),
    f"POST {ONE}/media/show": data(fields({"name": TEXT, "source": _SOURCE})),
    f"GET {ONE}/text": data(fields({"text": TEXT})),
    f"PUT {ONE}/text": _DONE,
    f"POST {ONE}/text/undo": _DONE,
    f"POST {ONE}/import/{{form}}": _IMPORTED,
}
