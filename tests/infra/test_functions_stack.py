from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from functions.catalogue import all_functions
from functions.declaration import Function, HttpRoute, Schedule
from tests.infra.conftest import OUT, ROOT
from waddlebot.runtime.needs import Invoke, Secret, variables

Template = dict[str, Any]
AARCH64 = 0xB7


def resources(template: Template, kind: str) -> dict[str, Any]:
    found = template["Resources"].items()
    return {name: body["Properties"] for name, body in found if body["Type"] == kind}


def deployed(template: Template, function: Function) -> tuple[str, dict[str, Any]]:
    for name, properties in resources(template, "AWS::Lambda::Function").items():
        if properties.get("FunctionName") == f"waddlebot-dev-{function.name}":
            return name, properties
    raise AssertionError(f"{function.name} is not in the template")


def statements(template: Template, properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    role = properties["Role"]["Fn::GetAtt"][0]
    for policy in resources(template, "AWS::IAM::Policy").values():
        if {"Ref": role} in policy["Roles"]:
            yield from policy["PolicyDocument"]["Statement"]


def asset_of(properties: dict[str, Any]) -> set[str]:
    key = properties["Code"]["S3Key"].split(".")[0]
    folder = OUT / f"asset.{key}"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(params=all_functions(), ids=lambda function: function.name)
def function(request: pytest.FixtureRequest) -> Function:
    found: Function = request.param
    return found


def test_a_function_may_call_what_it_declares_and_log_and_nothing_else(
    template: Template, function: Function
) -> None:
    _, properties = deployed(template, function)
    called = {need.function for need in function.needs if isinstance(need, Invoke)}
    may_call: set[str] = set()
    for statement in statements(template, properties):
        actions = statement["Action"]
        resource = statement["Resource"]
        if actions == "lambda:InvokeFunction":
            targets = resource if isinstance(resource, list) else [resource]
            may_call |= {target["Fn::GetAtt"][0] for target in targets}
        else:
            assert set(actions) == {"logs:CreateLogStream", "logs:PutLogEvents"}
            assert "Fn::GetAtt" in resource
    by_name = {deployed(template, other)[0]: other.name for other in all_functions()}
    assert {by_name[name] for name in may_call} == called


def test_variables_are_those_of_its_needs_and_their_values_are_resolved_at_deploy(
    template: Template, function: Function
) -> None:
    _, properties = deployed(template, function)
    written = properties.get("Environment", {}).get("Variables", {})
    assert set(written) == {name for need in function.needs for name in variables(need)}
    secrets = {
        name: value for name, value in written.items() if name != "WADDLEBOT_FUNCTION_PREFIX"
    }
    assert all("{{resolve:secretsmanager:" in json.dumps(value) for value in secrets.values())
    assert ("KmsKeyArn" in properties) is not function.isolated


def test_a_strangers_function_has_the_contract_and_nothing_of_ours(template: Template) -> None:
    (roll,) = (function for function in all_functions() if function.isolated)
    _, properties = deployed(template, roll)
    assert len(properties["Layers"]) == 1
    assert not roll.needs
    assert "Environment" not in properties


def test_an_asset_holds_its_folders_and_the_markers_above(
    template: Template, function: Function
) -> None:
    _, properties = deployed(template, function)
    for path in asset_of(properties):
        folder = path.rpartition("/")[0]
        is_marker = path.endswith("__init__.py") and any(
            own.startswith(folder) for own in function.folders
        )
        assert is_marker or any(path.startswith(f"{own}/") for own in function.folders), path
        assert not re.search(r"stand_in|test_|\.pyc$", path), path


def test_every_handler_imports_from_its_asset_and_the_layers_alone(
    template: Template, function: Function
) -> None:
    _, properties = deployed(template, function)
    asset = OUT / f"asset.{properties['Code']['S3Key'].split('.')[0]}"
    paths = [str(asset), str(ROOT / "sdk" / "python")]
    site = "" if function.isolated else _site_packages()
    if not function.isolated:
        paths.append(str(ROOT / "layers" / "shared" / "python"))
    module, _, name = properties["Handler"].rpartition(".")
    look = (
        f"import sys; sys.path[:] = {paths!r} + sys.path + {[site] if site else []!r};"
        " import importlib;"
        f" assert callable(importlib.import_module({module!r}).{name})"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", look],
        cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _site_packages() -> str:
    (folder,) = (ROOT / ".venv" / "lib").glob("python3*/site-packages")
    return str(folder)


def test_every_route_of_the_catalogue_is_there_and_no_other(template: Template) -> None:
    declared = {
        f"{door.method} {door.path}"
        for function in all_functions()
        for door in function.doors
        if isinstance(door, HttpRoute)
    }
    written = resources(template, "AWS::ApiGatewayV2::Route").values()
    assert {route["RouteKey"] for route in written} == declared


def test_every_schedule_is_there(template: Template) -> None:
    declared = [
        door
        for function in all_functions()
        for door in function.doors
        if isinstance(door, Schedule)
    ]
    assert len(resources(template, "AWS::Events::Rule")) == len(declared)


def test_nobody_repeats_a_call_behind_the_routers_back(template: Template) -> None:
    configs = resources(template, "AWS::Lambda::EventInvokeConfig").values()
    assert len(configs) == len(all_functions())
    assert {config["MaximumRetryAttempts"] for config in configs} == {0}
    assert {config["MaximumEventAgeInSeconds"] for config in configs} == {60}


def test_no_secret_and_no_path_of_this_machine_stands_in_the_template(template: Template) -> None:
    text = json.dumps(template)
    assert str(ROOT) not in text
    declared = {
        need.variable
        for function in all_functions()
        for need in function.needs
        if isinstance(need, Secret)
    }
    assert declared
    assert "BEGIN PRIVATE" not in text


def test_the_dependencies_are_built_for_the_cpu_that_lambda_runs_on() -> None:
    (layer,) = (ROOT / "build" / "layers").glob("dependencies-????????????????")
    libraries = [path for path in layer.rglob("*.so*") if path.is_file()]
    assert libraries
    for library in libraries:
        head = library.read_bytes()[:20]
        assert head[:4] == b"\x7fELF"
        assert int.from_bytes(head[18:20], "little") == AARCH64, library.name
    size = sum(path.stat().st_size for path in layer.rglob("*") if path.is_file())
    assert size < 100 * 2**20
