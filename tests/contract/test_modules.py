"""Promises that every module keeps: those in folders, and those that the router serves itself."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.catalogue import builtin_modules, lambda_modules, refused_folders
from tests.contract.imports import ROOT, imports_of
from tests.contract.module_files import folder_of, migrations_of
from waddlebot.domain.events import FOR_ONE_MODULE
from waddlebot_sdk import Call, Chat, Command, CommunityInfo, Module, Place, User
from waddlebot_sdk.events import EVENTS
from waddlebot_sdk.wishes import STRANGERS_MAY

IN_FOLDERS = lambda_modules()
EVERY = (*IN_FOLDERS, *builtin_modules())
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
GOOD = "functions/modules/memories shows how"

in_folders = pytest.mark.parametrize("module", IN_FOLDERS, ids=lambda module: module.name)
every_module = pytest.mark.parametrize("module", EVERY, ids=lambda module: module.name)


def readme_of(module: Module[Any]) -> str:
    file = folder_of(module) / "README.md"
    assert file.exists(), f"functions/modules/{module.name}/ lacks a README.md; {GOOD}"
    return file.read_text()


def a_call(module: Module[Any], command: Command[Any]) -> Call:
    return Call(
        execution_id="exec-1",
        session_id="sess_1",
        command=command.path,
        prefix=module.prefix,
        event_type="chatMessage",
        user=User(id="1", name="Ana"),
        entity=Place(id="twitch:channel:1001", platform="twitch"),
        community=CommunityInfo(id=1, name="Demo"),
        occurred_at=NOW,
        deadline=NOW,
    )


@every_module
def test_a_module_says_in_one_sentence_what_it_does(module: Module[Any]) -> None:
    assert module.summary.endswith("."), f"{module.name}: `summary` in module.py is a sentence"


@every_module
def test_a_module_has_something_to_do_and_a_deadline(module: Module[Any]) -> None:
    assert module.commands or module.listens
    assert 0 < module.timeout_seconds <= 30


@in_folders
def test_a_module_is_called_like_its_folder(module: Module[Any]) -> None:
    file = "waddlebot.toml" if module.community else "module.py"
    assert (folder_of(module) / file).exists(), (
        f"{file} says name={module.name!r}, but there is no functions/modules/{module.name}/"
    )


def test_every_folder_is_the_houses_or_declares_itself() -> None:
    assert list(map(str, refused_folders())) == []


@every_module
def test_a_command_says_in_one_sentence_what_it_does(module: Module[Any]) -> None:
    silent = [one.path for one in module.commands if not one.summary.endswith(".")]

    assert silent == [], f"{module.name}: they lack a summary that is a sentence"


@every_module
def test_an_example_fits_the_grammar_of_its_command(module: Module[Any]) -> None:
    wrong = [
        f"the example of `{one.usage}` is '{one.example}'"
        for one in module.commands
        if not one.example.startswith(one.path)
        or one.usage.bind(one.example.removeprefix(one.path)) is None
    ]

    assert wrong == [], f"{module.name}: an example begins with its command and fits its grammar"


@every_module
def test_a_missing_argument_answers_the_usage(module: Module[Any]) -> None:
    needing = [
        one for one in module.commands if any(argument.needed for argument in one.usage.arguments)
    ]

    assert_answered_by_usage(module, {one: a_call(module, one) for one in needing})


@every_module
def test_too_much_answers_the_usage_where_nothing_is_taken(module: Module[Any]) -> None:
    taking_nothing = [one for one in module.commands if not one.usage.arguments]

    assert_answered_by_usage(
        module, {one: replace(a_call(module, one), text="more") for one in taking_nothing}
    )


def assert_answered_by_usage(module: Module[Any], calls: Mapping[Command[Any], Call]) -> None:
    answers = {one.path: module.answer(call, None) for one, call in calls.items()}

    assert answers == {
        one.path: Chat(one.usage_text(module.prefix), private=True, free=True) for one in calls
    }


@every_module
def test_limits_of_a_command_let_somebody_use_it(module: Module[Any]) -> None:
    for one in module.commands:
        assert one.per_minute > 0, f"{module.name}: nobody may use `{one.path}`"
        assert one.cooldown_seconds >= 0, f"{module.name}: `{one.path}`"


def test_no_two_modules_answer_to_the_same_words() -> None:
    typed = Counter(
        f"{module.prefix}{path}"
        for module in EVERY
        for command in module.commands
        for path in command.paths
    )

    assert [words for words, count in typed.items() if count > 1] == []


def test_no_two_modules_have_the_same_name() -> None:
    names = Counter(module.name for module in EVERY)

    assert [name for name, count in names.items() if count > 1] == []


@in_folders
def test_the_readme_has_a_line_for_every_command(module: Module[Any]) -> None:
    readme = readme_of(module)
    missing = [
        f"{module.prefix}{command.usage}"
        for command in module.commands
        if f"`{module.prefix}{command.usage}`" not in readme
    ]

    assert missing == [], f"functions/modules/{module.name}/README.md lacks them; {GOOD}"


@in_folders
def test_the_readme_explains_every_setting(module: Module[Any]) -> None:
    readme = readme_of(module)

    missing = [setting.name for setting in module.settings if f"`{setting.name}`" not in readme]

    assert missing == [], f"functions/modules/{module.name}/README.md lacks them; {GOOD}"
    assert all(setting.summary.endswith(".") for setting in module.settings)


@in_folders
def test_who_owns_tables_hands_out_and_erases_personal_data(module: Module[Any]) -> None:
    if migrations_of(module):
        assert module.personal_data is not None, (
            f"{module.name} owns tables: say in module.py how personal data is handed out and "
            f"erased; {GOOD}"
        )


@in_folders
def test_migrations_are_numbered_without_a_gap(module: Module[Any]) -> None:
    numbers = [file.name.partition("_")[0] for file in migrations_of(module)]

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


@in_folders
def test_a_community_function_imports_the_sdk_and_the_standard_library_alone(
    module: Module[Any],
) -> None:
    if not module.community:
        return
    own = f"functions.modules.{module.name}"
    allowed = {*sys.stdlib_module_names, "waddlebot_sdk"}

    foreign = {
        name
        for file in folder_of(module).rglob("*.py")
        for name in imports_of(file)
        if name.partition(".")[0] not in allowed and not f"{name}.".startswith(f"{own}.")
    }

    assert foreign == set(), f"{module.name} runs apart; functions/modules/roll shows how"
    assert migrations_of(module) == []
    assert module.personal_data is None


@every_module
def test_hosts_and_secrets_are_declared_by_modules_of_the_house_with_functions_of_their_own(
    module: Module[Any],
) -> None:
    """A Reach comes from serve_module alone; secrets are for whom it asks."""
    is_ours = module in IN_FOLDERS and not module.community
    assert is_ours or not (module.outside or module.secrets)
    assert module.outside or not module.secrets


@in_folders
def test_what_a_module_listens_to_does_happen(module: Module[Any]) -> None:
    """What is due, and a first line, are for modules of the house, which may ask for it."""
    heard = {listener.event_type for listener in module.listens}

    assert heard <= EVENTS | (FOR_ONE_MODULE if not module.community else set())


@every_module
def test_what_it_may_is_declared_by_what_is_called(module: Module[Any]) -> None:
    """What is served in process acts by itself, and strangers ask for less."""
    assert not module.may or module in IN_FOLDERS
    assert not module.community or module.may <= STRANGERS_MAY


@every_module
def test_addresses_are_for_modules_of_the_house_with_functions_of_their_own(
    module: Module[Any],
) -> None:
    assert not module.routes or (module in IN_FOLDERS and not module.community)


@in_folders
def test_a_module_has_tests_in_the_mirror(module: Module[Any]) -> None:
    mirror = ROOT / "tests" / "functions" / "modules" / module.name

    assert list(mirror.glob("test_*.py")), f"{mirror.relative_to(ROOT)}/ has no test; {GOOD}"
