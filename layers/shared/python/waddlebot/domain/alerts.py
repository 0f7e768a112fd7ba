"""Which alert something becomes: the rules of a community, and what holds where it has none.

The more particular comes first: a rule of the platform before one of all platforms, and of those
whose amounts hold it the one that begins at the highest. Who has a rule of a kind has it instead of
what is usual for that kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.media_files import MediaKind, read_title
from waddlebot.domain.shown_addresses import is_public
from waddlebot.domain.web_addresses import read_web_address
from waddlebot_sdk.own_words import say_command


class AlertKind(StrEnum):
    """As the page has them (functions/overlay/shown.py)."""

    FOLLOW = "follow"
    SUB = "sub"
    RESUB = "resub"
    GIFT = "gift"
    CHEER = "cheer"
    RAID = "raid"
    DONATION = "donation"
    JOIN = "join"
    BOOST = "boost"


USUAL_SECONDS = 8
MOST_SECONDS = 60
MOST_TEXT = 200
MOST_AMOUNT = 10**9
MOST_RULES = 100
STYLES = ("info", "success", "warning", "urgent", "default")
"""Of a rule that has none it is the colour of its kind."""

COUNTED = frozenset(
    {AlertKind.RESUB, AlertKind.GIFT, AlertKind.CHEER, AlertKind.RAID, AlertKind.DONATION}
)
"""They have an amount: months, subs, bits, viewers, money."""
PRIORITIES: Mapping[AlertKind, int] = {
    AlertKind.DONATION: 2,
    AlertKind.RAID: 2,
    AlertKind.GIFT: 3,
    AlertKind.CHEER: 4,
    AlertKind.SUB: 4,
    AlertKind.RESUB: 4,
    AlertKind.BOOST: 4,
    AlertKind.JOIN: 8,
    AlertKind.FOLLOW: 8,
}
"""1 comes first; of too many that wait the last are left out."""
_USUAL_TEXTS: Mapping[AlertKind, tuple[str, str]] = {
    AlertKind.FOLLOW: ("{name} follows",) * 2,
    AlertKind.SUB: ("{name} subscribed",) * 2,
    AlertKind.RESUB: ("{name} subscribed for {amount} month{s}", "{name} subscribed again"),
    AlertKind.GIFT: ("{name} gifts {amount} sub{s}", "{name} gifts a sub"),
    AlertKind.CHEER: ("{name} cheers {amount} bit{s}", "{name} cheers"),
    AlertKind.RAID: ("{name} raids with {amount}", "{name} raids"),
    AlertKind.DONATION: ("{name} gives {amount}", "{name} gives something"),
    AlertKind.JOIN: ("{name} is here",) * 2,
    AlertKind.BOOST: ("{name} boosts this server",) * 2,
}
"""With an amount, and without."""
PLACES = frozenset({"name", "amount", "tier", "message", "s"})
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """Of one kind, from `least` to `most` (None: any more) of its amount, on one platform or all.

    `text` is a line with places, empty for what is usual; `{s}` is one unless the amount is 1.
    `image` is an address or a picture of the community by its title, `sound` one of its sounds.
    """

    kind: str
    platform: str = ""
    least: int = 0
    most: int | None = None
    on: bool = True
    text: str = ""
    style: str = ""
    seconds: int = USUAL_SECONDS
    image: str = ""
    sound: str = ""

    @property
    def files(self) -> tuple[tuple[MediaKind, str], ...]:
        """Those of the community that it names."""
        image = "" if _is_address(self.image) else self.image
        named = ((MediaKind.IMAGE, image), (MediaKind.SOUND, self.sound))
        return tuple((kind, title) for kind, title in named if title)

    def without(self, kind: MediaKind) -> AlertRule:
        is_image = kind is MediaKind.IMAGE
        return replace(self, image="") if is_image else replace(self, sound="")

    def holds(self, amount: float) -> bool:
        return self.least <= amount and (self.most is None or amount <= self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """What a community decided of them. `is_shown`: there is an address where they would be.

    `goals` are what is counted (domain/goals.py). `files` are paths of what rules name, by title.
    """

    is_shown: bool = False
    rules: tuple[AlertRule, ...] = ()
    goals: frozenset[str] = frozenset()
    files: Mapping[str, str] = field(default_factory=dict)


def find_alert(
    rules: Iterable[AlertRule], kind: AlertKind, platform: str, amount: float
) -> AlertRule | None:
    """The rule by which it is shown; None: it is not."""
    ours = [one for one in rules if one.kind == kind and one.platform in {"", platform}]
    if not ours:
        return AlertRule(kind=kind)
    there = [one for one in ours if one.platform] or ours
    holding = [one for one in there if one.holds(amount)]
    found = max(holding, key=lambda one: one.least, default=None)
    return found if found and found.on else None


def line_of(rule: AlertRule, *, has_amount: bool) -> str:
    usual, without = _USUAL_TEXTS[AlertKind(rule.kind)]
    return rule.text or (usual if has_amount else without)


def fill_line(line: str, places: Mapping[str, str]) -> str:
    """As it reads; what stands in a place is no place again."""
    several = "" if places.get("amount") == "1" else "s"
    known = {**places, "s": several}
    return _PLACE.sub(lambda found: known.get(found[1], found[0]), line)


def check_alert(rule: AlertRule, platforms: Iterable[str]) -> AlertRule:
    """As it is kept. Raises Refusal."""
    rule = replace(rule, kind=read_kind(rule.kind).value)
    if rule.platform and rule.platform not in platforms:
        raise _wrong(f"There are the platforms {', '.join(sorted(platforms))}.", "platform")
    _check_amounts(rule)
    _check_text(rule.text)
    if rule.style and rule.style not in STYLES:
        raise _wrong(f"An alert's style is one of {', '.join(STYLES)}.", "style")
    if not 1 <= rule.seconds <= MOST_SECONDS:
        raise _wrong(f"An alert stays for 1 to {MOST_SECONDS} seconds.", "seconds")
    if _is_address(rule.image):
        _check_picture(rule.image)
    if _is_address(rule.sound):
        raise _wrong(f"A sound is a file of this community. All: {say_command('media')}", "sound")
    return replace(rule, image=_title(rule.image, "image"), sound=_title(rule.sound, "sound"))


def read_kind(typed: str) -> AlertKind:
    """Raises Refusal."""
    wanted = typed.strip().casefold()
    if wanted not in set(AlertKind):
        words = f"There is no alert '{typed[:40]}'. There are {', '.join(AlertKind)}."
        raise _wrong(words, "kind")
    return AlertKind(wanted)


def _is_address(text: str) -> bool:
    return "/" in text


def _check_picture(address: str) -> None:
    read_web_address(address)
    if not is_public(address):
        words = "OBS loads pictures from the open web alone: https://example.com/raid.png"
        raise _wrong(words, "image")


def _title(text: str, field_name: str) -> str:
    """As it is kept; an address stays what it is. Raises Refusal."""
    if not text or _is_address(text):
        return text
    title = read_title(text)
    if not title:
        words = f"There is no file '{text[:40]}'. All of them: {say_command('media')}"
        raise Refusal(words, Because.WRONG, code="UNKNOWN_FILE", field=field_name)
    return title


def _check_amounts(rule: AlertRule) -> None:
    if AlertKind(rule.kind) not in COUNTED and (rule.least or rule.most is not None):
        counted = ", ".join(one for one in AlertKind if one in COUNTED)
        raise _wrong(f"A {rule.kind} has no amount. There is one of {counted}.", "least")
    most = MOST_AMOUNT if rule.most is None else rule.most
    if not 0 <= rule.least <= most <= MOST_AMOUNT:
        raise _wrong(f"An amount goes from 0 to {MOST_AMOUNT:,}, the smaller one first.", "least")


def _check_text(text: str) -> None:
    if len(text) > MOST_TEXT:
        raise _wrong(f"An alert's text has {MOST_TEXT} characters at most.", "text")
    unknown = [one for one in _PLACE.findall(text) if one not in PLACES]
    if unknown:
        known = ", ".join(f"{{{one}}}" for one in ("name", "amount", "tier", "message"))
        raise _wrong(f"An alert's text knows {known}, and no {{{unknown[0][:20]}}}.", "text")


def _wrong(words: str, field: str) -> Refusal:
    return Refusal(words, Because.WRONG, field=field)
