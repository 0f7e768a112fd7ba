"""What Slack is asked to allow, each in words for whoever lets the app in (docs: "Scopes")."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

BOT_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "app_mentions:read": "hear when it is mentioned",
        "channels:history": "read public channels that it was invited to",
        "channels:read": "know what public channels are called",
        "chat:write": "write where it was invited",
        "commands": "answer /waddlebot",
        "files:read": "see what files are called, for rules",
        "groups:history": "read private channels that it was invited to",
        "groups:read": "know what those are called",
        "im:history": "read what people write to it alone",
        "im:write": "write to one person alone",
        "mpim:history": "read group messages that it was added to",
        "reactions:read": "see reactions",
        "reactions:write": "react to a message",
        "team:read": "know what the workspace is called",
        "usergroups:read": "know who is in the group that moderates",
        "users:read": "know people's names, and who is an admin",
    }
)
LENT_SCOPES: Mapping[str, str] = MappingProxyType(
    {"chat:write": "delete messages that a rule blocks: for owners and admins of the workspace"}
)
"""Of whoever connects it, each optional. Slack has no scope that only deletes: with this one a
person's token may delete what that person may, and write as they do, which nothing here does."""
DELETES = "chat:write"
