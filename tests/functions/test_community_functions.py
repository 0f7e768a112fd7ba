"""A stranger's folder: what it declares is read, and nothing of it is run, linked or migrated."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from functions.assets import asset_files
from functions.catalogue import taken_names
from functions.community_functions import RefusedFolder, find_community_functions
from functions.declaration import Function
from tests.helpers.trees import nodes_of
from waddlebot.domain.module_names import OUR_NAMES
from waddlebot_sdk.module import Module

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("functions", "sdk", "layers/shared", "local", "infra")
DECLARED = """
name = "{name}"
summary = "Hugs."
[[commands]]
usage = "{name}"
summary = "Hug somebody."
example = "{name}"
"""
TOUCHES = "open(__file__ + '.was_run', 'w').close()\n"

EVERYTHING = """
import importlib, json, pathlib, sys
from functions.catalogue import all_functions, builtin_modules, lambda_modules, refused_folders
from functions.declared_commands import declared_commands
from functions.upkeep import migrate_handler
from infra.assets import function_asset
from local import functions_table, wiring
from local.playground.nearest import find_nearest

root = pathlib.Path.cwd()
assets = pathlib.Path(sys.argv[1])
for one in all_functions():
    function_asset(one, root, beside={})
wiring.local_functions({name: "" for name in (
    "WADDLEBOT_API_KEY", "DATABASE_URL")}, lambda_url="", assets=assets)
find_nearest("!hug")
class Recorder:
    ran = []
