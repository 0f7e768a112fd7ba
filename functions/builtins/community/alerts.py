"""What of that which happens is shown in OBS as an alert, and how."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin, Deciding
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.alerts.deeds import key_of, reset_alerts, set_alert
from waddlebot.domain.alerts import USUAL_SECONDS, AlertKind, AlertRule, Alerts, line_of
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command

EXAMPLE = "alerts set cheer from 100 say {name} throws {amount} bits"
LIST, OBS = say_command("alerts"), say_command("overlay general")
_NUMBER = re.compile(r"[0-9][0-9,]{0,12}")
_SECONDS = re.compile(r"([0-9]{1,4})s?")
_NUMBERS = {"from": "least", "to": "most"}
_TEXTS = {"on": "platform", "style": "style", "image": "image", "sound": "sound"}


@dataclass(frozen=True, kw_only=True)
class AlertTools(Deciding):
    @property
    def alerts(self) -> Alerts:
        alerts: Alerts = self.session.community.own["alerts"]
        return alerts

    def find(self, kind: str, wanted: Mapping[str, object]) -> AlertRule:
        """The rule that is meant, as it is or as a new one begins; with what is wanted of it."""
        asked = replace(AlertRule(kind=kind), **wanted)  # type: ignore[arg-type]  # read below
        there = {key_of(one): one for one in self.alerts.rules}
        return replace(there.get(key_of(asked), asked), **wanted)  # type: ignore[arg-type]


@command(
    "alerts list [page]",
    "List what is shown in OBS as an alert, and how.",
    also=("alerts",),
    example="alerts list",
    role=Role.MODERATOR,
)
def list_(call: Call, tools: AlertTools) -> Answer:
    rules = tools.alerts.rules
    own = {one.kind for one in rules}
    usual = ", ".join(one for one in AlertKind if one not in own)
    listed = [described(one) for one in rules]
    listed += [f"As usual: {usual}"] if usual else []
    listed += [] if tools.alerts.is_shown else [f"Nobody sees them yet: put {OBS} into OBS"]
    return Chat(say_page(listed, call, again=say_command("alerts list")))


@command(
    "alerts set <kind> [how]",
    "Say how something is shown: on twitch, from 100, to 999, for 8s, style urgent, "
    "image tada or https://…, sound fanfare, and last: say {name} gives {amount}.",
    example=EXAMPLE,
    role=Role.MODERATOR,
)
def set_(call: Call, tools: AlertTools) -> Answer:
    return _keep(call, tools)


@command(
    "alerts on <kind> [how]",
    "Show something in OBS again.",
    example="alerts on follow",
    role=Role.MODERATOR,
)
def on(call: Call, tools: AlertTools) -> Answer:
    return _keep(call, tools, on=True)


@command(
    "alerts off <kind> [how]",
    "Show something in OBS no more: everywhere, or on one platform.",
    example="alerts off join on discord",
    role=Role.MODERATOR,
)
def off(call: Call, tools: AlertTools) -> Answer:
    return _keep(call, tools, on=False)


@command(
    "alerts reset <kind> [how]",
    "Show something in OBS as usual again.",
    example="alerts reset cheer",
    role=Role.MODERATOR,
)
def reset(call: Call, tools: AlertTools) -> Answer:
    wanted = read_how(call.arguments.get("how", ""))
    platform, least = wanted.get("platform"), wanted.get("least")

    def decide(edit: Edit, asker: Asker) -> str:
        gone = reset_alerts(
            edit,
            asker,
            kind=call.arguments["kind"],
            platform=None if platform is None else str(platform),
            least=least if isinstance(least, int) else None,
        )
        return f"Taken back: {'; '.join(map(described, gone))}. See {LIST}."

    return tools.decide(call, decide)


def _keep(call: Call, tools: AlertTools, **more: object) -> Answer:
    kind = call.arguments["kind"].casefold()
    rule = tools.find(kind, {**read_how(call.arguments.get("how", "")), **more})

    def decide(edit: Edit, asker: Asker) -> str:
        kept = set_alert(edit, asker, rule)
        undo = say_command(f"alerts reset {kept.kind}{_which(kept)}")
        unseen = "" if tools.alerts.is_shown else f" Nobody sees it yet: put {OBS} into OBS."
        return f"{described(kept)}.{unseen} As usual again: {undo}"

    return tools.decide(call, decide)


def read_how(typed: str) -> dict[str, object]:
    """What was said of a rule, by its fields. Raises NotUnderstood."""
    found: dict[str, object] = {}
    rest = typed.strip()
    while rest:
        word, _, rest = rest.partition(" ")
        if word.casefold() == "say":
            found["text"] = rest.strip()
            break
        value, _, rest = rest.strip().partition(" ")
        name, read = _field(word.casefold(), value)
        found[name] = read
        rest = rest.strip()
    return found


def _field(word: str, value: str) -> tuple[str, object]:
    if word in _NUMBERS and _NUMBER.fullmatch(value):
        return _NUMBERS[word], int(value.replace(",", ""))
    if word in _TEXTS and value:
        return _TEXTS[word], value if word in {"image", "sound"} else value.casefold()
    if word == "for" and (seconds := _SECONDS.fullmatch(value)):
        return "seconds", int(seconds[1])
    raise NotUnderstood(
        f"I do not understand '{f'{word} {value}'.strip()[:40]}'. Say it like {_EX}"
    )


def described(rule: AlertRule) -> str:
    """`cheer on twitch from 100: “{name} throws {amount} bits”, style urgent, 12 s`"""
    if not rule.on:
        return f"{rule.kind}{_which(rule)}: off"
    parts = [f"“{line_of(rule, has_amount=True)}”"]
    parts += [f"style {rule.style}"] if rule.style else []
    parts += [f"{rule.seconds} s"] if rule.seconds != USUAL_SECONDS else []
    files = {kind.value: title for kind, title in rule.files}
    parts += [f"picture {files['image']}"] if "image" in files else []
    parts += ["with a picture"] if rule.image and "image" not in files else []
    parts += [f"sound {files['sound']}"] if "sound" in files else []
    return f"{rule.kind}{_which(rule)}: {', '.join(parts)}"


def _which(rule: AlertRule) -> str:
    on = f" on {rule.platform}" if rule.platform else ""
    least = f" from {rule.least}" if rule.least else ""
    most = f" to {rule.most}" if rule.most is not None else ""
    return f"{on}{least}{most}"


_EX = say_command(EXAMPLE)

MODULE = Builtin(
    tools=AlertTools,
    name="alerts",
    summary="What OBS shows of follows, gifts, raids and more.",
    commands=(set_, list_, on, off, reset),
)
