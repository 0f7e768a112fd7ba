"""Which community functions hear what happens in a community."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from waddlebot.decisions.asking import Asker
from waddlebot.domain.errors import Because, Refusal
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.installed_modules import InstalledModules
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

MOST_INSTALLED = 50


def install_module(
    edit: Edit, asker: Asker, *, name: str, may: Sequence[str] | None = None
) -> bool:
    """False where it is installed already, and may do just that.

    It may from now on do what it declares today, or what was agreed to before: `may`.
    """
    asker.check_everywhere(Role.OWNER)
    declared = DeclaredCommands(edit.connection)
    _check_community_function(name, declared)
    edit.hold(asker.community)
    installed = InstalledModules(edit)
    granted = declared.may_of(name) if may is None else may
    if not installed.install(asker.community, name, granted):
        return False
    if installed.count(asker.community) > MOST_INSTALLED:
        words = f"{MOST_INSTALLED} are installed already. See {say_command('module list')}."
        raise Refusal(words, code="TOO_MANY_MODULES")
    return True


def remove_module(edit: Edit, asker: Asker, *, name: str) -> None:
    asker.check_everywhere(Role.OWNER)
    if not InstalledModules(edit).remove(asker.community, name):
        words = f"'{name[:40]}' is not installed here. See {say_command('module list')}."
        raise Refusal(words, Because.UNKNOWN, code="NOT_INSTALLED")


def _check_community_function(name: str, declared: DeclaredCommands) -> None:
    there = declared.community_functions()
    if name in there:
        return
    if declared.has_module(name):
        off = say_command(f"command off {name}")
        words = f"{name} is part of the house and works everywhere. Off: {off}"
        raise Refusal(words, code="OF_THE_HOUSE")
    near = difflib.get_close_matches(name, there, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"See {say_command('module list')}."
    words = f"There is no community function '{name[:40]}'. {hint}"
    raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_MODULE")