migrate_handler.migrate = lambda _postgres, migrations: [str(one.path) for one in migrations]
print(json.dumps({
    "declared": [one["name"] for one in
        declared_commands(lambda_modules(), builtin_modules())["modules"]],
    "refused": [str(one) for one in refused_folders()],
    "migrations": migrate_handler.migrate_all(None),
    "imported": [name for name in sys.modules if "evil" in name or "roll" in name.split(".")],
}))
"""


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    folder = tmp_path / "modules"
    folder.mkdir()
    return folder


def put(modules: Path, name: str) -> Path:
    folder = modules / name
    folder.mkdir()
    (folder / "waddlebot.toml").write_text(DECLARED.format(name=name))
    for file in ("__init__.py", "handler.py", "commands.py", "module.py"):
        (folder / file).write_text(TOUCHES)
    return folder


def why(modules: Path, taken: tuple[str, ...] = ()) -> str:
    [found] = find_community_functions(taken, folder=modules)
    assert isinstance(found, RefusedFolder), found
    assert str(found).startswith("functions/modules/")
    return found.why


def test_a_folder_with_a_declaration_is_taken(modules: Path) -> None:
    put(modules, "hugs")

    [found] = find_community_functions((), folder=modules)

    assert isinstance(found, Module)
    assert (found.name, found.community) == ("hugs", True)


def test_a_function_that_is_named_and_not_there_is_refused_and_nothing_is_run(
    modules: Path,
) -> None:
    folder = put(modules, "hugs")
    with (folder / "waddlebot.toml").open("a") as file:
        file.write('[[listens]]\nevent = "raid"\nfunction = "greet"\n')
    (folder / "handler.py").write_text(f"{TOUCHES}handler = serve_folder(commands)")
    (folder / "commands.py").write_text(f"{TOUCHES}def hugs(call): ...\n")

    said = "commands.py has no function greet(call), which waddlebot.toml names."
    assert why(modules) == said
    assert list(folder.glob("*.was_run")) == []

    for more in ("def greet(call): ...", "from .greetings import greet", "from .all import *"):
        (folder / "commands.py").write_text(f"def hugs(call): ...\n{more}\n")
        [found] = find_community_functions((), folder=modules)
        assert isinstance(found, Module), more


@pytest.mark.parametrize("file", ["handler.py", "commands.py"])
def test_what_is_taken_from_another_folder_is_refused(modules: Path, file: str) -> None:
    """Who copies a folder to begin another forgets that line; each of its calls would fail."""
    folder = put(modules, "hugs")
    own = "from functions.modules.hugs import commands\nhandler = serve_folder(commands)\n"
    (folder / "handler.py").write_text(own)
    (folder / "commands.py").write_text("def hugs(call): ...\n")
    [found] = find_community_functions((), folder=modules)
    assert isinstance(found, Module)

    (folder / file).write_text("import functions.modules.dice.commands\n" + own)

    assert why(modules) == (
        f"{file} imports functions.modules.dice, and a function sees its own folder alone. "
        "Copy what it needs of there, and import functions.modules.hugs."
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"timeout_seconds = {'9' * 4_400}", "no number that anybody reads"),
        (f"timeout_seconds = 0x{'f' * 4_000}", "no number that anybody reads"),
        (f"{'.'.join('a' * 4_000)} = 1", "parts at most"),
        ("x = {" + '"a".' * 2_000 + "b = 1}", "parts at most"),
    ],
    ids=["digits", "hexadecimal", "long key", "long key of quoted parts"],
)
def test_what_one_folder_says_keeps_no_other_from_being_taken(
    modules: Path, line: str, words: str
) -> None:
    began = time.perf_counter()
    declared = put(modules, "evil") / "waddlebot.toml"
    declared.write_text(f"{line}\n{declared.read_text()}")
    put(modules, "hug")
    refused, taken = find_community_functions(taken_names(), folder=modules)
    assert isinstance(refused, RefusedFolder)
    assert words in refused.why
    assert isinstance(taken, Module)
    assert time.perf_counter() - began < 2.0


def test_a_folder_without_a_declaration_is_not_taken(modules: Path) -> None:
    (put(modules, "hugs") / "waddlebot.toml").unlink()

    assert "has no waddlebot.toml" in why(modules)


def test_what_a_change_of_branch_leaves_behind_is_no_folder(modules: Path) -> None:
    (modules / "gone" / "__pycache__").mkdir(parents=True)
    (modules / "gone" / "__pycache__" / "commands.pyc").touch()
    (modules / "a_file.py").touch()

    assert list(find_community_functions((), folder=modules)) == []


@pytest.mark.parametrize("place", ["secrets.txt", "data/deep/link", "waddlebot.toml"])
def test_a_symbolic_link_is_refused_wherever_it_lies(modules: Path, place: str) -> None:
    link = put(modules, "hugs") / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to("/etc/hostname")

    assert why(modules) == f"{place} is a symbolic link: put the file itself there."


def test_a_folder_that_is_a_link_is_refused(modules: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (modules / "hugs").symlink_to(put(tmp_path / "elsewhere", "hugs"))

    assert "it is a symbolic link" in why(modules)


@pytest.mark.parametrize("place", ["migrations", "inside/migrations"])
def test_migrations_are_refused(modules: Path, place: str) -> None:
    (put(modules, "hugs") / place).mkdir(parents=True)

    assert f"{place}/ makes tables" in why(modules)


def test_a_folder_that_is_too_large_is_refused(modules: Path) -> None:
    with (put(modules, "hugs") / "film.mkv").open("wb") as file:
        file.truncate(11 * 1024 * 1024)

    assert "too large" in why(modules)


def test_a_name_of_the_house_is_refused(modules: Path) -> None:
    put(modules, "rules")

    assert "something of the house is called so" in why(modules, taken=("rules",))


@pytest.mark.parametrize("name", ["webhook", "points", "moderation", "names", "waddlebot"])
def test_a_name_that_settings_and_records_use_as_a_modules_is_refused(
    modules: Path, name: str
) -> None:
    put(modules, name)

    assert "something of the house is called so" in why(modules, taken=tuple(taken_names()))


def test_no_module_is_named_by_hand_that_is_no_folder() -> None:
    """So that all such names stand in one place, and are refused."""
    by_hand = {
        named.value.value
        for folder in ("functions/router", "functions/builtins", "layers/shared/python")
        for file in (ROOT / folder).rglob("*.py")
        for named in nodes_of(file)
        if isinstance(named, ast.keyword) and named.arg == "module"
        if isinstance(named.value, ast.Constant)
    }
    assert by_hand == set()
    assert taken_names() >= OUR_NAMES


def test_of_two_with_the_same_word_the_second_is_refused(modules: Path) -> None:
    put(modules, "hugs")
    second = put(modules, "kisses") / "waddlebot.toml"
    second.write_text(DECLARED.format(name="hugs").replace('name = "hugs"', 'name = "kisses"', 1))

    _, refused = find_community_functions((), folder=modules)

    assert "functions/modules/kisses/ is not taken: #hugs is functions/modules/hugs/'s" in str(
        refused
    )
    assert "of the two hugs is in force" in str(refused)


def test_the_one_that_is_in_force_keeps_its_word_whatever_it_is_called(modules: Path) -> None:
    first = put(modules, "kisses") / "waddlebot.toml"
    first.write_text(DECLARED.format(name="hugs").replace('name = "hugs"', 'name = "kisses"', 1))
    [in_force] = find_community_functions((), folder=modules)
    assert isinstance(in_force, Module)
    put(modules, "hugs")

    refused, taken = find_community_functions((), folder=modules, in_force=[in_force])

    assert isinstance(taken, Module)
    assert "of the two kisses is in force" in str(refused)


def test_what_a_link_points_at_is_never_copied(tmp_path: Path) -> None:
    """Also where it came after the folder was looked at."""
    folder = tmp_path / "functions" / "modules" / "hugs"
    folder.mkdir(parents=True)
    (tmp_path / "secret").write_text("key")
    (folder / "handler.py").touch()
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "linked").symlink_to(tmp_path)
    row = Function(name="hugs", handler="", folders=("functions/modules/hugs",))

    assert list(asset_files(row, tmp_path)) == [Path("functions/modules/hugs/handler.py")]


def test_nothing_of_a_stranger_is_run_by_launcher_synth_or_deploy(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for name in SHIPPED:
        ignored = shutil.ignore_patterns("*.pyc.*", ".*_cache")
        shutil.copytree(ROOT / name, tree / name, ignore=ignored)
    modules = tree / "functions" / "modules"
    put(modules, "evil")
    (put(modules, "evil_too") / "waddlebot.toml").unlink()
    (put(modules, "evil_tables") / "migrations").mkdir()
    (modules / "evil_tables" / "migrations" / "0001_x.sql").write_text("DROP TABLE communities")
    paths = (tree, tree / "layers/shared/python", tree / "sdk/python")

    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING, str(tmp_path / "assets")],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "evil" in told["declared"]
    assert not {"evil_too", "evil_tables"} & set(told["declared"])
    assert [line.split("/")[2] for line in told["refused"]] == ["evil_tables", "evil_too"]
    assert not any("evil" in path for path in told["migrations"])
    assert told["imported"] == []
    assert list(tree.rglob("*.was_run")) == []
    shipped = {path.name for path in (tmp_path / "assets" / "evil").rglob("*.*")}
    assert shipped >= {"waddlebot.toml", "handler.py"}
