"""What the template grants, opens and starts is what the catalogue declares, and no more."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from functions.catalogue import all_functions
from functions.declaration import AtDeploy, Function, HttpRoute, Schedule, gateway_routes
from tests.infra.conftest import ROOT
from tests.infra.template import Template
from waddlebot.runtime.needs import FUNCTION_PREFIX, PARTITIONS, Invoke, Need, variables

ROWS = all_functions()
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@every_row
def test_a_function_may_call_what_it_declares_and_write_its_own_log_and_nothing_else(
    template: Template, row: Function
) -> None:
    granted = {
        (action, target)
        for statement in template.statements(row)
        for action in _listed(statement["Action"])
        for target in map(_named, _listed(statement["Resource"]))
    }

    own_log = template.deployed(row)["LoggingConfig"]["LogGroup"]["Ref"]
    log = {(action, own_log) for action in ("logs:CreateLogStream", "logs:PutLogEvents")}
    by_name = {other.name: template.logical_id(other) for other in ROWS}
    calls = {need.function for need in row.needs if isinstance(need, Invoke)}
    secrets = {
        ("secretsmanager:GetSecretValue", f"secret:waddlebot/dev/{name}-??????")
        for need in row.needs
        for name in variables(need)
        if name != FUNCTION_PREFIX and not row.quick
    }
    may_call = {("lambda:InvokeFunction", by_name[name]) for name in calls}
    assert granted == log | may_call | secrets


def test_nobody_else_is_granted_more_than_aws_itself_needs(template: Template) -> None:
    """The CDK's caller of what runs at deploy; its own log comes with a managed policy."""
    managed = {
        name: properties
        for name, properties in template.of_type("AWS::IAM::Role").items()
        if "ManagedPolicyArns" in properties
    }

    ((name, role),) = managed.items()
    assert name.startswith("AWSCDKTrigger")
    assert "AWSLambdaBasicExecutionRole" in json.dumps(role["ManagedPolicyArns"])
    steps = {template.logical_id(row) for row in ROWS if _order(row)}
    (policy,) = role["Policies"]
    called = [statement["Resource"] for statement in policy["PolicyDocument"]["Statement"]]
    # Of these functions any version: the CDK calls the one that it has just published.
    assert sorted(map(json.dumps, called)) == sorted(
        json.dumps([{"Fn::Join": ["", [{"Fn::GetAtt": [step, "Arn"]}, ":*"]]}]) for step in steps
    )


@every_row
def test_variables_are_those_of_its_needs_and_no_value_stands_in_the_template(
    template: Template, row: Function
) -> None:
    written = template.deployed(row).get("Environment", {}).get("Variables", {})

    names = {name for need in row.needs for name in variables(need)}
    expected = {
        name: f"{{{{resolve:secretsmanager:waddlebot/dev/{name}:SecretString:::}}}}"
        if row.quick
        else f"secretsmanager:waddlebot/dev/{name}"
        for name in names - {FUNCTION_PREFIX}
    }
    if Need.STREAMS in row.needs:
        expected[PARTITIONS] = "1"
    if FUNCTION_PREFIX in names:
        expected[FUNCTION_PREFIX] = "waddlebot-dev-"
    assert written == expected


def test_one_key_of_our_own_that_rotates_keeps_the_variables(template: Template) -> None:
    ((name, key),) = template.of_type("AWS::KMS::Key").items()

    assert key["EnableKeyRotation"] is True
    keys = {row.name: template.deployed(row).get("KmsKeyArn") for row in ROWS}
    ours = {"Fn::GetAtt": [name, "Arn"]}
    assert keys == {row.name: None if row.isolated else ours for row in ROWS}


def test_a_strangers_function_has_the_contract_and_nothing_of_ours(template: Template) -> None:
    strangers = [row for row in ROWS if row.isolated]

    assert strangers
    for row in strangers:
        properties = template.deployed(row)
        assert list(template.layers(row)) == ["Contract"]
        assert not properties.keys() & {"Environment", "KmsKeyArn", "VpcConfig"}


@every_row
def test_a_function_gets_the_time_and_memory_of_its_row_and_reserves_nothing(
    template: Template, row: Function
) -> None:
    properties = template.deployed(row)

    assert (properties["Runtime"], properties["Architectures"]) == ("python3.13", ["arm64"])
    assert properties["Handler"] == row.handler
    assert properties["MemorySize"] == row.memory_mb
    assert 0 <= properties["Timeout"] - row.timeout_seconds < 1
    # A new account has ten executions at a time; who reserves them leaves none for the others.
    assert "ReservedConcurrentExecutions" not in properties


def test_every_route_of_the_catalogue_is_there_leads_to_its_function_and_no_other_is(
    template: Template,
) -> None:
    integrations = template.of_type("AWS::ApiGatewayV2::Integration")

    written = {}
    for route in template.of_type("AWS::ApiGatewayV2::Route").values():
        integration = integrations[_mentioned(route["Target"], integrations)]
        assert integration["PayloadFormatVersion"] == "2.0"
        written[route["RouteKey"]] = _named(integration["IntegrationUri"])

    assert written == {
        f"{route.method} {route.path}": template.logical_id(row)
        for row in ROWS
        for route in gateway_routes(row)
    }
    declared = {door.path for row in ROWS for door in row.doors if isinstance(door, HttpRoute)}
    assert {f"ANY {path}" for path in declared} <= written.keys()


