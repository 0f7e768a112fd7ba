"""What built-ins offer for an argument while somebody types it.

Those are asked that a command is for: what a completer names its person may list as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from functions.builtins.tools import InSession, WithCommands, WithStores
from waddlebot.domain import rule_sayings
from waddlebot.domain.aliases import AliasKind, aliases_of, described, read_alias
from waddlebot.domain.custom_commands import custom_of
from waddlebot.domain.custom_commands import described as describe_custom
from waddlebot.domain.custom_counting import counters_of
from waddlebot.domain.custom_readers import read_by, role_in
from waddlebot.domain.rule_presets import PRESETS
from waddlebot.domain.typed import usable_here
from waddlebot.stores.labels import LabelSearch
from waddlebot_sdk import Call, Choice
from waddlebot_sdk.completions import Completer, read_completers
from waddlebot_sdk.module import Command

T = TypeVar("T", bound=InSession)

ROLES = ("moderator", "admin", "owner")
FOR_WHOM = ("everybody", "moderators", "admins", "owners")


def fitting(known: Mapping[str, str], typed: str) -> list[Choice]:
    """Those in which what is typed stands, those that begin with it first.

    `known` are values, each with what is shown for it.
    """
    wanted = typed.strip().casefold()
    found = [
        Choice(value, shown)
        for value, shown in known.items()
        if wanted in value.casefold() or wanted in shown.casefold()
    ]
    return sorted(found, key=lambda one: not one.value.casefold().startswith(wanted))


def command_names(_call: Call, tools: WithCommands) -> Sequence[str]:
    """Of those that this person may use here, as they are called here; the likeliest first."""
    known = [one for those in tools.table.modules().values() for one in those]
    usable = usable_here(known, tools.session)
    usable.sort(key=lambda one: (one.role.rank, len(one.path), one.path))
    return [one.name.removeprefix(tools.session.community.words.prefix) for one in usable]


def names_to_read(call: Call, tools: WithCommands) -> Sequence[str]:
    """Commands, and modules with any of them."""
    modules = tools.table.modules().items()
    usable = [module for module, those in modules if usable_here(those, tools.session)]
    return [*command_names(call, tools), *usable]


def names_to_switch(_call: Call, tools: WithCommands) -> Sequence[str]:
    """Commands and modules, those that are off as well."""
    modules = tools.table.modules()
    of_modules = [one.typed for those in modules.values() for one in those]
    words = tools.session.community.words
    shown = [words.shown(one).removeprefix(words.prefix) for one in of_modules]
    return [*modules, *sorted(shown, key=lambda one: (len(one.split()), one))]


def names_to_install(call: Call, tools: WithCommands) -> Sequence[Choice]:
    """Community functions that are not installed here."""
    there, installed = tools.table.community_functions(), tools.session.community.installed
    hears = {one: f"{one}: hears {', '.join(there[one]) or 'nothing'}" for one in there}
    new = {one: told for one, told in hears.items() if one not in installed}
    return fitting(new, call.text)


def names_installed(_call: Call, tools: InSession) -> Sequence[str]:
    return sorted(tools.session.community.installed)


def alias_names(call: Call, tools: InSession) -> Sequence[Choice]:
    """With what each stands for."""
    return _aliases(call, tools, frozenset(AliasKind))


def counting_aliases(call: Call, tools: InSession) -> Sequence[Choice]:
    return _aliases(call, tools, frozenset({AliasKind.COUNTER}))


def custom_names(call: Call, tools: InSession) -> Sequence[Choice]:
    """With what each says, those that are off as well."""
    return _custom(call, tools, frozenset({True, False}))


def custom_names_on(call: Call, tools: InSession) -> Sequence[Choice]:
    return _custom(call, tools, frozenset({True}))


def custom_names_off(call: Call, tools: InSession) -> Sequence[Choice]:
    return _custom(call, tools, frozenset({False}))


def custom_counters(_call: Call, tools: InSession) -> Sequence[str]:
    known = custom_of(tools.session.community).values()
    return sorted({counter for one in known for counter in counters_of(one.name, one.text)})


def custom_categories(_call: Call, tools: InSession) -> Sequence[str]:
    known = custom_of(tools.session.community).values()
    return sorted({one.category for one in known} - {""})


def completing_custom(one: Command[T]) -> Command[T]:
    """A command about custom commands, with what is offered for each argument of that kind."""
    known: Mapping[str, Completer[Any] | Sequence[str]] = {
        "name": custom_names,
        "counter": custom_counters,
        "role": FOR_WHOM,
        "category": custom_categories,
    }
    named = {argument.name for argument in one.usage.arguments}
    asked = {name: completer for name, completer in known.items() if name in named}
    return replace(one, completes=read_completers(one.usage, asked))


def label_names(_call: Call, tools: WithStores) -> Sequence[str]:
    community = tools.session.community
    search = LabelSearch(tools.postgres, community.id, version=community.version)
    return [label.name for label in search.list_all()]


def rule_numbers(call: Call, tools: InSession) -> Sequence[Choice]:
    """With what each looks for."""
    rules = tools.session.community.rules
    return fitting({str(one.id): rule_sayings.describe_rule(one) for one in rules}, call.text)


def rules_that_ask(call: Call, tools: InSession) -> Sequence[Choice]:
    """Those that ask a server."""
    rules = [one for one in tools.session.community.rules if one.webhook]
    return fitting({str(one.id): rule_sayings.describe_rule(one) for one in rules}, call.text)


def preset_names(call: Call, _tools: InSession) -> Sequence[Choice]:
    return fitting({one.name: f"{one.name}: {one.summary}" for one in PRESETS.values()}, call.text)


def _aliases(call: Call, tools: InSession, kinds: frozenset[AliasKind]) -> Sequence[Choice]:
    words = tools.session.community.words
    texts = sorted(aliases_of(tools.session.community).items())
    read = [read_alias(name, text) for name, text in texts]
    known = {
        one.name: words.reword(f"{one.name} = {described(one)}")
        for one in read
        if one.kind in kinds
    }
    return fitting(known, call.text)


def _custom(call: Call, tools: InSession, enabled: frozenset[bool]) -> Sequence[Choice]:
    """Those whose texts are for this person: a choice shows what they say."""
    words = tools.session.community.words
    found = read_by(role_in(tools.session), custom_of(tools.session.community).values())
    known = {
        one.name: words.reword(describe_custom(one)) for one in found if one.enabled in enabled
    }
    return fitting(known, call.text)
