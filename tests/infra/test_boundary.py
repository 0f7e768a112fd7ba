"""What roles may do at most, and which grants name everything."""

from __future__ import annotations

import json
from typing import Any

from tests.infra.conftest import ROOT
from tests.infra.stacks import Stacks, listed

MOST_CHARACTERS = 6144
"""Of a managed policy, without its blanks."""
EVERYTHING = {
    "ec2:DescribeNetworkInterfaces": "Lambda's own for a network; it takes no resource.",
    "ec2:CreateNetworkInterface": "Lambda's own for a network; interfaces have no names before.",
    "ec2:DeleteNetworkInterface": "Lambda's own for a network; interfaces have no names before.",
    "ec2:DescribeSubnets": "Lambda's own for a network; it takes no resource.",
    "ec2:DescribeSecurityGroups": "Lambda's own for a network; it takes no resource.",
    "ec2:DescribeVpcs": "Lambda's own for a network; it takes no resource.",
    "ec2:GetSecurityGroupsForVpc": "Lambda's own for a network; it takes no resource.",
    "ec2:AssignPrivateIpAddresses": "Lambda's own for a network; it takes no resource.",
    "ec2:UnassignPrivateIpAddresses": "Lambda's own for a network; it takes no resource.",
    "ecr:GetAuthorizationToken": "It takes no resource.",
}
"""Actions that may be granted on `*`, and why."""
PARTLY = {
    **dict.fromkeys(
        ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
        "All files under one beginning of the one bucket; keys are made as they come.",
    ),
    "execute-api:ManageConnections": "All open sockets of one API; ids are made as they open.",
    "secretsmanager:GetSecretValue": "AWS ends names of secrets with six characters of its own.",
    "secretsmanager:DescribeSecret": "AWS ends names of secrets with six characters of its own.",
    "lambda:InvokeFunction": "A trigger at deploy calls the version of its function of now.",
    "logs:CreateLogStream": "Streams of a group that is named are named by AWS.",
    "logs:PutLogEvents": "Streams of a group that is named are named by AWS.",
    "logs:DescribeLogStreams": "Streams of a group that is named are named by AWS.",
}
"""Actions that may be granted on names with a `*` or `?` in them, and why."""
AWS_OWN = {
    "AmazonAPIGatewayPushToCloudWatchLogs": "As whom API Gateway writes logs of WebSocket APIs.",
    "AWSLambdaVPCAccessExecutionRole": "Lambda's own for a network.",
}
"""Policies of AWS that a role may carry, and why."""


BOUNDS: list[dict[str, Any]] = json.loads(
    (ROOT / "operations" / "aws" / "boundary.json").read_text()
)["Statement"]
ALLOWED = [action for one in BOUNDS if one["Effect"] == "Allow" for action in listed(one["Action"])]


def test_every_role_is_bounded(stacks: Stacks) -> None:
    roles = list(stacks.of_type("AWS::IAM::Role"))
    assert roles
    for name, role in roles:
        bound = json.dumps(role["PermissionsBoundary"])
        assert ":policy/waddlebot-boundary" in bound, name


def test_no_stack_has_the_boundary_that_holds_it(stacks: Stacks) -> None:
    """A template that changes would widen what holds all roles of the house."""
    assert list(stacks.of_type("AWS::IAM::ManagedPolicy")) == []


def test_the_boundary_names_each_action() -> None:
    assert ALLOWED
    assert [action for action in ALLOWED if "*" in action] == []
    assert len(ALLOWED) == len(set(ALLOWED))


def test_the_boundary_fits_into_a_policy() -> None:
    assert len(json.dumps(BOUNDS, separators=(",", ":"))) < MOST_CHARACTERS


def test_what_is_granted_stays_within_the_boundary(stacks: Stacks) -> None:
    """Else it is granted in vain, and found out where it runs."""
    within = set(ALLOWED)
    for name, statement in stacks.statements():
        assert set(listed(statement["Action"])) <= within, name


def test_what_lambda_does_to_the_network_for_a_function_its_code_may_not(stacks: Stacks) -> None:
    """A function that was taken over could put an interface into each network of the account."""
    [denied] = [one for one in BOUNDS if one["Effect"] == "Deny"]
    of_networks = {
        action
        for _, statement in stacks.statements()
        for action in listed(statement["Action"])
        if action.startswith("ec2:") and statement["Resource"] == "*"
    }
    assert of_networks
    assert of_networks <= set(listed(denied["Action"]))
    assert denied["Resource"] == "*"
    [(condition, [(key, code)])] = [
        (condition, list(told.items())) for condition, told in dict(denied["Condition"]).items()
    ]
    assert (condition, key) == ("ArnLike", "lambda:SourceFunctionArn")
    assert code == "arn:*:lambda:*:*:function:waddlebot-*"


def test_no_grant_is_of_all_actions(stacks: Stacks) -> None:
    for name, statement in stacks.statements():
        assert not [action for action in listed(statement["Action"]) if "*" in action], name


def test_grants_on_everything_have_a_reason(stacks: Stacks) -> None:
    for name, statement in stacks.statements():
        known = set()
        for resource in listed(statement["Resource"]):
            if resource == "*":
                known |= set(listed(statement["Action"])) - EVERYTHING.keys()
            elif "*" in json.dumps(resource) or "?" in json.dumps(resource):
                known |= set(listed(statement["Action"])) - PARTLY.keys()
        assert known == set(), name


def test_policies_of_others_have_a_reason(stacks: Stacks) -> None:
    for name, role in stacks.of_type("AWS::IAM::Role"):
        for policy in role.get("ManagedPolicyArns", []):
            assert any(known in json.dumps(policy) for known in AWS_OWN), name
