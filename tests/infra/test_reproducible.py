"""The same tree gives the same templates and assets, wherever it lies; a change moves its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from functions.catalogue import all_functions
from tests.infra.conftest import ROOT
from tests.infra.template import Template

CODE = ("functions", "gateway_bot", "infra", "layers", "sdk", "requirements")
COMMANDS = "functions/modules/roll/waddlebot.toml"
MIGRATION = "layers/shared/python/waddlebot/stores/migrations/0001_the_house.sql"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree in another folder, younger and with other modes; layers are not built again."""
    copy = tmp_path_factory.mktemp("elsewhere") / "house"
    for name in CODE:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, copy / name, copy_function=shutil.copyfile, ignore=ignored)
    for path in (copy / "functions").rglob("*.py"):
        path.chmod(0o600)
    shutil.copytree(ROOT / "build" / "layers", copy / "build" / "layers", symlinks=True)
    return copy


def synthesize(copy: Path) -> Template:
    paths = (copy, copy / "layers/shared/python", copy / "sdk/python")
    subprocess.run(
        [sys.executable, "-B", "-m", "infra"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        check=True,
        umask=0o077,
    )
    return Template.written_to(copy / "cdk.out")


def test_a_second_synth_in_another_folder_writes_the_same(
    template: Template, elsewhere: Path
) -> None:
    again = synthesize(elsewhere)

    assert again.out != template.out
    assert again.resources == template.resources


def test_a_changed_command_and_a_changed_migration_run_their_step_again_and_move_no_other_code(
    template: Template, elsewhere: Path
) -> None:
    commands = elsewhere / COMMANDS
    commands.write_text(commands.read_text().replace('"Roll', '"Really roll', 1))
    assert commands.read_bytes() != (ROOT / COMMANDS).read_bytes()
    with (elsewhere / MIGRATION).open("a") as migration:
        migration.write("-- one more line\n")

    changed = synthesize(elsewhere)

    moved = {
        row.name for row in all_functions() if changed.code(row).name != template.code(row).name
    }
    assert moved == {"roll", "upkeep-sync-commands"}
    assert not _versions(changed) & _versions(template)


def _versions(template: Template) -> set[str]:
    """What the steps of a deploy call; another version is another run."""
    return set(template.of_type("AWS::Lambda::Version"))
