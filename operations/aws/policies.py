"""What an administrator makes at `make bootstrap` and no deploy can change: two policies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from operations.api import ROOT, NotDone
from operations.aws.account import MAY_NOT, AwsAccount
from waddlebot.domain.stages import BOUNDARY, DEPLOYER

if TYPE_CHECKING:
    from boto3.session import Session

HERE = Path(__file__).parent
FILES = {DEPLOYER: HERE / "deployer.json", BOUNDARY: HERE / "boundary.json"}
DESCRIBED = {
    DEPLOYER: "What a deploy of WaddleBot may not do, whatever its role says",
    BOUNDARY: "What no role of WaddleBot may go beyond",
}


def keep_policy(name: str, session: Session, account: AwsAccount) -> str:
    """What was found, in a sentence. One that is there stays: its owner may have changed it.

    Raises what boto3 raises.
    """
    client = session.client("iam")
    try:
        client.create_policy(
            PolicyName=name, PolicyDocument=FILES[name].read_text(), Description=DESCRIBED[name]
        )
    except client.exceptions.EntityAlreadyExistsException:
        there = f"{name} of account {account.number} is there already"
        if _document(name, client, account) == json.loads(FILES[name].read_text()):
            return f"{there}."
        return f"{there}, and is not as this release has it. {_way(name, account)}"
    return f"{name} is made."


def must_have_boundary(session: Session, account: AwsAccount) -> None:
    """Raises NotDone: roles without it cannot be made, and one that is narrower is found out where
    they work.
    """
    client = session.client("iam")
    try:
        there = _allowed(_document(BOUNDARY, client, account))
    except client.exceptions.NoSuchEntityException as missing:
        raise NotDone(
            f"Account {account.number} has no {BOUNDARY}, which holds all roles of the house. "
            "Whoever administers it makes it once: make bootstrap"
        ) from missing
    except client.exceptions.ClientError as refused:
        if refused.response["Error"]["Code"] in MAY_NOT:
            return  # whoever deploys need not see it; CloudFormation tells where it is missing
        raise
    if lacks := _allowed(json.loads(FILES[BOUNDARY].read_text())) - there:
        raise NotDone(
            f"{BOUNDARY} of account {account.number} is of another release: it does not allow "
            f"{', '.join(sorted(lacks))}. {_way(BOUNDARY, account)}"
        )


def _way(name: str, account: AwsAccount) -> str:
    return (
        "Compare them; whoever administers the account brings it up to here: aws iam "
        f"create-policy-version --policy-arn {_arn(name, account)} --set-as-default "
        f"--policy-document file://{FILES[name].relative_to(ROOT)}"
    )


def _document(name: str, client: Any, account: AwsAccount) -> Mapping[str, Any]:
    arn = _arn(name, account)
    version = client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    told = client.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    found: Mapping[str, Any] = json.loads(told) if isinstance(told, str) else told
    return found


def _arn(name: str, account: AwsAccount) -> str:
    return f"arn:{account.partition}:iam::{account.number}:policy/{name}"


def _allowed(document: Mapping[str, Any]) -> set[str]:
    return {
        action
        for one in document["Statement"]
        if one["Effect"] == "Allow"
        for action in one["Action"]
    }
