"""What is there of a stack, asked where it lies and not of the stack alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.rehearsal.emulator import Emulator
from infra.rehearsal.progress import RehearsalFailed
from waddlebot.runtime.house_secrets import OF_EDGE
from waddlebot.runtime.origin_door import ORIGIN_KEYS


def must_stay(emulator: Emulator, templates: Iterable[tuple[str, Mapping[str, Any]]]) -> set[str]:
    """Resources of these stacks that are as they were made, and what outlives them."""
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
    return found | named_and_kept(emulator)


def named_and_kept(emulator: Emulator) -> set[str]:
    """What outlives its stack: databases, keys, and secrets that can be read; what an edge is told
    is made anew with it.
    """
    keeper = emulator.client("secretsmanager")
    pages = keeper.get_paginator("list_secrets").paginate()
    named = (secret for page in pages for secret in page["SecretList"])
    secrets = [one for one in named if not _is_of_edge(one["Name"])]
    for secret in secrets:
        keeper.get_secret_value(SecretId=secret["ARN"])
    keys = emulator.client("kms")
    enabled = [one["KeyId"] for one in keys.list_keys()["Keys"] if _is_enabled(keys, one["KeyId"])]
    databases = emulator.client("rds").describe_db_instances()["DBInstances"]
    return {
        *(secret["Name"] for secret in secrets),
        *(f"key {one}" for one in enabled),
        *(f"database {one['DBInstanceIdentifier']}" for one in databases),
    }


def must_be_listed(said: str, stage: str) -> None:
    """`make destroy` says what parts with each of them. Raises RehearsalFailed."""
    for words in (
        "aws rds delete-db-instance --db-instance-identifier ",
        "aws kms schedule-key-deletion --key-id ",
        f"aws cloudformation delete-stack --stack-name waddlebot-{stage}-data",
        f"list-secrets --filters Key=name,Values=waddlebot/{stage}/",
    ):
        if words not in said:
            raise RehearsalFailed(f"make destroy does not list “{words}”: {said[-1500:]}")


def is_deleted(cloudformation: Any, stack: str) -> bool:
    """Told to go, and gone; False where it is refused."""
    try:
        cloudformation.delete_stack(StackName=stack)
    except ClientError:
        return False
    waiting = {"Delay": 1, "MaxAttempts": 60}
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=waiting)
    return True


def _is_of_edge(secret: str) -> bool:
    return secret.startswith(OF_EDGE) or secret.rpartition("/")[2] in ORIGIN_KEYS


def _is_enabled(keys: Any, key: str) -> bool:
    return bool(keys.describe_key(KeyId=key)["KeyMetadata"]["Enabled"])
