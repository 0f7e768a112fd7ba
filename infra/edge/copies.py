"""What the edge reads of the house's region: Secrets Manager keeps a copy of each in CloudFront's.

That is the one thing of AWS's own that carries a value there, so the bucket's host goes that way
too, though it is no secret (docs/decisions/0161).
"""

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


def carry_to_edge(scope: Construct, construct: str, *, name: str, value: str) -> None:
    """`value` is no secret: the template has it in plain words."""
    told = secretsmanager.CfnSecret(
        scope,
        construct,
        name=name,
        description="No secret: what CloudFront is told of the house",
        secret_string=value,
    )
    copy_to_edge(scope, [told])


def looked_up(name: str) -> str:
    """What CloudFormation puts the value itself in for, in the edge's region."""
    return f"{{{{resolve:secretsmanager:{name}:SecretString}}}}"
