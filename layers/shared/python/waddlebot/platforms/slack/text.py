"""Slack's markup, as people meant it."""

from __future__ import annotations

import re

_CHANNEL = re.compile(r"<#[CDG]\w*\|([^|<>]+)>")
_NAMED_CHANNEL = re.compile(r"<#([CDG]\w*)\|([^|<>]+)>")
_NAMED_GROUP = re.compile(r"<!subteam\^(\w+)\|@([^<>]+)>")
_SPECIAL = re.compile(r"<!(?:subteam\^\w+\|)?@?([\w@ -]+?)(?:\|[^<>]*)?>")
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^|<>\s]+)(?:\|([^<>]*))?>")
TIME = re.compile(r"<!date\^\d{1,11}\^[{}a-z_ ]{3,60}\|[^<>|^&]{1,80}>", re.ASCII)
"""The one mark of ours that is not escaped."""


def channels_in(text: str) -> dict[str, str]:
    """Ids of the channels that a line links to, by their names."""
    return {name: channel for channel, name in _NAMED_CHANNEL.findall(text)}


def groups_in(text: str) -> dict[str, str]:
    """Ids of the user groups that a line mentions, by their handles."""
    return {handle: group for group, handle in _NAMED_GROUP.findall(text)}


def named_in(text: str) -> dict[str, dict[str, str]]:
    """What a line links to, for an event's data.

    `{"channels": {name: id}, "groups": {handle: id}}`, of them what there is.
    """
    found = {"channels": channels_in(text), "groups": groups_in(text)}
    return {kind: ids for kind, ids in found.items() if ids}


def as_meant(text: str) -> str:
    """Links as typed, `<#C1|weather>` as `#weather`, escapes undone; mentions stay `<@U1>`."""
    text = _CHANNEL.sub(r"#\1", text)
    text = _SPECIAL.sub(r"@\1", text)
    text = _LINK.sub(_typed_link, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def without_mention(text: str) -> str:
    """The line without a mention at its beginning."""
    return re.sub(r"^\s*<@\w+(?:\|[^<>]*)?>[\s,:;]*", "", text)


def begins_with_mention_of(user_id: str, text: str) -> bool:
    return bool(user_id) and text.lstrip().startswith((f"<@{user_id}>", f"<@{user_id}|"))


def _typed_link(link: re.Match[str]) -> str:
    address, label = link[1], link[2]
    if not label:
        return address
    # Slack links what looks like an address by itself; then the label is what was typed.
    bare = _SCHEME.sub("", address).rstrip("/")
    is_typed = label == address or label.rstrip("/") == bare
    return label if is_typed else f"{label} ({address})"
