"""A community as one readable file: TOML, written from facts and read back into them."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import tomli_w

from functions.communities.text_size import why_not_parsed
from functions.communities.text_table import Part, wrong
from waddlebot.decisions.text import TextForm
from waddlebot.domain.community_facts import CHANNELS, NOT_SAID, FactKind, Facts, Key
from waddlebot.domain.entities import EntityId
from waddlebot.domain.labels import Labelled, read_color, read_label_name
from waddlebot.domain.own_settings import OWN_SETTINGS
from waddlebot.domain.string_rules import USUAL_PRIORITY, MatchType, RuleAction, StringRule
from waddlebot_sdk.roles import Role
from waddlebot_sdk.wishes import STRANGERS_MAY

FORM = 1
MOST_NUMBER = 10**9

Table = dict[str, Any]


def write_text(facts: Facts) -> str:
    by_kind: dict[FactKind, dict[Key, Any]] = defaultdict(dict)
    for (kind, *about), value in facts.items():
        by_kind[kind][tuple(about)] = value
    document: Table = {
        "waddlebot": FORM,
        "name": by_kind[FactKind.NAME].get((), ""),
        "quiet": sorted(entity for (entity,) in by_kind[FactKind.QUIET]),
        "installed": sorted(module for (module,) in by_kind[FactKind.INSTALLED]),
        "may": {module: list(may) for (module,), may in _sorted(by_kind[FactKind.INSTALLED])},
        "settings": {key: value for (key,), value in sorted(by_kind[FactKind.SETTING].items())},
        "modules": _modules(by_kind[FactKind.MODULE]),
        "commands": _commands(by_kind),
        "labels": _labels(by_kind),
        "limits": [_limit(*one) for one in _sorted(by_kind[FactKind.LIMIT])],
        "rules": list(_rules(by_kind[FactKind.RULE])),
        "roles": [_role(*one) for one in _sorted(by_kind[FactKind.ROLE])],
    }
    return tomli_w.dumps({name: part for name, part in document.items() if part or name == "name"})


def _sorted(facts: Mapping[Key, Any]) -> list[tuple[Key, Any]]:
    return sorted(facts.items(), key=lambda one: [str(part or "") for part in one[0]])


def _modules(facts: Mapping[Key, Any]) -> Table:
    modules: dict[str, Table] = defaultdict(dict)
    for (module, key), value in sorted(facts.items()):
        modules[module][key] = value
    return dict(modules)


def _commands(by_kind: Mapping[FactKind, Mapping[Key, Any]]) -> Table:
    commands: dict[str, Table] = defaultdict(dict)
    for (name,) in by_kind[FactKind.OFF]:
        commands[name]["off"] = True
    for name, entity in sorted(by_kind[FactKind.OFF_AT]):
        commands[name].setdefault("off_in", []).append(entity)
    for (name,), called in by_kind[FactKind.CALLED].items():
        commands[name]["called"] = called
    for (name,), role in by_kind[FactKind.RIGHT].items():
        commands[name]["role"] = role.value
    return {name: dict(sorted(table.items())) for name, table in sorted(commands.items())}


def _labels(by_kind: Mapping[FactKind, Mapping[Key, Any]]) -> Table:
    labels: dict[str, Table] = defaultdict(dict)
    for (name,), color in by_kind[FactKind.LABEL].items():
        labels[name]["color"] = color
    for (kind, thing, name), until in sorted(by_kind[FactKind.LABELLED].items()):
        row = {"kind": kind, "thing": thing, "until": until}
        hanging = {key: value for key, value in row.items() if value}
        labels[name].setdefault("on", []).append(hanging)
    return dict(sorted(labels.items()))


def _limit(about: Key, value: tuple[int, int]) -> Table:
    command, entity, role, together = about
    row = {
        "command": command,
        "calls": value[0],
        "seconds": value[1],
        "together": together,
        "role": "" if role is Role.USER else role.value,
        "place": entity or "",
    }
    return {key: one for key, one in row.items() if one or key in ("command", "calls", "seconds")}


def _rules(facts: Mapping[Key, Any]) -> Iterator[Table]:
    for (rule,), _ in sorted(facts.items(), key=lambda one: (one[0][0].priority, one[1])):
        row = {
            "match": rule.match_type.value,
            "pattern": rule.pattern,
            "action": rule.action.value,
            "say": rule.say,
            "command": rule.command,
            "webhook": rule.webhook,
            "timeout_seconds": rule.timeout_seconds,
            "priority": None if rule.priority == USUAL_PRIORITY else rule.priority,
            "case_sensitive": rule.case_sensitive,
            "places": sorted(rule.entities),
        }
        always = ("match", "pattern", "action", "priority")
        yield {key: one for key, one in row.items() if one or (key in always and one is not None)}


def _role(about: Key, value: tuple[Role, str]) -> Table:
    platform, user, entity = about
    role, name = value
    row = {"platform": platform, "user": user, "role": role.value, "name": name, "place": entity}
    return {key: one for key, one in row.items() if one}


def read_text(text: str) -> dict[Key, Any]:
    """What is possible is for whoever brings it in to say.

    Raises:
        Refusal: it is not read, and where.
    """
    problem = why_not_parsed(text)
    if problem:
        raise wrong("text", problem)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError, too
        raise wrong("text", f"it is no TOML: {error}") from error
    top = Part(document, "")
    if top.number("waddlebot", most=10**6) != FORM:
        raise wrong("waddlebot", f"this release reads form {FORM}")
    facts: dict[Key, Any] = {(FactKind.NAME,): top.text("name")}
    facts |= {(FactKind.QUIET, entity): True for entity in top.texts("quiet")}
    for part in (_read_installed, _read_settings, _read_modules, _read_commands, _read_labels):
        facts |= part(top)
    for row in top.rows("limits"):
        _put(facts, _read_limit(row), row)
    for number, row in enumerate(top.rows("rules")):
        facts.setdefault((FactKind.RULE, _read_rule(row)), number)
    for row in top.rows("roles"):
        _put(facts, _read_role(row), row)
    top.check_end()
    return facts


def _put(facts: dict[Key, Any], read: Mapping[Key, Any], row: Part) -> None:
    """Of two rows about the same nobody knows which is meant."""
    if facts.keys() & read.keys():
        raise wrong(row.at.rstrip("."), "another row says the same, or otherwise")
    facts |= read


def _read_installed(top: Part) -> dict[Key, Any]:
    """With what each may; of texts without a word on that, nobody knows what was agreed to."""
    said, facts = top.table("may"), dict[Key, Any]()
    for module in top.texts("installed"):
        is_said = module in said.fields
        may = said.some_of(module, sorted(STRANGERS_MAY)) if is_said else NOT_SAID
        facts[FactKind.INSTALLED, module] = may
    said.check_end()
    return facts


def _read_settings(top: Part) -> dict[Key, Any]:
    table = top.table("settings")
    facts: dict[Key, Any] = {}
    for key in list(table.left):
        if key in CHANNELS:
            facts[FactKind.SETTING, key] = table.text(key)
        elif key in OWN_SETTINGS:
            value = table.read(key, OWN_SETTINGS[key].read)
            if value != OWN_SETTINGS[key].usual:
                facts[FactKind.SETTING, key] = value
    table.check_end()
    return facts


def _read_modules(top: Part) -> dict[Key, Any]:
    modules = top.table("modules")
    facts: dict[Key, Any] = {}
    for module in list(modules.left):
        table = modules.table(module)
        for key in list(table.left):
            facts[FactKind.MODULE, module, key] = table.setting(key)
    return facts


def _read_commands(top: Part) -> dict[Key, Any]:
    commands = top.table("commands")
    facts: dict[Key, Any] = {}
    for typed in list(commands.left):
        table, name = commands.table(typed), typed.lower()
        read: dict[Key, Any] = {(FactKind.OFF, name): True} if table.flag("off") else {}
        read |= {(FactKind.OFF_AT, name, entity): True for entity in table.texts("off_in")}
        if "called" in table.left:
            read[FactKind.CALLED, name] = table.text("called").lower()
        if "role" in table.left:
            read[FactKind.RIGHT, name] = table.role("role")
        table.check_end()
        _put(facts, read, table)
    return facts


def _read_labels(top: Part) -> dict[Key, Any]:
    labels = top.table("labels")
    facts: dict[Key, Any] = {}
    for typed in list(labels.left):
        table, name = labels.table(typed), labels.checked(typed, read_label_name, typed)
        if "color" in table.left:
            _put(facts, {(FactKind.LABEL, name): table.read("color", read_color)}, table)
        for row in table.rows("on"):
            until = row.moment("until")
            kind = row.one_of("kind", Labelled)
            key = (FactKind.LABELLED, kind.value, row.text("thing", usual=""), name)
            row.check_end()
            _put(facts, {key: until}, row)
        table.check_end()
    return facts


def _read_limit(row: Part) -> dict[Key, Any]:
    key = (
        FactKind.LIMIT,
        row.text("command", usual="", may_be_empty=True).lower(),
        row.text("place", usual="") or None,
        row.role("role", usual=Role.USER),
        row.flag("together"),
    )
    value = (row.number("calls", most=MOST_NUMBER), row.seconds("seconds", most=MOST_NUMBER))
    row.check_end()
    return {key: value}


def _read_rule(row: Part) -> StringRule:
    rule = StringRule(
        id=0,
        match_type=row.one_of("match", MatchType),
        pattern=row.text("pattern"),
        action=row.one_of("action", RuleAction),
        say=row.text("say", usual=""),
        command=row.text("command", usual=""),
        webhook=row.text("webhook", usual=""),
        timeout_seconds=row.seconds("timeout_seconds", most=MOST_NUMBER, usual=0),
        priority=row.number("priority", most=10_000, usual=USUAL_PRIORITY),
        case_sensitive=row.flag("case_sensitive"),
        entities=frozenset(map(EntityId, row.texts("places"))),
    )
    row.check_end()
    return rule


def _read_role(row: Part) -> dict[Key, Any]:
    about = (row.text("platform"), row.text("user"), row.text("place", usual="") or None)
    role = row.role("role")
    if role is Role.USER:
        raise row.wrong("role", "who has no role is not listed")
    value = (role, row.text("name", usual=""))
    row.check_end()
    return {(FactKind.ROLE, *about): value}


TOML = TextForm(read=read_text, write=write_text)
