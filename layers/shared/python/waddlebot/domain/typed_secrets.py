"""Secrets that somebody typed into a line: keys and tokens by how they look, or by what they are
called. Of what is kept for long they are left out."""

from __future__ import annotations

import re

MASKED = "(hidden)"
_SIGNS = (
    *("wbot_", "xox", "xapp-", "oauth:", "eyj", "sk-", "sk_", "ghp_", "gho_", "ghs_", "glpat"),
    *("github_pat", "akia", "webhooks/", "hooks.slack", "token", "secret", "passw", "key"),
    *("signature", "bearer"),
)
"""A line without any of these holds none: looking for them costs a hundredth of the rest."""
_SHORTEST_BY_DOTS = 58

_BY_LOOKS = re.compile(
    r"""\b(?:
        wbot_[\w-]{20,}                                  # a key of ours
        | xox[a-z](?:\.[a-z]+)?-[\w.-]{8,} | xapp-[\w-]{8,}  # Slack
        | oauth:\w{20,}                                  # Twitch
        | [\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}           # a bot of Discord
        | eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}             # a JSON web token
        | (?:sk|ghp|gho|ghs|glpat|github_pat)[-_][\w-]{16,}
        | AKIA[0-9A-Z]{16}
    )""",
    re.VERBOSE | re.ASCII,
)
_BY_ADDRESS = re.compile(
    r"(?P<before>https://(?:[\w.]*discord(?:app)?\.com/api/webhooks|hooks\.slack\.com/services)/)"
    r"[\w/-]+",
    re.ASCII | re.IGNORECASE,
)
_BY_NAME = re.compile(
    r"(?P<before>(?:token|secret|passw(?:or)?d|api[_-]?key|signature)\s?[=:]\s?|\bbearer\s)[^\s&]+",
    re.ASCII | re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    if not _may_hold(text):
        return text
    text = _BY_LOOKS.sub(MASKED, text)
    for named in (_BY_ADDRESS, _BY_NAME):
        text = named.sub(rf"\g<before>{MASKED}", text)
    return text


def _may_hold(text: str) -> bool:
    plain = text.lower()
    has_dots = len(text) >= _SHORTEST_BY_DOTS and text.count(".") > 1
    return has_dots or any(sign in plain for sign in _SIGNS)
