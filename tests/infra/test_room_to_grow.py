"""The stacks of functions and routes have room for 20 functions and 60 routes more, in each size of
house; and what production keeps that other stages do not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from functions.catalogue import all_functions
from functions.declaration import gateway_routes
from infra.profiles import PROFILES
from tests.infra.conftest import ROOT

MORE_FUNCTIONS, MORE_ROUTES = 20, 60
MOST_RESOURCES, MOST_PARAMETERS, MOST_BYTES = 400, 200, 1_000_000
"""Of 500 resources, as many parameters and as large a template as CloudFormation takes."""
MOST_ROUTES = 300
"""Of an HTTP API."""
MOST_OF_A_ROLE = 10_240
"""Characters of all policies that stand in a role, without its blanks."""
AS_DEPLOYED = "arn:aws-us-gov:lambda:ap-southeast-1:123456789012:function:waddlebot-production-"
"""How long the name of a function is before its own name, at most."""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("grown")
    command = [sys.executable, "-m", "tests.infra.larger_catalogue", str(out)]
    subprocess.run(command, cwd=ROOT, check=True)
    return out


def file_of(grown: Path, profile: str, stack: str = "functions") -> Path:
    return grown / profile / f"waddlebot-production-{stack}.template.json"


def of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in template["Resources"].values() if one["Type"] == kind]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_catalogue_that_has_grown_still_fits_into_its_stacks(grown: Path, profile: str) -> None:
    template = json.loads(file_of(grown, profile).read_text())

    rows = all_functions()
    functions = {one.get("FunctionName") for one in of_type(template, "AWS::Lambda::Function")}
    assert len({name for name in functions if name}) == len(rows) + MORE_FUNCTIONS
    behind: dict[str, Any] = json.loads(file_of(grown, profile, "routes").read_text())
    routes = of_type(behind, "AWS::ApiGatewayV2::Route")
    assert len(routes) == sum(len(gateway_routes(row)) for row in rows) + MORE_ROUTES
    assert len(routes) < MOST_ROUTES
    for stack in ("functions", "routes"):
        written = file_of(grown, profile, stack)
        made: dict[str, Any] = json.loads(written.read_text())
        assert len(made["Resources"]) < MOST_RESOURCES, stack
        assert len(made["Parameters"]) < MOST_PARAMETERS
        assert written.stat().st_size < MOST_BYTES


def test_the_role_of_the_front_door_holds_all_that_it_may_call(grown: Path) -> None:
    template: dict[str, Any] = json.loads(file_of(grown, "small", "routes").read_text())
    [role] = {
        one["CredentialsArn"]["Fn::GetAtt"][0]
        for one in of_type(template, "AWS::ApiGatewayV2::Integration")
    }
    [policy] = template["Resources"][role]["Properties"]["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    longest = max(len(row.name) for row in all_functions()) + len(":live")
    called = [AS_DEPLOYED + "x" * longest for _ in statement["Resource"]]
    filled = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": called}]}
    assert len(called) > MORE_FUNCTIONS
    assert len(json.dumps(filled, separators=(",", ":"))) < MOST_OF_A_ROLE


def test_the_logs_of_production_outlive_their_stacks_and_end(grown: Path) -> None:
    groups = [
        (stack.name, name, one)
        for stack in (grown / "large").glob("*.template.json")
        for name, one in json.loads(stack.read_text())["Resources"].items()
        if one["Type"] == "AWS::Logs::LogGroup"
    ]
    assert len({stack for stack, _, _ in groups}) == 4
    for stack, name, one in groups:
        kept = (one["DeletionPolicy"], one["UpdateReplacePolicy"])
        assert kept == ("Retain", "Retain"), (stack, name)
        assert one["Properties"]["RetentionInDays"] == 30, (stack, name)
