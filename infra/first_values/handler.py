"""A custom resource of CloudFormation: fills each secret that is empty, and writes down which
version of each is in force. No template has that: a roll-back would bring one of before back.

Keys of our own are made here by lot; what platforms give holds `not-set` until an operator writes
it. What is filled is left alone, so it bears repeating. It reads no secret, and logs none.
It runs in the data stack, without layers: Lambda's own boto3 and one file of the words.
"""

from __future__ import annotations

import base64
import json
import secrets
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3

from waddlebot.domain.key_texts import new_key_text

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NOT_SET = "not-set"
"""As `waddlebot/runtime/environment.py` has it, which does not come along."""
CURRENT = "AWSCURRENT"
ANSWER_SECONDS = 10.0


def random_master() -> str:
    """32 bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


MAKERS: Mapping[str, Callable[[], str]] = {
    "WADDLEBOT_API_KEY": new_key_text,
    "WADDLEBOT_ORIGIN_KEY_A": lambda: secrets.token_urlsafe(32),
    "WADDLEBOT_ORIGIN_KEY_B": lambda: secrets.token_urlsafe(32),
    "WADDLEBOT_SEAL_KEY": random_master,
    "WADDLEBOT_SIGNING_KEY": lambda: secrets.token_urlsafe(32),
}
"""Keys that nobody types: the operator's, and what tokens and webhooks are sealed and signed with.
"""


def handler(aws_event: Mapping[str, Any], _context: object) -> None:
    """`ResourceProperties.Secrets` is an ARN by variable; `Data` is a version id by variable.

    `Passwords` are users by variable: of those the secret is a new password, with its user.
    `Versions` are names of SSM's parameters by variable.
    """
    answer = {name: aws_event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer["PhysicalResourceId"] = "first-values"
    try:
        wanted = {} if aws_event["RequestType"] == "Delete" else _secrets_in(aws_event)
        client = boto3.client("secretsmanager")
        users = aws_event["ResourceProperties"].get("Passwords", {})
        versions = {
            name: _filled(client, arn, partial(_first_value, name, users.get(name, "")))
            for name, arn in wanted.items()
        }
        noted = aws_event["ResourceProperties"].get("Versions", {})
        _note(boto3.client("ssm"), {noted[name]: versions[name] for name in noted if wanted})
        answer |= {"Status": "SUCCESS", "Data": versions}
    except Exception as error:  # noqa: BLE001 - unanswered, CloudFormation waits for an hour
        answer |= {"Status": "FAILED", "Reason": f"a secret was not filled: {error}"[:1000]}
    _tell(aws_event["ResponseURL"], answer)


def _secrets_in(aws_event: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = aws_event["ResourceProperties"]["Secrets"]
    return found


def _first_value(variable: str, user: str) -> str:
    if user:
        return json.dumps({"username": user, "password": secrets.token_urlsafe(32)})
    return MAKERS.get(variable, lambda: NOT_SET)()


def _filled(client: SecretsManagerClient, arn: str, first_value: Callable[[], str]) -> str:
    stages = client.describe_secret(SecretId=arn).get("VersionIdsToStages", {})
    for version, labels in stages.items():
        if CURRENT in labels:
            return version
    return client.put_secret_value(SecretId=arn, SecretString=first_value())["VersionId"]


def _note(client: Any, versions: Mapping[str, str]) -> None:
    for name, version in versions.items():
        client.put_parameter(Name=name, Value=version, Type="String", Overwrite=True)


def _tell(url: str, answer: Mapping[str, Any]) -> None:
    body = json.dumps(answer).encode()
    # CloudFormation signs its address for a body without a type.
    request = urllib.request.Request(  # noqa: S310 - CloudFormation's own address
        url, data=body, method="PUT", headers={"content-type": ""}
    )
    urllib.request.urlopen(request, timeout=ANSWER_SECONDS).close()  # noqa: S310
