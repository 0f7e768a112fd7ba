"""Deeds and doors as they stand in the code, and what is said at each door that cannot be."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.contract.imports import ROOT
from tests.helpers.trees import nodes_of
from waddlebot import decisions
from waddlebot.decisions import parts
from waddlebot.domain.overlay_samples import SAMPLES
from waddlebot_sdk.roles import Role

DECISIONS = "waddlebot.decisions"
DOORS: Mapping[str, tuple[str, ...]] = {
    "chat": ("functions/builtins/*/*.py",),
    "api": ("functions/communities/*_routes.py", "functions/operations/*.py"),
    "page": ("functions/identity/*.py",),
}
"""The text form is a door too: the file `text.py` of each part, and the one of them all."""
OTHERS_PLACE = "twitch:channel:canary"
ANA, OLGA = "100000000000000008", "100000000000000009"
"""Olga owns the community, and has a label; Ana writes there."""
THEIRS = "100000000000000007"
"""Is known in the other community alone."""


NO_PRESET = "There is no preset '{}'. There are scams, followers, invites, insults, adult."
NO_ACTION = "'{}' is not what a preset can do: block, warn or off."


def deeds() -> frozenset[str]:
    """Every public function of the floor that takes an edit and who asks."""
    return frozenset(
        name
        for found in _files()
        for name, deed in inspect.getmembers(importlib.import_module(found), inspect.isfunction)
        if deed.__module__ == found
        and not name.startswith(("_", "check_", "find_"))
        and list(inspect.signature(deed).parameters)[:2] == ["edit", "asker"]
    )


def _files() -> Iterator[str]:
    """Those of the floor, and of the parts that are on their list."""
    for found in pkgutil.iter_modules(decisions.__path__, f"{DECISIONS}."):
        if not found.ispkg:
            yield found.name
    for part in parts.PARTS:
        folder = importlib.import_module(f"{DECISIONS}.parts.{part}")
        for found in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
            yield found.name


def doors() -> frozenset[tuple[str, str]]:
    """(deed, door) for every call of a deed that stands in a door's files."""
    known = deeds()
    return frozenset(
        (name, door) for door, file in _doors() for name in _called(file) if name in known
    )


def _doors() -> Iterator[tuple[str, Path]]:
    for door, patterns in DOORS.items():
        for pattern in patterns:
            yield from ((door, file) for file in ROOT.glob(pattern))
    for name in _files():
        if name.endswith(".text"):
            yield "text", Path(str(importlib.import_module(name).__file__))


