"""How the stacks of a house stand, and what of it outlives `destroy`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from operations.aws.account import in_words
from operations.speaking import table
from waddlebot.runtime.house_secrets import secrets_under

if TYPE_CHECKING:
    from boto3.session import Session

GIVEN_BACK = "functions", "routes", "gateway"
"""What `destroy` takes away."""
KEPT = "data", "network"
"""What stays, in the order in which one parts with it."""
NOT_BEGUN, IN_PROGRESS, STUCK = "REVIEW_IN_PROGRESS", "_IN_PROGRESS", "_FAILED"
PATIENCE_SECONDS = 10


def stack_name(stage: str, one: str) -> str:
    return f"waddlebot-{stage}-{one}"


def how_stacks_stand(stage: str, session: Session) -> str:
    """A line each, in words; empty where none is there. Raises NotDone."""
    from botocore.config import Config

    with in_words():
        # Whoever has stopped a command does not wait for AWS again.
        hurried = Config(
            connect_timeout=PATIENCE_SECONDS,
            read_timeout=PATIENCE_SECONDS,
            retries={"max_attempts": 1},
        )
        client = session.client("cloudformation", config=hurried)
        pages = client.get_paginator("describe_stacks").paginate()
        found = [
            (one["StackName"], one["StackStatus"], _means(one["StackStatus"]))
            for page in pages
            for one in page["Stacks"]
            if one["StackName"].startswith(stack_name(stage, ""))
        ]
    return table(("STACK", "", ""), sorted(found)) if found else ""


def _means(status: str) -> str:
    if status == NOT_BEGUN:
        return "not begun"
    if status.endswith(IN_PROGRESS):
        return "goes on by itself"
    if status.endswith(STUCK):
        return "stands still: its events in CloudFormation say why"
    return "as it was before" if "ROLLBACK" in status else "done"


def what_stays(stage: str, session: Session) -> str:
    """Each with what is typed to part with it for good; empty where nothing is. Raises NotDone."""
    with in_words():
        stays = [*_of_the_data(stage, session), *_beside(stage, session)]
    return "\n".join(f"  {what}\n{_indented(commands)}" for what, commands in stays)


def _of_the_data(stage: str, session: Session) -> Iterator[tuple[str, Sequence[str]]]:
    client = session.client("cloudformation")
    there = [one for one in KEPT if _resources(client, stack_name(stage, one))]
    for resource in _resources(client, stack_name(stage, "data")):
        if commands := _PARTS.get(resource["ResourceType"]):
            name = resource["PhysicalResourceId"]
            kind = resource["ResourceType"].rpartition("::")[2]
            yield f"{kind} {name}", [line.format(name) for line in commands]
    for one in there:
        name = stack_name(stage, one)
        yield f"stack {name}", [line.format(name) for line in _OF_A_STACK]


def _resources(client: Any, stack: str) -> list[Mapping[str, Any]]:
    from botocore.exceptions import ClientError

    try:
        pages = client.get_paginator("list_stack_resources").paginate(StackName=stack)
        return [one for page in pages for one in page["StackResourceSummaries"]]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # no such stack
            return []
        raise


def _beside(stage: str, session: Session) -> Iterator[tuple[str, Sequence[str]]]:
    """Kept by themselves, whatever becomes of their stacks."""
    under = secrets_under(stage)
    keeper = session.client("secretsmanager").get_paginator("list_secrets")
    asked = keeper.paginate(Filters=[{"Key": "name", "Values": [under]}])
    if count := sum(len(page["SecretList"]) for page in asked):
        yield f"{count} secrets {under}…", [_OF_SECRETS.format(under)]
    logs = f"/aws/lambda/{stack_name(stage, '')}"
    asked = session.client("logs").get_paginator("describe_log_groups")
    groups = [one for page in asked.paginate(logGroupNamePrefix=logs) for one in page["logGroups"]]
    if groups:
        yield f"{len(groups)} logs {logs}…", [_OF_LOGS.format(logs)]


def _indented(commands: Sequence[str]) -> str:
    return "\n".join(f"    {one}" for one in commands)


_UNPROTECTED = (
    "aws rds modify-db-instance --db-instance-identifier {} --no-deletion-protection "
    "--apply-immediately"
)
_DELETED = (
    "aws rds delete-db-instance --db-instance-identifier {0} --final-db-snapshot-identifier "
    "{0}-last"
)
_PARTS: Mapping[str, Sequence[str]] = {
    "AWS::RDS::DBInstance": (_UNPROTECTED, _DELETED),
    "AWS::S3::Bucket": ("aws s3 rb s3://{} --force",),
    "AWS::KMS::Key": ("aws kms schedule-key-deletion --key-id {} --pending-window-in-days 30",),
}
"""What a stack that is deleted leaves behind, or cannot take away; replicas before their writer."""
_OPENED = (
    "aws cloudformation update-termination-protection --stack-name {} "
    "--no-enable-termination-protection"
)
_OF_A_STACK = (_OPENED, "aws cloudformation delete-stack --stack-name {}")
_OF_SECRETS = (
    "for one in $(aws secretsmanager list-secrets --filters Key=name,Values={} --query "
    "'SecretList[].Name' --output text); do aws secretsmanager delete-secret --secret-id $one "
    "--recovery-window-in-days 30; done"
)
_OF_LOGS = (
    "for one in $(aws logs describe-log-groups --log-group-name-prefix {} --query "
    "'logGroups[].logGroupName' --output text); do aws logs delete-log-group --log-group-name "
    "$one; done"
)
