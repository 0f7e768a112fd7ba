"""Secrets that the edge reads: Secrets Manager keeps a copy of each in CloudFront's region."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from waddlebot.domain.stages import EDGE_REGION


def copy_to_edge(scope: Construct, secrets: Sequence[secretsmanager.CfnSecret]) -> None:
    """A house that stands there already has them there, and AWS refuses a copy beside it.

    They go with the domain: kept, their names would be taken when it is wanted once more.
    """
    elsewhere = cdk.CfnCondition(
        scope,
        "IsElsewhere",
        expression=cdk.Fn.condition_not(cdk.Fn.condition_equals(cdk.Aws.REGION, EDGE_REGION)),
    )
    for secret in secrets:
        secret.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
        secret.add_property_override(
            "ReplicaRegions",
            {
                "Fn::If": [
                    elsewhere.logical_id,
                    [{"Region": EDGE_REGION}],
                    {"Ref": "AWS::NoValue"},
                ]
            },
        )
