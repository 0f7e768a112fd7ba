"""What all stacks do alike: tell an address to the others, name a construct, keep what it wrote."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct


def publish(scope: Construct, name: str, address: str, value: str) -> None:
    """`address` is one of `infra/addresses.py`."""
    ssm.CfnParameter(scope, name, name=address, type="String", value=value)


def published(scope: Construct, address: str) -> str:
    """Looked up when the stack is deployed; an address that is not there fails by its name."""
    return str(ssm.StringParameter.value_for_string_parameter(scope, address))


def published_list(scope: Construct, address: str) -> list[str]:
    return list(ssm.StringListParameter.value_for_typed_list_parameter(scope, address))


def construct_id(name: str) -> str:
    """`to-database` is ToDatabase."""
    return "".join(part.capitalize() for part in name.split("-"))


def log_group(scope: Construct, construct: str, name: str, *, stage_name: str) -> logs.LogGroup:
    """Logs of production outlive their stack: they say what happened to it.

    So a name ends in what this stack alone has: one that comes after it, or after a first deploy
    that failed, would find the name taken (docs/decisions/0121).
    """
    kept = stage_name == "production"
    of_this_stack = cdk.Fn.select(2, cdk.Fn.split("/", cdk.Aws.STACK_ID))
    return logs.LogGroup(
        scope,
        construct,
        log_group_name=f"{name}/{of_this_stack}",
        retention=logs.RetentionDays.ONE_MONTH,
        removal_policy=cdk.RemovalPolicy.RETAIN if kept else cdk.RemovalPolicy.DESTROY,
    )
