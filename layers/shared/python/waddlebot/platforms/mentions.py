"""What chat programs write for who and what a line mentions, and the same as people read it.

Discord sends `<@301>`, `<#9>`, `<@&5>`, `<:kappa:7>`, `<t:1795888800>`, Slack `<@U1|max>`,
`<#C1|general>`, `<!subteam^S1|@mods>`, `<https://…|label>`. The program that wrote it shows a name
for it, any other its letters; so what is said elsewhere, or kept, has the names instead
(docs/decisions/0053).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from waddlebot.domain.accounts import Account
from waddlebot_sdk.shown import SIGN, Shown, say_time

# Bounded, and none runs over the beginning of the next.
_MARK = re.compile(
    rf"(?<!{SIGN})<(?:"
    r"@!?(?P<discord_person>\d{1,20})|@&(?P<discord_role>\d{1,20})|#(?P<discord_channel>\d{1,20})"
    r"|a?:(?P<emoji>\w{1,64}):\d{1,20}|t:(?P<time>\d{1,11})(?::[tTdDfFsSR])?"
    r"|/(?P<command>[\w -]{1,100}):\d{1,20}"
    r"|@(?P<slack_person>[UW][A-Z0-9]{1,20})(?:\|@?(?P<person_name>[^<>|]{0,100}))?"
    r"|\#(?P<slack_channel>[CDG][A-Z0-9]{1,20})(?:\|\#?(?P<channel_name>[^<>|]{0,100}))?"
    r"|!subteam\^(?P<slack_role>[A-Z0-9]{1,20})(?:\|@?(?P<role_name>[^<>|]{0,100}))?"
    r"|!date\^[^<>|]{1,200}\|(?P<date>[^<>|]{1,100})"
    r"|(?P<link>(?:https?|mailto|tel):[^<>|\s]{1,2000})(?:\|(?P<label>[^<>]{0,500}))?"
    r")>",
    re.ASCII,
)
_OF_PLATFORMS = {
    "discord_person": ("discord", "@", "somebody"),
    "discord_role": ("discord", "@", "a role"),
    "discord_channel": ("discord", "#", "a channel"),
    "slack_person": ("slack", "@", "somebody"),
    "slack_channel": ("slack", "#", "a channel"),
    "slack_role": ("slack", "@", "a group"),
}
_SHOWN_ON = {
    "discord": frozenset(
        {"discord_person", "discord_role", "discord_channel", "emoji", "command", "link"}
    ),
    # Who that is Slack is asked where an answer leaves for it.
    "slack": frozenset({"slack_person"}),
}
_WITHOUT_ID = frozenset({"slack_role", "time", "date", "link"})
_KINDS = (*_OF_PLATFORMS, "emoji", "time", "command", "date", "link")
_LAST = datetime.max.replace(tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Of something that has an id: `kind` is `person`, `role` or `channel`."""

    platform: str
    kind: str
    id: str
    name: str
    """What the mark itself says; often nothing."""

    @property
    def account(self) -> Account:
        return Account(self.platform, self.id)


def mentions_in(text: str) -> Iterator[Mention]:
    for found in _MARK.finditer(text) if "<" in text else ():
        kind = _kind_of(found)
        if kind in _OF_PLATFORMS:
            platform, _, short = kind.partition("_")
            yield Mention(platform=platform, kind=short, id=found[kind], name=_own_name(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """`names` are those of people, channels and groups, without a sign."""

    names: Mapping[Account, str] = field(default_factory=dict)

    def said(self, text: str, *, on: str, now: datetime, zone: str) -> str:
        """As this platform shows it: its own marks stay, and those that name no id.

        Somebody may be called `<t:0:R>`, and is to be read so.
        """
        if "<" not in text:
            return text
        stays = _SHOWN_ON.get(on, frozenset()) | _WITHOUT_ID

        def worded(found: re.Match[str]) -> str:
            kind = _kind_of(found)
            is_bare = kind == "slack_role" and not _own_name(found)
            is_shown = kind in stays and not is_bare
            return found[0] if is_shown else self._worded(found, kind, now, zone)

        return _MARK.sub(worded, text)

    def kept(self, text: str, *, now: datetime, zone: str) -> Mapping[str, str]:
        """What stands for each mark in what is kept; whose name is not known keeps the id."""
        marks = {found[0]: found for found in _MARK.finditer(text)} if "<" in text else {}
        kinds = {mark: _kind_of(found) for mark, found in marks.items()}
        return {
            mark: self._worded(found, kinds[mark], now, zone)
            for mark, found in marks.items()
            if self._is_readable(found, kinds[mark])
        }

    def _is_readable(self, found: re.Match[str], kind: str) -> bool:
        """An address in `<>` is one without a preview, where it is shown."""
        if kind == "link":
            return bool(found["label"])
        return kind not in _OF_PLATFORMS or bool(self._name(found, kind))

    def _worded(self, found: re.Match[str], kind: str, now: datetime, zone: str) -> str:
        if kind in _OF_PLATFORMS:
            _, sign, nobody = _OF_PLATFORMS[kind]
            return sign + (self._name(found, kind) or nobody)
        match kind:
            case "emoji":
                return f":{found[kind]}:"
            case "command":
                return f"/{found[kind]}"
            case "time":
                at = datetime.fromtimestamp(min(int(found[kind]), _LAST), UTC)
                return say_time(at, Shown.MOMENT, now=now, zone=zone)
            case "link" if found["label"]:
                return f"{found['label']} ({found[kind]})"
            case _:
                return found[kind]

    def _name(self, found: re.Match[str], kind: str) -> str:
        platform, _, _ = _OF_PLATFORMS[kind]
        return self.names.get(Account(platform, found[kind])) or _own_name(found)


def without_marks(text: str, *, now: datetime, zone: str = "UTC") -> str:
    """What was kept with marks that need no name: times, labels, groups, emoji."""
    for mark, words in Mentioned().kept(text, now=now, zone=zone).items():
        text = text.replace(mark, words)
    return text


def _kind_of(found: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if found[kind] is not None)


def _own_name(found: re.Match[str]) -> str:
    return found["person_name"] or found["channel_name"] or found["role_name"] or ""
