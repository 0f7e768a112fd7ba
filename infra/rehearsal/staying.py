"""What is there of a stack, asked where it lies and not of the stack alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from infra.rehearsal.emulator import Emulator


def must_stay(emulator: Emulator, templates: Iterable[tuple[str, Mapping[str, Any]]]) -> set[str]:
    """Resources of these stacks that are as they were made, and the secrets that can be read."""
    cloudformation = emulator.client("cloudformation")
    found = set()
    for stack, template in templates:
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        there = {
            one["LogicalResourceId"]: one["ResourceStatus"]
            for page in pages
            for one in page["StackResourceSummaries"]
        }
        found |= {
            f"{stack}/{name}" for name in template["Resources"] if "DELETE" not in there[name]
        }
    keeper = emulator.client("secretsmanager")
    for page in keeper.get_paginator("list_secrets").paginate():
        for secret in page["SecretList"]:
            keeper.get_secret_value(SecretId=secret["ARN"])
            found.add(secret["Name"])
    return found
