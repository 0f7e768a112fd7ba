"""The platform's secrets as AWS keeps them: a value in Secrets Manager, its version in SSM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from waddlebot.domain.stages import domain_parameter
from waddlebot.runtime.environment import NOT_SET
from waddlebot.runtime.house_secrets import (
    AT_DEPLOY,
    NOBODY,
    READ_BY,
    secret_name,
    secrets_under,
    version_parameter,
)

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseSecret:
    """`at_deploy` are those of `read_by` that see a new value at the next deploy alone."""

    variable: str
    read_by: Sequence[str]
    at_deploy: Sequence[str]


class HouseSecrets:
    """Of one stage, in the session's account and region; raises what boto3 raises."""

    def __init__(self, session: Session, *, stage: str) -> None:
        self.stage = stage
        self._kept: Any = session.client("secretsmanager")
        self._versions: Any = session.client("ssm")

    def find_all(self) -> Sequence[HouseSecret]:
        """By name; none where the stage is not deployed."""
        under = secrets_under(self.stage)
        pages = self._kept.get_paginator("list_secrets").paginate(
            Filters=[{"Key": "name", "Values": [under]}]
        )
        told = (secret for page in pages for secret in page["SecretList"])
        found = [_of(one, under) for one in told if one["Name"].startswith(under)]
        return sorted(found, key=lambda one: one.variable)

    def value(self, variable: str) -> str:
        """`not-set` where there is none."""
        return self._current(variable)[0]

    def is_set(self, variable: str) -> bool:
        return self.value(variable) != NOT_SET

    def write(self, variable: str, value: str) -> bool:
        """Whether it was another one before; the parameter follows also where it was not.

        Told twice, the same value makes no second version, so that no deploy finds a change.
        """
        now, version = self._current(variable)
        if now != value:
            written = self._kept.put_secret_value(
                SecretId=secret_name(self.stage, variable), SecretString=value
            )
            version = written["VersionId"]
        self._versions.put_parameter(
            Name=version_parameter(self.stage, variable),
            Value=version,
            Type="String",
            Overwrite=True,
        )
        return now != value

    def told_of_domain(self) -> Mapping[str, str]:
        """What the last deploy was told of its domain, by its names behind `context=`."""
        try:
            told = self._versions.get_parameter(Name=domain_parameter(self.stage))
        except self._versions.exceptions.ParameterNotFound:
            return {}
        return dict(one.partition("=")[::2] for one in told["Parameter"]["Value"].split())

    def _current(self, variable: str) -> tuple[str, str]:
        """The value and its version."""
        try:
            told = self._kept.get_secret_value(SecretId=secret_name(self.stage, variable))
        except self._kept.exceptions.ResourceNotFoundException:  # made, and nothing in it yet
            return NOT_SET, ""
        return told.get("SecretString") or NOT_SET, told["VersionId"]


def _of(told: Any, under: str) -> HouseSecret:
    tags = {tag["Key"]: tag["Value"] for tag in told.get("Tags", ())}
    return HouseSecret(
        variable=told["Name"].removeprefix(under),
        read_by=_names(tags.get(READ_BY, NOBODY)),
        at_deploy=_names(tags.get(AT_DEPLOY, NOBODY)),
    )


def _names(text: str) -> Sequence[str]:
    return [] if text == NOBODY else text.split()
