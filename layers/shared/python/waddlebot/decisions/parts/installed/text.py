"""`installed`: a list of community functions; `may`: what each was granted."""

from __future__ import annotations

from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, PartText, sorted_rows
from waddlebot.decisions.parts.installed.deeds import install_module, remove_module
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, at
from waddlebot.domain.errors import Because, Refusal
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.wishes import STRANGERS_MAY, read_may

NOT_SAID = "not said"
"""The value of what a text has installed without a word on what it may."""


def _shown(_key: Key, may: tuple[str, ...]) -> str:
    granted = " and ".join(one.replace("_", " ") for one in may)
    return f"may {granted}" if granted else "may nothing more"


INSTALLED = FactKind(name="installed", place=at("installed"), shown=_shown)
"""(community function,) -> what it may, in the order of the alphabet"""


def _install(edit: Edit, asker: Asker, one: Difference) -> None:
    _, name = one.key
    if one.after is None:
        remove_module(edit, asker, name=name)
    else:
        install_module(edit, asker, name=name, may=one.after)


def _facts(row: CommunityRow) -> Facts:
    installed = (row["installed"] or {}).items()
    return {(INSTALLED, module): tuple(sorted(read_may(may))) for module, may in installed}


def _read(top: TextTable) -> Facts:
    """With what each may; of texts without a word on that, nobody knows what was agreed to."""
    said, facts = top.table("may"), dict[Key, Any]()
    for module in top.texts("installed"):
        is_said = module in said.fields
        may = said.some_of(module, sorted(STRANGERS_MAY)) if is_said else NOT_SAID
        facts[INSTALLED, module] = may
    said.check_end()
    return facts


def _write(facts: ByKind) -> dict[str, Any]:
    installed = sorted_rows(facts[INSTALLED])
    return {
        "installed": [module for (module,), _ in installed],
        "may": {module: list(may) for (module,), may in installed},
    }


def _as_granted(edit: Edit, facts: Facts, wanted: Facts) -> Facts:
    """What a text does not say of a function stays as it is: nobody agrees to more by importing it.

    Raises:
        Refusal: it is not installed yet and asks for more than to answer.
    """
    declared = DeclaredCommands(edit.connection)
    granted = dict(wanted)
    for key, value in wanted.items():
        if key[0] is not INSTALLED or value != NOT_SAID:
            continue
        if key not in facts and declared.may_of(key[1]):
            how = say_command(f"module install {key[1]}")
            words = (
                f"'installed': the text does not say what {key[1]} may do. {how} says what it asks "
                f"for and installs it; or say it in the text: may.{key[1]} = []"
            )
            raise Refusal(words, Because.WRONG, code="IMPOSSIBLE_TEXT", field="installed")
        granted[key] = facts.get(key, ())
    return granted


TEXT = PartText(
    deeds={INSTALLED: _install}, facts=_facts, read=_read, write=_write, settle=_as_granted
)
