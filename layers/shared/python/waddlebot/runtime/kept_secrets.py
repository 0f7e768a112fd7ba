"""Reads a function's secrets from AWS Secrets Manager, with Powertools' parameters and boto3.

A variable says `secretsmanager:waddlebot/dev/SLACK_BOT_TOKEN` instead of the token: it is read
when it is first asked for and again when it is five minutes old, so that one who changes a secret
need not deploy (docs/decisions/0074). Whoever is waited for finds its secrets set and loads none
of this.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import cache

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.config import Config
from botocore.exceptions import ClientError

from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.environment import KEPT_AT, NOT_SET

MOST_SECONDS = 300
"""After so long a changed secret is used; `POWERTOOLS_PARAMETERS_MAX_AGE` is another choice."""
MAX_AGE = "POWERTOOLS_PARAMETERS_MAX_AGE"
NOT_THERE = "ResourceNotFoundException"
# Without `use_dualstack_endpoint`: the plain name has addresses by IPv6 too, and the one that older
# boto3 makes of it does not exist.
PATIENCE = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2})

log = logging.getLogger(__name__)


class KeptSecrets(Mapping[str, str]):
    """The environment, with each secret in place of its name; one that nobody made is empty.

    Looking one up raises Unavailable where Secrets Manager does not answer and never did.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        age = values.get(MAX_AGE, "")
        self._seconds = int(age) if age.isdigit() else MOST_SECONDS

    def __getitem__(self, name: str) -> str:
        value = self._values[name]
        if not value.startswith(KEPT_AT):
            return value
        return read_secret(value.removeprefix(KEPT_AT), seconds=self._seconds)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class _Keeper(SecretsProvider):
    """Its own wording of a failure hides what kind it is."""

    def _get(self, name: str, **sdk_options: object) -> str | bytes:
        try:
            return super()._get(name, **sdk_options)
        except ClientError as refused:
            if refused.response["Error"]["Code"] == NOT_THERE:
                return ""
            raise


_known: dict[str, str] = {}
"""As they were last told: while their keeper is away work goes on with them."""


def read_secret(name: str, *, seconds: int) -> str:
    """As it was told at most so long ago, or last; empty where nobody made it.

    Raises Unavailable where Secrets Manager does not answer and never did.
    """
    try:
        told = _keeper().get(name, max_age=seconds)
    except GetParameterError as error:
        if name not in _known:
            raise Unavailable("the keeper of secrets") from error
        log.warning("a secret is used as it was", extra={"of": name, "error": str(error)})
        return _known[name]
    _known[name] = told if isinstance(told, str) and told != NOT_SET else ""
    return _known[name]


@cache
def _keeper() -> _Keeper:
    """Made when a secret is first asked for: no snapshot holds one, nor a socket."""
    return _Keeper(boto_config=PATIENCE)
