"""Keys of its own for each process, as Lambda and ECS have them from STS, and as whom its role may
enter: read from the templates that are deployed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway_bot.declaration import GATEWAY

DATABASE_ACTION, VALKEY_ACTION = "rds-db:connect", "elasticache:Connect"
FUNCTION, TASK = "AWS::Lambda::Function", "AWS::ECS::TaskDefinition"
ROLE_FIELDS = {FUNCTION: "Role", TASK: "TaskRoleArn"}
Resources = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessKeys:
    """`database` and `valkey` are the users as whom its role may enter."""

    key_id: str
    secret: str = field(repr=False)
    session_token: str = field(repr=False)
    database: frozenset[str]
    valkey: frozenset[str]

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_SESSION_TOKEN": self.session_token,
        }

    def holder(self, users: frozenset[str]) -> dict[str, object]:
        """As a front is told it."""
        return {
            "key_id": self.key_id,
            "secret": self.secret,
            "session_token": self.session_token,
            "users": tuple(sorted(users)),
        }


def keys_of(templates: Iterable[Mapping[str, Any]]) -> dict[str, ProcessKeys]:
    """By a function's whole name; the gateways by theirs."""
    return {
        name: ProcessKeys(
            key_id=f"ASIA{secrets.token_hex(8).upper()}",
            secret=secrets.token_hex(20),
            session_token=secrets.token_urlsafe(48),
            database=frozenset(_users(role, DATABASE_ACTION, "/")),
            valkey=frozenset(_users(role, VALKEY_ACTION, ":user:")),
        )
        for template in templates
        for name, role in _processes(template["Resources"])
    }


def _processes(resources: Resources) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for resource in resources.values():
        told = resource.get("Properties", {})
        role = told.get(ROLE_FIELDS.get(resource["Type"], ""))
        name = GATEWAY.name if resource["Type"] == TASK else told.get("FunctionName")
        if role and name:
            yield name, resources[role["Fn::GetAtt"][0]]["Properties"]


def _users(role: Mapping[str, Any], action: str, before: str) -> Iterator[str]:
    """Behind the last `before` of what an action is granted on."""
    for policy in role.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            resources = statement["Resource"]
            for one in resources if isinstance(resources, list) else [resources]:
                if statement["Action"] == action and before in (end := _end_of(one)):
                    yield end.rpartition(before)[2]


def _end_of(resource: Any) -> str:
    """The text in which an ARN ends."""
    last = resource["Fn::Join"][1][-1] if isinstance(resource, dict) else resource
    return last if isinstance(last, str) else ""