def _called(file: Path) -> Iterator[str]:
    for node in nodes_of(file):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that cannot be, as it is said at each door; None where it cannot be said there.

    `chat` is a line; `api` method, path, body; `text` is laid over the community's own text.
    """

    say: str
    chat: str | None = None
    api: tuple[str, str, Any] | None = None
    text: Mapping[str, Any] | None = None
    role: Role = Role.OWNER


def _command(say: str, command: str, name: str) -> Wrong:
    return Wrong(
        say=say,
        chat=f'!commands rename "{command}" {name}',
        api=("PATCH", "/commands", {"command": command, "name": name}),
        text={"commands": {command: {"called": name}}},
    )


def _off(say: str, command: str) -> Wrong:
    return Wrong(
        say=say,
        chat=f"!commands off {command}",
        api=("PATCH", "/commands", {"command": command, "enabled": False}),
        text={"commands": {command: {"off": True}}},
    )


def _right(say: str, command: str, role: Role, asker: Role = Role.OWNER) -> Wrong:
    return Wrong(
        say=say,
        chat=f'!commands need "{command}" {role}',
        api=("PATCH", "/commands", {"command": command, "role": role}),
        text={"commands": {command: {"role": role}}} if asker is Role.OWNER else None,
        role=asker,
    )


def _span(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    return f"{seconds}s" if rest or not days else f"{days}d"


def _limit(say: str, command: str, calls: int, seconds: int, **more: Any) -> Wrong:
    row = {"command": command, "calls": calls, "seconds": seconds, **more}
    typed = f'!limits set "{command}" {calls} in {_span(seconds)}'
    return Wrong(
        say=say,
        chat=None if more else typed,
        api=("PUT", "/limits", row),
        text={"limits": [row]},
    )


EVERY_LINE = "A rule for every line keeps on record that it was written, and does nothing else."
NO_SERVER = "Say which server is asked: …webhook https://example.com/waddlebot"
NO_HTTPS = "An address begins with https:// here."
NO_NAME = "An address has a name here, not a number: https://example.com/…"


def _rule(say: str, kind: str, pattern: str, action: str, /, **more: Any) -> Wrong:
    row = {"match": kind, "pattern": pattern, "action": action, **more}
    seconds = f" {_span(more['timeout_seconds'])}" if "timeout_seconds" in more else ""
    rest = f"{more.get('say', '')}{more.get('command', '')}{more.get('webhook', '')}"
    typed = f'!rules add {kind} "{pattern}" {action}{seconds} {rest}'
    return Wrong(
        say=say,
        chat=None if "places" in more else typed,
        api=("POST", "/rules", row),
        text={"rules": [row]},
    )


def _role(say: str, user: str, role: Role, asker: Role, **more: str) -> Wrong:
    row = {"platform": "discord", "user": user, "role": role, **more}
    body = {("user_id" if key == "user" else key): value for key, value in row.items()}
    return Wrong(
        say=say,
        chat=None if more else f"!roles give <@{user}> {role}",
        api=("PUT", "/members", body),
        text={"roles": [row]} if asker is Role.OWNER else None,
        role=asker,
    )


def _name(say: str, name: str) -> Wrong:
    return Wrong(
        say=say,
        chat=f"!community name {name}",
        api=("PATCH", "", {"name": name}),
        text={"name": name},
    )


def _setting(say: str, typed: str, key: str, value: Any) -> Wrong:
    return Wrong(
        say=say,
        chat=f"!settings set {typed} {value}",
        api=("PATCH", "/settings", {key: value}),
        text={"settings": {key: value}},
    )


def _points(say: str, event: str, points: Any, chat: str | None = None) -> Wrong:
    return Wrong(
        say=say,
        chat=chat or f"!reputation points {event} {points}",
        text={"modules": {"points": {event: points}}},
    )


def _of_module(say: str, module: str, value: Any) -> Wrong:
    return Wrong(say=say, text={"modules": {module: {"key": value}}})


def _label(say: str, name: str, color: str = "#112233") -> Wrong:
    """A label that is there already is no difference to a text."""
    return Wrong(
        say=say,
        chat=f'!labels make "{name}" {color}',
        api=("POST", "/labels", {"name": name, "color": color}),
        text=None if "already" in say else {"labels": {name: {"color": color}}},
    )


def _recolor(say: str, name: str, color: str) -> Wrong:
    return Wrong(say=say, api=("PATCH", "/labels", {"name": name, "color": color}))


def _hung(say: str, label: str, user: str = ANA, *, text: bool = True) -> Wrong:
    row = {"kind": "user", "thing": f"discord:{user}"}
    return Wrong(
        say=say,
        chat=f"!labels add <@{user}> {label}" if user.isdigit() and len(user) < 20 else None,
        api=(
            "POST",
            "/labels/on",
            {"kind": "user", "things": [f"discord:{user}"], "label": label},
        ),
        text={"labels": {label: {"on": [row]}}} if text else None,
    )


def _hung_on(say: str, kind: str, thing: str) -> Wrong:
    row = {"kind": kind, "thing": thing}
    return Wrong(
        say=say,
        api=("POST", "/labels/on", {"kind": kind, "things": [thing], "label": "ours"}),
        text={"labels": {"ours": {"on": [row]}}},
    )


def _taken(say: str, label: str, user: str = ANA) -> Wrong:
    query = f"/labels/on?kind=user&thing=discord:{user}&label={label}"
    return Wrong(say=say, chat=f"!labels take <@{user}> {label}", api=("DELETE", query, None))


def _dropped(say: str, label: str) -> Wrong:
    return Wrong(
        say=say, chat=f"!labels drop {label}", api=("DELETE", f"/labels?name={label}", None)
    )


def _installed(say: str, name: str) -> Wrong:
    return Wrong(say=say, chat=f"!module install {name}", text={"installed": [name]})


def _alias(say: str, name: str, text: str) -> Wrong:
    return Wrong(
        say=say,
        chat=f"!alias add {name} = {text}",
        api=("PUT", "/aliases", {"name": name, "text": text}),
        text={"aliases": {name: text}},
    )


def _alias_renamed(say: str, name: str, to: str) -> Wrong:
    return Wrong(
        say=say,
        chat=f"!alias rename {name} {to}",
        api=("PATCH", "/aliases", {"name": name, "to": to}),
    )


_HI = {"name": "hi", "text": "Hello"}


def _custom(say: str, name: str, text: str, **more: Any) -> Wrong:
    typed = f"-cd={more['cooldown_seconds']}s " if more else ""
    in_text = {"text": text, **({"cooldown": more["cooldown_seconds"]} if more else {})}
    return Wrong(
        say=say,
        chat=f"!addcom {typed}{name} {text}",
        api=("PUT", "/custom", {"name": name, "text": text, **more}),
        text={"custom": {name: in_text}},
    )


def _custom_changed(say: str, name: str, text: str = "Hello") -> Wrong:
    return Wrong(
        say=say,
        chat=f"!editcom {name} {text}",
        api=("PATCH", "/custom", {"name": name, "text": text}),
    )


def _no_place(place: str) -> Wrong:
    return Wrong(
        say=f"{place} is no place of this community.",
        chat=f"!overlay chat on {place}",
        api=("PUT", "/overlays/chat", {"places": [place]}),
        text={"chat_box": {"on": True, "places": [place]}},
    )


def _no_theme(theme: str) -> Wrong:
    return Wrong(
        say=f"There is no theme '{theme}'. There are night, day, neon, outline.",
        chat=f"!overlay theme {theme}",
        api=("PUT", "/overlays/theme", {"theme": theme}),
        text={"overlays": {"theme": theme}},
    )


def _no_lines(lines: int) -> Wrong:
    return Wrong(
        say="1 to 10 events can stand there.",
        chat=f"!overlay events on {lines}",
        api=("PUT", "/overlays/events", {"lines": lines}),
        text={"event_list": {"lines": lines}},
    )


def _no_css(say: str, css: str) -> Wrong:
    return Wrong(
        say=say, api=("PUT", "/overlays/css", {"css": css}), text={"overlays": {"css": css}}
    )


NOT_FETCHED = (
    "Nothing is fetched from elsewhere: url() takes pictures as data:image/png;base64,… (line 1)."
)
NO_CSS = (
    (NOT_FETCHED, "p { background: url(https://example.org/x.png) }"),
    (NOT_FETCHED, "p { background: url('//example.org/x.png') }"),
    ("image-set() cannot be used here (line 1).", "p { background: image-set('x.png' 1x) }"),
    ("'behavior' cannot be set here (line 1).", "p { behavior: none }"),
    ("A style sheet has 16,000 bytes at most.", "p { color: red }\n" * 1_000),
    ("That is nested too deep for a style sheet.", "p { width: " + "(" * 30 + ")" * 30 + " }"),
)


def _alert(say: str, kind: str, typed: str = "", /, **more: Any) -> Wrong:
    row = {"kind": kind, **more}
    return Wrong(
        say=say,
        chat=f"!alerts set {kind} {typed}",
        api=("PUT", "/alerts", row),
        text={"alerts": [row]},
    )


def _goal(say: str, what: str, target: int, title: str = "") -> Wrong:
    return Wrong(
        say=say,
        chat=f"!goal set {what} {target} {title}",
        api=("PUT", "/goals", {"what": what, "target": target, "title": title}),
    )


NO_COUNTED = "There is no goal for '{}'. There are follows, subs, bits, raids, members, boosts."
NO_GOAL = "There is no goal for {0}. Set one: !goal set {0} 50"
NO_KIND = (
    "There is no alert '{}'. There are follow, sub, resub, gift, cheer, raid, donation, join, "
    "boost."
)
NO_FILE = "There is no file 'nothing'. All of them: !media"
NO_ALERT = "There is no rule like that for {}. See !alerts."
ALERT_PLACES = "An alert's text knows {name}, {amount}, {tier}, {message}, and no "
NO_ALIAS = "There is no alias '{}'. See !alias list."
ALIAS_NAME = "The name of an alias is one word of at most 50 letters, digits, emoji and _."
HIDES = "{} is a command already, and no alias hides one: choose another name."
NO_CUSTOM = "There is no custom command '{}'. See !custom list."
CUSTOM_NAME = "The name of a custom command is one word of at most 50 letters, digits, emoji and _."
OF_HOUSE = "{} is a command of the house already: choose another name."
NOT_COUNTED = "No custom command counts '{}'. Write $(count) in one."
NO_STEP = "Each step of a chain is a command: '{}' is none."
NO_FUNCTION = "There is no community function '{}'. See !module list."
OF_THE_HOUSE = "{} is part of the house and works everywhere. Off: !command off {}"
TAKEN = "There is a command '{}' already."
ONE_WORD = "A name is one word of 2 to 25 letters and digits."
KEEPS = "{} keeps its name: only single words of ours have others."
NO_COMMAND = "There is no command '{}'. See !help."
MENDS = "!command always works, so that the others can be switched on again."
STAYS = "{} stays with {}."
UNUSABLE = "Ask one of the owners: you could not use it yourself."
TAKES_BACK = "{} always works, so that limits can be taken back."
AMOUNT = "A limit is at least 1 and at most 10,000 in at most 24h."
NEVER_LIMITED = (
    "{} is never limited: everybody may see what is kept about them, and have it erased."
)
RULE_THERE = "Rule 1 does that already. To put another in its place: !rules off 1"
OPENS_NOTHING = (
    "A label '{}' would give nobody anything, though it is called like a command. Choose another "
    "name; the label 'memories' lets people keep quotes."
)
TIME_OUT = "A time-out lasts at least 1s and at most 14d."
NOT_HERE = f"{OTHERS_PLACE} is no place of this community."
MORE_THAN_HAS = "That takes more than you have here: ask one of the {}."
PLATFORMS = "There are the platforms discord, slack, twitch."
AN_ID = "A person is the platform's own id, 64 characters at most."
A_NAME = "A name is 3 to 60 letters, digits, spaces and signs such as - or &."
A_PREFIX = "A prefix is one to three signs, such as ! or ?, and not /, #, @ or <."
SOME_DAYS = "Say for how many days: 0 for nothing, at most 30."
A_LANGUAGE = "Say a language like en, de or pt-BR."
A_NUMBER = "Say a whole number, at most 10,000."
A_LABEL = "A label is 1 to 40 letters, digits, spaces and hyphens."
A_COLOR = "A colour is written like #6366f1."
NO_LABEL = "There is no label '{}'."
EVERYBODYS = "The label '{}' is everybody's."
NOT_SEEN = "I have not seen {} here yet. Ask them to say something first."
A_PERSON = (
    "A person is platform:id, like twitch:123. There are the platforms discord, slack, twitch."
)
AN_ID_OF_A_THING = "An id has 255 characters at most, and each can be seen."

NO_SOURCES = ("tikcer", "ticker2", "sound", "0", "mediä", "x" * 40)
NO_SAMPLES = ("tikcer", "overlay", "raids", "0", "fóllow", "x" * 40)


def _no_source(typed: str, chat: str, method: str, path: str, **more: str) -> Wrong:
    body = {"source": typed, **more} if method == "POST" else None
    return Wrong(
        say=f"There is no source '{typed}'. There are ticker, media, general.",
        chat=f"{chat} {typed}",
        api=(method, path if body else f"{path}?source={quote(typed)}", body),
    )


def _no_sample(typed: str) -> Wrong:
    return Wrong(
        say=f"There is no sample '{typed}'. There are {', '.join(SAMPLES)}.",
        chat=f"!overlay test {typed}",
        api=("POST", "/overlays/test", {"kind": typed}),
    )


NO_FILES = ("nothing", "canary", "t!da", "0", "táda", "x" * 40)
A_FILE_NAME = "A file is called by up to 40 letters a to z, digits, - and _, as 'tada'."
A_TYPE = (
    "I take image/png, image/jpeg, image/gif, image/webp, audio/wav, audio/ogg, audio/mpeg, and no "
    "other type."
)


def _no_file(typed: str, deed: str) -> Wrong:
    return Wrong(
        say=f"There is no file '{typed}'. All of them: !media",
        chat=f"!media {deed} {typed}",
        api=("DELETE", f"/media?name={quote(typed)}", None)
        if deed == "remove"
        else ("POST", "/media/show", {"name": typed}),
    )


def _upload(say: str, name: str, content_type: str, size: int) -> Wrong:
    return Wrong(
        say=say, api=("POST", "/media", {"name": name, "type": content_type, "bytes": size})
    )


WRONGS: Mapping[str, tuple[Wrong, ...]] = {
    "ask_upload": (
        _upload(A_FILE_NAME, "ta da", "image/png", 9),
        _upload(A_FILE_NAME, "../tada", "image/png", 9),
        _upload(A_FILE_NAME, "", "image/png", 9),
        _upload(A_TYPE, "tada", "image/svg+xml", 9),
        _upload(A_TYPE, "tada", "text/html", 9),
        _upload("A file of type image has at most 4 MB.", "tada", "image/png", 4_000_001),
        _upload("A file of type sound has at most 1 MB.", "tada", "audio/ogg", 1_000_001),
        _upload("A file of type sound has at most 1 MB.", "tada", "audio/ogg", 0),
    ),
    "remove_media": tuple(_no_file(typed, "remove") for typed in NO_FILES),
    "show_media": tuple(_no_file(typed, "show") for typed in NO_FILES),
    "show_overlays": tuple(
        _no_source(typed, "!overlay", "GET", "/overlays") for typed in NO_SOURCES
    ),
    "rotate_overlays": tuple(
        _no_source(typed, "!overlay rotate", "POST", "/overlays/rotate") for typed in NO_SOURCES
    ),
    "clear_overlays": tuple(
        _no_source(typed, "!overlay clear", "POST", "/overlays/clear") for typed in NO_SOURCES
    ),
    "try_overlay": tuple(map(_no_sample, NO_SAMPLES)),
    "show_chat": (
        *map(_no_place, (OTHERS_PLACE, "twitch:channel:nothing", "discord:channel:9/9")),
        *map(_no_place, ("slack:channel:T9/C9", "twitch:channel:-1", "discord:channel:1")),
    ),
    "list_events": tuple(map(_no_lines, (0, 11, 12, 99, 100, 9999))),
    "set_theme": tuple(map(_no_theme, ("nothing", "dark", "nights", "0", "neon2", "url(x)"))),
    "set_css": tuple(_no_css(*one) for one in NO_CSS),
    "rename_command": (
        _command(TAKEN.format("rules"), "!quote", "rules"),
        _command(TAKEN.format("help"), "!quote", "help"),
        _command(TAKEN.format("ours"), "!note", "ours"),
        _command(ONE_WORD, "!quote", "x"),
        _command(ONE_WORD, "!quote", "a-b"),
        _command(KEEPS.format("#roll"), "#roll", "dice"),
        _command(KEEPS.format("!roles give"), "!roles give", "promote"),
        _command(KEEPS.format("!score"), "!score", "punkte"),
        _command(MENDS, "!commands off", "disable"),
        _command(NO_COMMAND.format("!nothing"), "!nothing", "something"),
        Wrong(  # one of two commands of one name would be lost
            say=TAKEN.format("zitat"),
            text={"commands": {"!note": {"called": "zitat"}, "!stats": {"called": "zitat"}}},
        ),
    ),
    "switch_command": (
        _off(MENDS, "!command"),
        _off(MENDS, "!commands off"),
        _off(MENDS, "!commands on"),
        _off(MENDS, "commands"),
        _off(NO_COMMAND.format("!nothing"), "!nothing"),
        _off(NO_COMMAND.format("nothing"), "nothing"),
        Wrong(
            say=MENDS,
            chat="!commands off !command here",
            text={"commands": {"!command": {"off_in": ["discord:channel:9/1"]}}},
        ),
        Wrong(say=NOT_HERE, text={"commands": {"!quote": {"off_in": [OTHERS_PLACE]}}}),
    ),
    "say_who_may_use": (
        _right(STAYS.format("!roles give", "admins"), "!roles give", Role.USER),
        _right(STAYS.format("!command off", "admins"), "!commands off", Role.MODERATOR),
        _right(STAYS.format("!community name", "owners"), "!community name", Role.ADMIN),
        _right(STAYS.format("!settings set", "admins"), "!settings set", Role.USER),
        _right(NO_COMMAND.format("!nothing"), "!nothing", Role.ADMIN),
        _right(UNUSABLE, "!quote", Role.OWNER, Role.ADMIN),
        _right("quiet is a module: only commands have a role.", "quiet", Role.ADMIN),
    ),
    "set_limit": (
        _limit(TAKES_BACK.format("!limits set"), "!limits set", 1, 60),
        _limit(TAKES_BACK.format("!limits clear"), "!limits clear", 1, 60),
        _limit(NEVER_LIMITED.format("!privacy"), "!privacy", 1, 60),
        _limit(NEVER_LIMITED.format("!privacy erase"), "!privacy erase", 1, 60),
        _limit(NO_COMMAND.format("!nothing"), "!nothing", 1, 60),
        _limit(AMOUNT, "!quote", 3, 86_401),
        _limit(AMOUNT, "!quote", 3, 366 * 86_400),
        _limit(AMOUNT, "!quote", 10_001, 60),
        _limit(AMOUNT, "!quote", 3, 0),
        _limit("quiet is a module: only commands have limits.", "quiet", 1, 60),
        _limit(NOT_HERE, "!quote", 3, 60, place=OTHERS_PLACE),
    ),
    "clear_limits": (
        *(
            Wrong(
                say=say,
                chat=f'!limits clear "{command}"',
                api=None if command == "all" else ("DELETE", f"/limits?command={command}", None),
            )
            for command, say in (
                ("!note", "No limit is set for !note. See !limits."),
                ("!help", "No limit is set for !help. See !limits."),
                ("!roles give", "No limit is set for !roles give. See !limits."),
                ("all", "No limit is set for all commands. See !limits."),
                ("!nothing", NO_COMMAND.format("!nothing")),
                ("nothing", NO_COMMAND.format("nothing")),
            )
        ),
    ),
    "add_rule": (
        _rule(TIME_OUT, "word", "adverts", "block", timeout_seconds=15 * 86_400),
        _rule(TIME_OUT, "word", "adverts", "block", timeout_seconds=366 * 86_400),
        _rule(
            "Look-around such as (?=…) or (?<!…) is not possible: it can take for ever.",
            *("regex", "(?=x)", "block"),
        ),
        _rule(
            "That pattern also hits an empty line, so it would hit every line.",
            *("regex", "a*", "block"),
        ),
        _rule(NO_COMMAND.format("!nothing"), "word", "hi", "command", command="!nothing"),
        _rule("A rule says 400 characters at most.", "word", "hi", "warn", say="x" * 401),
        _rule(EVERY_LINE, "*", "*", "block"),
        _rule(EVERY_LINE, "*", "*", "warn", say="Read by everybody."),
        _rule(NOT_HERE, "word", "hi", "warn", places=[OTHERS_PLACE]),
        # Said in chat, the line itself is what the rule hits first.
        replace(_rule(RULE_THERE, "contains", "Free OURS", "block"), chat=None),
        replace(_rule(RULE_THERE, "contains", "free ours", "block", say="Not here."), chat=None),
        _rule(NO_SERVER, "word", "hi", "webhook"),
        _rule(NO_HTTPS, "word", "hi", "webhook", webhook="http://example.com/"),
        _rule(NO_NAME, "word", "hi", "webhook", webhook="https://169.254.169.254/latest"),
        _rule(NO_NAME, "word", "hi", "webhook", webhook="https://[::1]/"),
        _rule(NO_NAME, "word", "hi", "webhook", webhook="https://2130706433/"),
    ),
    "set_preset": tuple(
        Wrong(say=say, chat=f"!rules preset {typed}")
        for say, typed in (
            *((NO_PRESET.format(name), f"{name} block") for name in ("nothing", "*", "scam", "1")),
            (NO_ACTION.format("ban"), "scams ban"),
            (NO_ACTION.format("command"), "scams command"),
        )
    ),
    "set_alias": (
        _alias(ALIAS_NAME, "a-b", "Hello"),
        _alias(ALIAS_NAME, "x" * 51, "Hello"),
        _alias(HIDES.format("!help"), "help", "Hello"),
        _alias(HIDES.format("!command"), "command", "!quote"),
        _alias(NO_STEP.format("then"), "hi", "!quote && then"),
        _alias("That alias would lead back to itself: !hi → !hi.", "hi", "!hi"),
        _alias("!hi would run more than 5 commands.", "hi", " && ".join(["!quote"] * 6)),
        # A text's own fields are no longer either.
        replace(_alias("An alias stands for 500 characters at most.", "hi", "x" * 501), text=None),
        _alias("There are the places $1 to $20, $2- and $*. A dollar alone is \\$.", "hi", "$99"),
    ),
    "set_custom": (
        _custom(CUSTOM_NAME, "a-b", "Hello"),
        _custom(CUSTOM_NAME, "x" * 51, "Hello"),
        _custom(OF_HOUSE.format("!help"), "help", "Hello"),
        _custom(OF_HOUSE.format("!command"), "command", "Hello"),
        _custom("A variable has no end: '$(user' lacks a ')'.", "hi", "$(user"),
        _custom("A cooldown is a day at most.", "hi", "Hello", cooldown_seconds=86_401),
        Wrong(
            say="There is no platform 'myspace'. There are twitch, discord, slack.",
            api=("PUT", "/custom", {**_HI, "when": {"platforms": ["myspace"]}}),
            text={"custom": {"hi": {"text": "Hello", "platforms": ["myspace"]}}},
        ),
        Wrong(
            say=f"{OTHERS_PLACE} is no place of this community.",
            chat=f"!addcom -when={OTHERS_PLACE} hi Hello",
            api=("PUT", "/custom", {**_HI, "when": {"places": [OTHERS_PLACE]}}),
            text={"custom": {"hi": {"text": "Hello", "places": [OTHERS_PLACE]}}},
        ),
        # A text's own fields are no longer either.
        replace(
            _custom("A custom command has 500 characters at most.", "hi", "x" * 501), text=None
        ),
    ),
    "change_custom": tuple(
        _custom_changed(NO_CUSTOM.format(name), name)
        for name in ("nothing", "quote", "a-b", "1", "canary", "x" * 50)
    ),
    "remove_custom": tuple(
        Wrong(
            say=NO_CUSTOM.format(name),
            chat=f"!delcom {name}",
            api=("DELETE", f"/custom?name={name}", None),
        )
        for name in ("nothing", "quote", "a-b", "1", "canary", "x" * 50)
    ),
    "rename_custom": tuple(
        Wrong(
            say=NO_CUSTOM.format(name),
            chat=f"!custom rename {name} ho",
            api=("PATCH", "/custom", {"name": name, "to": "ho"}),
        )
        for name in ("nothing", "quote", "a-b", "1", "canary", "x" * 50)
    ),
    "set_custom_count": tuple(
        Wrong(
            say=NOT_COUNTED.format(name),
            chat=f"!custom count {name} {number}",
            api=("PUT", "/custom/counters", {"counter": name, "counted": number}),
        )
        for name, number in zip(
            ("nothing", "quote", "1", "none", "a_b", "x" * 50),
            (0, 1, -1, 7, 99, 10**15),
            strict=True,
        )
    ),
    "control_overlays": tuple(
        _no_source(typed, "!overlay skip", "POST", "/overlays/control", control="skip")
        for typed in NO_SOURCES
    ),
    "set_alert": (
        _alert(NO_KIND.format("folow"), "folow"),
        _alert(NO_KIND.format("0"), "0"),
        _alert(PLATFORMS, "raid", "on irc", platform="irc"),
        _alert(
            "A follow has no amount. There is one of resub, gift, cheer, raid, donation.",
            *("follow", "from 10"),
            least=10,
        ),
        _alert(
            "An amount goes from 0 to 1,000,000,000, the smaller one first.",
            *("cheer", "from 10 to 9"),
            least=10,
            most=9,
        ),
        _alert(f"{ALERT_PLACES}{{nam}}.", "raid", "say {nam} is here", text="{nam} is here"),
        _alert(
            "An alert's style is one of info, success, warning, urgent, default.",
            *("raid", "style red"),
            style="red",
        ),
        _alert("An alert stays for 1 to 60 seconds.", "raid", "for 61s", seconds=61),
        _alert("An alert stays for 1 to 60 seconds.", "raid", "for 0", seconds=0),
        _alert(NO_HTTPS, "raid", "image http://example.com/a", image="http://example.com/a"),
        _alert(NO_FILE, "raid", "image nothing", image="nothing"),
        _alert(NO_FILE, "raid", "sound nothing", sound="nothing"),
        _alert(NO_NAME, "raid", "image https://127.0.0.1/a", image="https://127.0.0.1/a"),
        _alert(
            "An alert's text has 200 characters at most.",
            *("raid", f"say {'x' * 201}"),
            text="x" * 201,
        ),
    ),
    "reset_alerts": (
        *(
            Wrong(
                say=NO_KIND.format(kind),
                chat=f"!alerts reset {kind}",
                api=("DELETE", f"/alerts?kind={kind}", None),
            )
            for kind in ("folow", "0", "x" * 40)
        ),
        *(
            Wrong(
                say=NO_ALERT.format(kind),
                chat=f"!alerts reset {kind}",
                api=("DELETE", f"/alerts?kind={kind}", None),
            )
            for kind in ("follow", "sub", "boost")
        ),
    ),
    "set_goal": (
        *(_goal(NO_COUNTED.format(what), what, 50) for what in ("sub", "0", "x" * 40)),
        _goal("A goal goes from 1 to 1,000,000,000.", "subs", 0),
        _goal("A goal goes from 1 to 1,000,000,000.", "subs", 10**9 + 1),
        _goal("A goal's title has 60 characters at most.", "subs", 50, title="x" * 61),
    ),
    "count_goal": tuple(
        Wrong(
            say=say.format(what),
            chat=f"!goal count {what} {count}",
            api=("PATCH", "/goals", {"what": what, "count": count}),
        )
        for say, what, count in (
            *((NO_COUNTED, what, 5) for what in ("sub", "0", "x" * 40)),
            *((NO_GOAL, what, 5) for what in ("subs", "bits", "raids")),
        )
    ),
    "remove_goal": tuple(
        Wrong(
            say=say.format(what),
            chat=f"!goal remove {what}",
            api=("DELETE", f"/goals?what={what}", None),
        )
        for say, what in (
            *((NO_COUNTED, what) for what in ("sub", "0", "x" * 40)),
            *((NO_GOAL, what) for what in ("subs", "bits", "raids")),
        )
    ),
    "count_down": (
        *(
            Wrong(
                say="A countdown has 12 hours at most.",
                chat=f"!countdown {hours}h Soon",
                api=("POST", "/overlays/countdown", {"seconds": hours * 3600, "title": "Soon"}),
            )
            for hours in (13, 14, 24, 48, 100)
        ),
        Wrong(
            say="A countdown's title has 60 characters at most.",
            chat=f"!countdown 5m {'x' * 61}",
            api=("POST", "/overlays/countdown", {"seconds": 300, "title": "x" * 61}),
        ),
    ),
    "remove_alias": tuple(
        Wrong(
            say=NO_ALIAS.format(name),
            chat=f"!alias remove {name}",
            api=("DELETE", f"/aliases?name={name}", None),
        )
        for name in ("nothing", "quote", "a-b", "1", "canary", "x" * 50)
    ),
    "rename_alias": (
        *(_alias_renamed(NO_ALIAS.format(name), name, "ho") for name in ("nothing", "quote", "1")),
        _alias_renamed(HIDES.format("!help"), "hi", "help"),
        _alias_renamed(ALIAS_NAME, "hi", "a-b"),
        _alias_renamed(ALIAS_NAME, "hi", "x" * 51),
    ),
    "set_counted": tuple(
        Wrong(say=NO_ALIAS.format(name), chat=f"!alias count {name} {number}")
        for name, number in zip(
            ("nothing", "quote", "1", "none", "a_b", "x" * 50),
            (0, 1, -1, 7, 99, 10**15),
            strict=True,
        )
    ),
    "turn_off_rule": tuple(
        Wrong(
            say=f"There is no rule {number} at work. See !rules list.",
            chat=f"!rules off {typed}",
            api=("DELETE", f"/rules?number={number}", None),
        )
        for number, typed in ((0, "0"), (9, "9"), (9, "#9"), (7, "007"), (10**9, 10**9), (8, "8"))
    ),
    "give_role": (
        _role(MORE_THAN_HAS.format("admins"), ANA, Role.ADMIN, Role.ADMIN),
        _role(MORE_THAN_HAS.format("owners"), ANA, Role.OWNER, Role.ADMIN),
        _role(MORE_THAN_HAS.format("owners"), OLGA, Role.MODERATOR, Role.ADMIN),
        _role(PLATFORMS, ANA, Role.ADMIN, Role.OWNER, platform="irc"),
        _role(NOT_HERE, ANA, Role.ADMIN, Role.OWNER, place=OTHERS_PLACE),
        _role(AN_ID, "8" * 65, Role.ADMIN, Role.OWNER, name="long"),
        _role(AN_ID, "8\u200b8", Role.ADMIN, Role.OWNER, name="unseen"),
    ),
    "name_community": (
        _name(A_NAME, "a:b"),
        _name(A_NAME, "discord:server:77"),
        _name(A_NAME, "ab"),
        _name(A_NAME, "x" * 61),
        _name(A_NAME, "-abc"),
        _name("There is a community called The canary already.", "The canary"),
        _name("There is a community called the CANARY already.", "the CANARY"),
    ),
    "change_setting": (
        _setting(A_PREFIX, "prefix", "prefix", "wb"),
        _setting(A_PREFIX, "prefix", "prefix", "/"),
        _setting(A_PREFIX, "prefix", "prefix", "!!!!"),
        _setting(SOME_DAYS, "keep", "keep_days", 31),
        _setting(SOME_DAYS, "keep", "keep_days", -1),
        _setting(
            "'Moon' is no time zone. Say it like Europe/Berlin or UTC.",
            *("timezone", "time_zone", "Moon"),
        ),
        _setting(A_LANGUAGE, "language", "language", "klingonese"),
        _setting(
            "Say a user group of Slack's, like @mods or S0614TZR7.",
            *("moderator-group", "moderator_group", "<mods>"),
        ),
    ),
    "set_points": (
        _points(A_NUMBER, "raid", 10_001),
        _points(A_NUMBER, "raid", -10_001),
        _points(A_NUMBER, "raid", 99_999_999),
        _points(A_NUMBER, "raid", "much"),
        _points(A_NUMBER, "raid", value := True, chat=f"!reputation points raid {value}"),
        Wrong(say="raid is worth what it is everywhere.", chat="!reputation points raid usual"),
    ),
    "set_module_setting": (
        _of_module("There is no module 'names'.", "names", "!quote"),
        _of_module("There is no module 'waddlebot'.", "waddlebot", "?"),
        _of_module("There is no module 'nothing'.", "nothing", 1),
        _of_module("There is no module '!quote'.", "!quote", 1),
        _of_module("A setting's number is less than 9,007,199,254,740,992.", "memories", 2**53),
        _of_module("A setting's number is less than 9,007,199,254,740,992.", "memories", -(10**40)),
    ),
    "set_moderators_channel": tuple(
        Wrong(
            say=f"{place} is no place of this community.",
            chat=f"!settings set moderators {place}",
            api=("PATCH", "/settings", {"moderators_channel": place}),
            text={"settings": {"moderators_channel": place}},
        )
        for place in (OTHERS_PLACE, "twitch", "twitch:channel:2", "x", "irc:channel:1", "1")
    ),
    "set_events_channel": tuple(
        Wrong(
            say=f"{place} is no place of this community.",
            chat=f"!settings set events {place}",
            api=("PATCH", "/settings", {"events_channel": place}),
            text={"settings": {"events_channel": place}},
        )
        for place in (OTHERS_PLACE, "twitch", "twitch:channel:2", "x", "irc:channel:1", "1")
    ),
    "set_quiet": tuple(
        Wrong(say=f"{place} is no place of this community.", text={"quiet": [place]})
        for place in (OTHERS_PLACE, "twitch", "twitch:channel:2", "x", "irc:channel:1", "1")
    ),
    "make_label": (
        _label(A_LABEL, "a/b"),
        _label(A_LABEL, "x" * 41),
        _label(A_LABEL, "-x-"),
        _label(A_COLOR, "new", "red"),
        _label(A_COLOR, "new", "#12345"),
        _label(OPENS_NOTHING.format("rules"), "rules"),
        _label(OPENS_NOTHING.format("quote"), "quote"),
        _label(OPENS_NOTHING.format("help"), "help"),
        _label("There is a label 'ours' already.", "ours"),
        _label("There is a label 'memories' already.", "memories"),
    ),
    "recolor_label": (
        _recolor(A_LABEL, "a/b", "#112233"),
        _recolor(A_COLOR, "ours", "red"),
        _recolor(A_COLOR, "ours", "#1122334"),
        _recolor(NO_LABEL.format("nothing"), "nothing", "#112233"),
        _recolor(EVERYBODYS.format("memories"), "memories", "#112233"),
        _recolor(NO_LABEL.format("canary"), "canary", "#112233"),
    ),
    "drop_label": (
        _dropped(A_LABEL, "a/b"),
        _dropped(A_LABEL, "x" * 41),
        _dropped(NO_LABEL.format("nothing"), "nothing"),
        _dropped(NO_LABEL.format("canary"), "canary"),
        _dropped(EVERYBODYS.format("memories"), "memories"),
        _dropped(A_LABEL, "-x-"),
    ),
    "hang_label": (
        _hung(NO_LABEL.format("nothing"), "nothing"),
        _hung(NO_LABEL.format("canary"), "canary"),
        _hung(A_LABEL, "a/b"),
        _hung(A_LABEL, "x" * 41),
        _hung("The label 'ours' is there already.", "ours", OLGA, text=False),
        _hung(AN_ID_OF_A_THING, "ours", "8" * 255),
        _hung(NOT_SEEN.format(f"discord:{THEIRS}"), "ours", THEIRS),
        _hung_on(NOT_SEEN.format("twitch:canary"), "user", "twitch:canary"),
        _hung_on(A_PERSON, "user", "canary"),
        _hung_on(A_PERSON, "user", "irc:1"),
        _hung_on(NOT_HERE, "entity", OTHERS_PLACE),
        _hung_on("canary-line was not written here, or is forgotten.", "event", "canary-line"),
        _hung_on("There is no module 'canary'.", "module", "canary"),
        _hung_on("A memory is named by the number that it has here.", "memory", "m-canary"),
    ),
    "take_label": (
        _taken(NO_LABEL.format("nothing"), "nothing"),
        _taken(NO_LABEL.format("canary"), "canary"),
        _taken(A_LABEL, "a/b"),
        _taken(A_LABEL, "x" * 41),
        _taken("There is no label 'ours' on it.", "ours"),
        _taken("There is no label 'memories' on it.", "memories"),
    ),
    "install_module": (
        *(_installed(NO_FUNCTION.format(name), name) for name in ("nothing", "#", "x", "!note")),
        *(_installed(OF_THE_HOUSE.format(name, name), name) for name in ("quiet", "rules")),
        _installed("There is no community function 'rol'. Did you mean roll?", "rol"),
    ),
    "remove_module": tuple(
        Wrong(
            say=f"'{name}' is not installed here. See !module list.", chat=f"!module remove {name}"
        )
        for name in ("roll", "nothing", "quiet", "x", "!note", "canary")
    ),
    "join_home": tuple(
        Wrong(
            say="That word is not known, or too old. Ask for another: !community invite",
            chat=f"!community join {word}",
        )
        for word in ("22222222", "x", "!", "ABCDEFGH", "0", "''")
    ),
}

HAVE_NO_WRONG_INPUT: Mapping[str, str] = {
    "undo_rule": "it takes nothing: what it may is tried by who asks",
    "drop_limit": "the text form alone takes back one limit; what is not there is gone",
    "hide_events": "it takes nothing: what it may is tried by who asks",
    "hide_chat": "it takes nothing: what it may is tried by who asks",
    "invite_home": "it takes nothing: what it may is tried by who asks",
    "leave_home": "it takes nothing: what it may is tried by who asks",
    "put_rules_in_order": "the text form alone does it, and what is there no more has no place",
    "bring_text": "each deed's own wrong inputs come through it",
    "disconnect": "one button of a page names it: whose it is, is tried in tests/journey",
    **dict.fromkeys(
        ("make_own_key", "rename_own_key", "renew_own_key", "revoke_own_key", "revoke_own_keys"),
        "a key is a person's, of no community: tried in tests/functions/communities/test_own_keys",
    ),
    "take_back_text": "it takes nothing: what it may is tried by who asks",
}

BY_ONE_OF_ONE_PLACE: Mapping[str, tuple[str, ...]] = {
    "show_overlays": ("!overlay",),
    "rotate_overlays": ("!overlay rotate",),
    "try_overlay": ("!overlay test",),
    "clear_overlays": ("!overlay clear",),
    "show_chat": ("!overlay chat on", "!overlay chat on here"),
    "hide_chat": ("!overlay chat off",),
    "list_events": ("!overlay events on", "!overlay events 3"),
    "hide_events": ("!overlay events off",),
    "set_theme": ("!overlay theme neon",),
    "remove_media": ("!media remove tada",),
    "show_media": ("!media show tada",),
    "control_overlays": ("!overlay pause", "!overlay skip"),
    "set_goal": ("!goal set subs 50",),
    "count_goal": ("!goal count subs 5",),
    "remove_goal": ("!goal remove subs",),
    "count_down": ("!countdown 10m", "!countdown stop"),
    "set_alert": ("!alerts set raid from 10", "!alerts off follow"),
    "reset_alerts": ("!alerts reset raid",),
    "rename_command": ("!commands rename !quote zitat",),
    "switch_command": ("!commands off !quote", "!commands off !quote here"),
    "say_who_may_use": ("!commands need !quote admin",),
    "set_limit": ("!limits set !quote 3 in 1m", "!limits set !quote 3 in 1m here"),
    "clear_limits": ("!limits clear !note", "!limits clear all"),
    "add_rule": (
        "!rules add contains banana block",
        "!rules add contains pineapple webhook https://example.com/waddlebot",
    ),
    "set_preset": ("!rules preset invites block", "!rules preset insults off"),
    "turn_off_rule": ("!rules off 1", "!rules off 2"),
    "undo_rule": ("!rules undo", "!rules undo", "!rules undo"),
    "set_custom": ("!addcom hi Hello",),
    "change_custom": ("!editcom hi Hello", "!custom off hi", "!custom rest hi 5s"),
    "remove_custom": ("!delcom hi",),
    "rename_custom": ("!custom rename hi ho",),
    "set_custom_count": ("!custom count hi 3",),
    "set_alias": ("!alias add hi = Hello", "!alias edit hi = Hello"),
    "remove_alias": ("!alias remove hi",),
    "rename_alias": ("!alias rename hi ho",),
    "set_counted": ("!alias count hi 3",),
    "give_role": (f"!roles give <@{ANA}> moderator", f"!roles give <@{OLGA}> user"),
    "name_community": ("!community name The Gulls",),
    "change_setting": ("!settings set prefix ?", "!settings set keep 3"),
    "set_moderators_channel": ("!settings set moderators here",),
    "set_events_channel": ("!settings set events here",),
    "set_points": ("!reputation points chatMessage 50",),
    "set_quiet": ("!waddlebot off",),
    "make_label": ("!labels make regular",),
    "drop_label": ("!labels drop ours",),
    "hang_label": (f"!labels add <@{ANA}> ours",),
    "take_label": (f"!labels take <@{OLGA}> ours",),
    "install_module": ("!module install roll",),
    "remove_module": ("!module remove roll",),
    "invite_home": ("!community invite",),
    "join_home": ("!community join 7F3KQ9TZ",),
    "leave_home": ("!community leave really",),
    "make_own_key": ("!keys make laptop",),
    "rename_own_key": ("!keys rename laptop desk",),
    "renew_own_key": ("!keys renew laptop",),
    "revoke_own_key": ("!keys revoke laptop",),
    "revoke_own_keys": ("!keys revoke all",),
}
"""What an owner of one channel alone types; what holds elsewhere stays as it is."""

HAVE_FEWER_DOORS: Mapping[str, str] = {
    "set_counted": "a text holds what is decided, not what was counted",
    "change_custom": "a text says all of it, as set_custom does",
    "rename_custom": "a text says by which name it is called, not by which it was",
    "set_custom_count": "a text holds what is decided, not what was counted",
    "rename_alias": "a text says by which name it is called, not by which it was",
    "set_preset": "a text names each of its rules",
    "undo_rule": "a text says what is to be, not what came last",
}


def merged(own: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are laid over each other, rows come behind those that are there."""
    both = dict(own)
    for key, value in more.items():
        if isinstance(value, Mapping):
            both[key] = merged(own.get(key, {}), value)
        elif isinstance(value, list):
            both[key] = [*own.get(key, []), *value]
        else:
            both[key] = value
    return both
