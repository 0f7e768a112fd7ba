"""What all stacks do alike: tell an address to the others, name a construct, keep what it wrote."""

from __future__ import annotations

import aws_cdk as cdk
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


def kept_in_production(stage_name: str) -> cdk.RemovalPolicy:
    """Logs of production outlive their stack: they say what happened to it."""
    kept = stage_name == "production"
    return cdk.RemovalPolicy.RETAIN if kept else cdk.RemovalPolicy.DESTROY
