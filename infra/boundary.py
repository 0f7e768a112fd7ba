"""What no role of ours may ever do, whatever its own policies come to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

ALLOWED: Mapping[str, Sequence[str]] = {
    "CallsOurFunctions": ["lambda:InvokeFunction"],
    "WritesToSockets": ["execute-api:ManageConnections"],
    "EntersData": ["rds-db:connect", "elasticache:Connect"],
    "KeepsSecrets": [
        "secretsmanager:GetSecretValue",
        "secretsmanager:DescribeSecret",
        "secretsmanager:PutSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
    ],
    "UsesKeys": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
    "KeepsMediaFiles": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
    "LeavesWhatFailed": ["sqs:SendMessage"],
    "WritesLogs": [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:PutLogEvents",
    ],
    "StandsInTheNetwork": [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "ec2:GetSecurityGroupsForVpc",
        "ec2:UnassignPrivateIpAddresses",
    ],
    "PullsTheImage": [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
    ],
}
"""By what it is for; each action is written out, so a new one is a decision."""


def boundary_name(stage_name: str) -> str:
    return f"waddlebot-{stage_name}-boundary"


class Boundary(Construct):
    """The policy itself; it stands in the network stack, which is deployed first."""

    def __init__(self, scope: Construct, *, stage_name: str) -> None:
        super().__init__(scope, "Boundary")
        iam.CfnManagedPolicy(
            self,
            "Policy",
            managed_policy_name=boundary_name(stage_name),
            description="What no role of WaddleBot may go beyond",
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": name,
                        "Effect": "Allow",
                        "Action": list(actions),
                        "Resource": _resources(self, name, stage_name),
                    }
                    for name, actions in ALLOWED.items()
                ]
                + [_denied_to_code(self, stage_name)],
            },
        )


def _resources(scope: Construct, name: str, stage_name: str) -> str:
    """A boundary grants nothing: `*` leaves the resource to the role's own policy."""
    return _our_functions(scope, stage_name) if name == "CallsOurFunctions" else "*"


def _denied_to_code(scope: Construct, stage_name: str) -> dict[str, Any]:
    """Lambda stands a function in a network with the rights of its role, so the code has them too:
    it may not use them (the key is there only where code asks).
    """
    return {
        "Sid": "LeavesTheNetworkAlone",
        "Effect": "Deny",
        "Action": list(ALLOWED["StandsInTheNetwork"]),
        "Resource": "*",
        "Condition": {
            "ArnLike": {"lambda:SourceFunctionArn": _our_functions(scope, stage_name)},
        },
    }


def _our_functions(scope: Construct, stage_name: str) -> str:
    arn = cdk.Stack.of(scope).format_arn(
        service="lambda",
        resource="function",
        resource_name=f"waddlebot-{stage_name}-*",
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )
    return str(arn)


def bind_roles(stack: cdk.Stack, *, stage_name: str) -> None:
    """Every role in it, those that constructs of others make as well."""
    policy = iam.ManagedPolicy.from_managed_policy_name(
        stack, "RolesBoundary", boundary_name(stage_name)
    )
    iam.PermissionsBoundary.of(stack).apply(policy)
