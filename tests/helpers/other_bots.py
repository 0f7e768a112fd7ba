"""Files of other bots, made by hand from their documents: a command that is said, one that is not,
and what there is of each that nothing here stands for.
"""

from __future__ import annotations

from typing import Any

NIGHTBOT = {
    "_total": 4,
    "status": 200,
    "commands": [
        {"name": "!hello", "message": "Hi $(user)!", "coolDown": 5, "userLevel": "everyone"},
        {"name": "!deaths", "message": "$(count) deaths", "count": 7, "userLevel": "moderator"},
        {"name": "!calc", "message": "$(eval 1+1)", "userLevel": "everyone"},
        {"name": "!vips", "message": "For you", "userLevel": "twitch_vip"},
    ],
}
STREAMELEMENTS = [
    {
        "command": "hello",
        "reply": "Hi ${user}!",
        "type": "say",
        "enabled": True,
        "accessLevel": 100,
        "cooldown": {"user": 5, "global": 5},
        "cost": 0,
        "aliases": ["hey"],
    },
    {"command": "calc", "reply": "${settitle Bern}", "accessLevel": 100},
    {"command": "vips", "reply": "For you", "accessLevel": 400, "cost": 50},
]
FIREBOT = {
    "11111111-1111-4111-8111-111111111111": {
        "trigger": "!hello",
        "active": True,
        "cooldown": {"global": 5, "user": 0},
        "effects": {"list": [{"type": "firebot:chat", "message": "Hi $user!"}]},
        "aliases": ["!hey"],
    },
    "22222222-2222-4222-8222-222222222222": {
        "trigger": "!calc",
        "active": True,
        "effects": {"list": [{"type": "firebot:chat", "message": "$math[1+1]"}]},
    },
    "33333333-3333-4333-8333-333333333333": {
        "trigger": "!vips",
        "active": True,
        "restrictionData": {"mode": "all", "restrictions": [{"type": "firebot:permissions"}]},
        "effects": {
            "list": [
                {"type": "firebot:chat", "message": "For you"},
                {"type": "firebot:playsound"},
            ]
        },
    },
}
YAGPDB = [
    {"trigger_type": 0, "text_trigger": "hello", "responses": ["Hi {{.User.Username}}!"]},
    {"trigger_type": 0, "text_trigger": "calc", "responses": ["{{add 1 1}}"]},
    {
        "trigger_type": 0,
        "text_trigger": "vips",
        "responses": ["For you", "For us"],
        "roles": [7],
        "roles_whitelist_mode": True,
    },
    {"trigger_type": 2, "text_trigger": "cake", "responses": ["A lie"]},
]
FILES: dict[str, Any] = {
    "firebot": FIREBOT,
    "nightbot": NIGHTBOT,
    "streamelements": STREAMELEMENTS,
    "yagpdb": YAGPDB,
}
CONVERTED, PLACEHOLDER, LOOK = "converted", "placeholder", "needs a look"
EVERY = {"hello": CONVERTED, "calc": PLACEHOLDER, "vips": LOOK}
TOLD = {
    "firebot": {**EVERY, "hey": CONVERTED},
    "nightbot": {**EVERY, "deaths": LOOK},
    "streamelements": {**EVERY, "hey": CONVERTED},
    "yagpdb": {**EVERY, "cake": LOOK},
}
"""What the report says of each name, last."""


def hostile(form: str, names: list[str], text: str) -> Any:
    """A file of this form whose commands have these names, and say this."""
    effects = {"list": [{"type": "firebot:chat", "message": text}]}
    words: dict[str, tuple[str, dict[str, Any]]] = {
        "firebot": ("trigger", {"effects": effects}),
        "nightbot": ("name", {"message": text}),
        "streamelements": ("command", {"reply": text}),
        "yagpdb": ("text_trigger", {"responses": [text]}),
    }
    field, rest = words[form]
    made = [{field: name, **rest} for name in names]
    if form == "firebot":
        return {str(number): row for number, row in enumerate(made)}
    return {"commands": made} if form == "nightbot" else made
