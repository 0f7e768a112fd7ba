"""What is uploaded: enough to run, and nothing that should stay at home."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions.catalogue import all_functions
from functions.declaration import Function
from tests.helpers.servers import Urls
from tests.infra.template import Template

ROWS = all_functions()
AARCH64 = 0xB7
MEGABYTE = 2**20
OLDER_PYTHONS_NEED = {"typing_extensions"}
"""The lock leaves it out for Lambda's Python; this machine's may be older."""
IN_LAMBDAS_RUNTIME = {"botocore"}
"""Powertools says in its user agent that it is there; AWS's Python has it."""
NOT_SHIPPED = {"tests", "stand_in", "stand_ins", "__pycache__"}

IMPORT = """
import importlib, json, sys
*paths, third_party, handler = sys.argv[1:]
sys.path[:0] = paths
sys.path.append(third_party)
file, _, name = handler.rpartition(".")
assert callable(getattr(importlib.import_module(file), name))
files = {getattr(module, "__file__", None) or "" for module in sys.modules.values()}
theirs = [file[len(third_party) + 1 :] for file in files if file.startswith(third_party)]
json.dump(sorted({file.partition("/")[0].partition(".")[0] for file in theirs}), sys.stdout)
"""

SYNC = """
import json, sys
*paths, handed_in = sys.argv[1:]
sys.path[:0] = paths
from functions.upkeep.sync_commands_handler import handler
json.dump(handler(json.loads(handed_in), None), sys.stdout)
"""

every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def files_in(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def row_named(name: str) -> Function:
    return next(row for row in ROWS if row.name == name)


@every_row
def test_an_asset_holds_its_folders_and_the_markers_above(
    template: Template, row: Function
) -> None:
    shipped = files_in(template.code(row))

    above = {parent / "__init__.py" for own in row.folders for parent in Path(own).parents}
    foreign = [
        path
        for path in shipped
        if path not in above and not any(path.is_relative_to(own) for own in row.folders)
    ]
    assert foreign == []
    names = {part.partition(".")[0] for path in shipped for part in path.parts}
    assert not names & NOT_SHIPPED


@every_row
def test_what_lambda_unzips_it_may_read(template: Template, row: Function) -> None:
    for folder in (template.code(row), *template.layers(row).values()):
        modes = {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}
        assert modes == {0o644}


@every_row
def test_a_handler_imports_from_its_asset_and_its_layers_alone(
    template: Template, row: Function, third_party: Path
) -> None:
    layers = template.layers(row)
    # Dependencies are made for another CPU: their twins from here stand in for them.
    ours = [layer / "python" for name, layer in layers.items() if name != "Dependencies"]
    paths = [template.code(row), *ours]

    done = _python(IMPORT, *map(str, paths), str(third_party), row.handler)

    assert done.returncode == 0, done.stderr
    used = set(json.loads(done.stdout))
    there = _packages(layers["Dependencies"]) if "Dependencies" in layers else set()
    assert used - OLDER_PYTHONS_NEED - IN_LAMBDAS_RUNTIME <= there


def test_the_dependencies_are_built_for_the_cpu_that_lambda_runs_on(template: Template) -> None:
    layer = template.layers(row_named("router"))["Dependencies"]
    libraries = [path for path in layer.rglob("*.so*") if path.is_file()]

    assert libraries
    for library in libraries:
        head = library.read_bytes()[:20]
        assert head[:4] == b"\x7fELF"
        assert int.from_bytes(head[18:20], "little") == AARCH64, library.name
    assert sum(path.stat().st_size for path in layer.rglob("*") if path.is_file()) < 100 * MEGABYTE


def test_a_layer_holds_packages_and_no_path_of_this_machine(template: Template) -> None:
    root = str(Path(__file__).resolve().parents[2]).encode()
    for layer in template.layers(row_named("router")).values():
        assert {path.parts[0] for path in files_in(layer)} == {"python"}
        assert [path for path in files_in(layer) if root in (layer / path).read_bytes()] == []


def test_commands_are_synced_from_the_packaged_file_as_from_the_input(
    template: Template, database_urls: Urls, third_party: Path
) -> None:
    """The deploy hands in nothing; a start on one machine hands in what is declared."""
    row = row_named("upkeep-sync-commands")
    asset = template.code(row)
    layers = [str(template.layers(row)[name] / "python") for name in ("Contract", "Shared")]
    paths = [str(asset), *layers, str(third_party)]
    packaged = (asset / "functions" / "upkeep" / "declared_commands.json").read_text()

    from_file, again, from_input = (
        _python(SYNC, *paths, handed_in, environment=database_urls)
        for handed_in in ("{}", "{}", packaged)
    )

    told = [json.loads(done.stdout) for done in (from_file, again, from_input)]
    assert told[0]["commands"] > 0
    assert [answer["changed"] for answer in told] == [True, False, False]
    assert {answer["commands"] for answer in told} == {told[0]["commands"]}


def _packages(layer: Path) -> set[str]:
    return {path.name.partition(".")[0] for path in (layer / "python").iterdir()}


def _python(
    code: str, *arguments: str, environment: Urls | None = None
) -> subprocess.CompletedProcess[str]:
    """Isolated, without site-packages; it writes no byte-code into what is to be uploaded."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", code, *arguments],
        cwd="/", env=environment or {}, capture_output=True, text=True, check=False,
    )  # fmt: skip