def test_the_stack_stays_below_what_aws_takes(template: Template) -> None:
    """Quotas of CloudFormation, of HTTP APIs, and of a function's policy (20 kB, some 400 bytes a
    statement): room is left for modules to come.
    """
    assert len(template.resources) < 500 - 50
    assert len(template.of_type("AWS::ApiGatewayV2::Route")) < 300 - 50
    let_in = Counter(
        json.dumps(one["FunctionName"])
        for one in template.of_type("AWS::Lambda::Permission").values()
    )
    assert max(let_in.values()) <= 2  # the front door and the clock


def test_the_front_door_is_throttled_and_its_log_tells_no_address_and_no_path(
    template: Template,
) -> None:
    (stage,) = template.of_type("AWS::ApiGatewayV2::Stage").values()

    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] > 0
    told = set(json.loads(stage["AccessLogSettings"]["Format"]).values())
    assert "$context.status" in told
    assert not {field for field in told if "path" in field.lower() or "identity" in field}


def test_every_schedule_is_there_and_wakes_its_function(template: Template) -> None:
    written = {
        _named(target["Arn"]): rule["ScheduleExpression"]
        for rule in template.of_type("AWS::Events::Rule").values()
        for target in rule["Targets"]
    }

    declared = {
        template.logical_id(row): _rate(door.every_minutes)
        for row in ROWS
        for door in row.doors
        if isinstance(door, Schedule)
    }
    assert written == declared


def test_a_deploy_makes_the_tables_before_new_code_and_enters_commands_after_it(
    template: Template,
) -> None:
    triggers = template.of_type("Custom::Trigger")
    steps = sorted((row for row in ROWS if _order(row)), key=_order)
    calls = {
        name: _handler_of(template, trigger["HandlerArn"]["Ref"])
        for name, trigger in triggers.items()
    }
    by_function = {function: name for name, function in calls.items()}
    in_order = [by_function[template.logical_id(row)] for row in steps]
    others = {template.logical_id(row) for row in ROWS if not _order(row)}

    first, *later = in_order
    assert all(first in template.waits_for(other) for other in others)
    for number, step in enumerate(later, 1):
        assert template.waits_for(step) >= others | set(in_order[:number])


def test_nobody_repeats_a_call_behind_the_routers_back(template: Template) -> None:
    written = {
        config["FunctionName"]["Ref"]: (
            config["MaximumRetryAttempts"],
            config["MaximumEventAgeInSeconds"],
        )
        for config in template.of_type("AWS::Lambda::EventInvokeConfig").values()
    }

    assert written == {template.logical_id(row): (0, 60) for row in ROWS}


def test_every_log_ends(template: Template) -> None:
    groups = template.of_type("AWS::Logs::LogGroup").values()

    assert {group["RetentionInDays"] for group in groups} == {30}


def test_no_path_of_this_machine_is_written(written_texts: dict[str, str]) -> None:
    assert [name for name, text in written_texts.items() if str(ROOT) in text] == []


def _order(row: Function) -> int:
    return next((door.order for door in row.doors if isinstance(door, AtDeploy)), 0)


def _rate(minutes: int) -> str:
    if minutes == 60:
        return "rate(1 hour)"
    return f"rate({minutes} minute{'s' if minutes > 1 else ''})"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _named(arn: dict[str, Any]) -> str:
    """The logical id behind an ARN; anything looser than one resource's own is an error."""
    ((how, (name, attribute)),) = arn.items()
    if how == "Fn::Join":  # a secret of this account's, by its name
        *_, last = attribute
        return str(last).removeprefix(":")
    assert (how, attribute) == ("Fn::GetAtt", "Arn")
    return str(name)


def _mentioned(value: Any, names: dict[str, Any]) -> str:
    (name,) = (name for name in names if f'"{name}"' in json.dumps(value))
    return name


def _handler_of(template: Template, version: str) -> str:
    return str(template.of_type("AWS::Lambda::Version")[version]["FunctionName"]["Ref"])


def test_who_works_with_tokens_of_connections_finds_what_opens_and_renews_them(
    template: Template,
) -> None:
    seal = {"WADDLEBOT_SEAL_KEY", "WADDLEBOT_SEAL_KEY_BEFORE"}
    slack = {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}
    twitch = {"TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET"}
    works = {
        "ask-slack": seal | slack,
        "identity": seal | slack | twitch,
        "operations": seal,
        "upkeep-erase": seal | slack | twitch,
    }
    found = {
        function.name: set(template.deployed(function)["Environment"]["Variables"])
        for function in all_functions()
        if "Environment" in template.deployed(function)
    }
    for name, needed in works.items():
        assert needed <= found[name], name
    assert {name for name, known in found.items() if known & seal} == works.keys()
    assert {name for name, known in found.items() if known & (slack | twitch)} == {
        name for name, needed in works.items() if needed & slack
    }
