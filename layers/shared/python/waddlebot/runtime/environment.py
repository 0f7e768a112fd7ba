"""The one place that reads the environment; what is missing is named, with what needs it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

KEPT_AT = "secretsmanager:"
"""So begins a value that is not the secret itself but the name under which it is kept."""
NOT_SET = "not-set"
"""What a secret holds that is not used: an empty one cannot be kept."""


MOST_SECONDS = 300
"""After so long a changed secret is used; `POWERTOOLS_PARAMETERS_MAX_AGE` is another choice."""
MAX_AGE = "POWERTOOLS_PARAMETERS_MAX_AGE"


class MissingVariable(Exception):
    """The sentence is for the operator."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Variables by name; of those in `kept` the value is read elsewhere, and may change."""

    values: Mapping[str, str]
    kept: tuple[str, ...] = ()

    @classmethod
    def of_process(cls, *, again: bool = False) -> Environment:
        """Of secrets that are kept elsewhere each is read when it is asked for; `again` at each
        look, also where it was read a moment ago.
        """
        values = {name: value for name, value in os.environ.items() if value != NOT_SET}
        kept = tuple(sorted(name for name in values if values[name].startswith(KEPT_AT)))
        return cls(KeptSecrets(values, again=again) if kept else values, kept)

    def anew(self) -> Environment:
        """The same, whose secrets are read at each look, also where they were a moment ago."""
        values = self.values
        return Environment(values.anew() if isinstance(values, KeptSecrets) else values, self.kept)

    def __getitem__(self, name: str) -> str:
        """Raises MissingVariable where it is not set or empty, Unavailable where its keeper is."""
        value = self.values.get(name)
        if value:
            return value
        function = self.values.get("AWS_LAMBDA_FUNCTION_NAME", "this process")
        raise MissingVariable(
            f"{function} needs {name}, which is not set. Locally it stands in "
            "$WADDLEBOT_HOME/dev.env or your .env; on AWS the function's needs in "
            "functions/catalogue.py set it."
        )

    def find(self, name: str, default: str = "") -> str:
        return self.values.get(name) or default


def seconds_kept(variables: Mapping[str, str]) -> int:
    """As old as a secret may become that is kept elsewhere."""
    age = variables.get(MAX_AGE, "")
    return int(age) if age.isdigit() else MOST_SECONDS


class KeptSecrets(Mapping[str, str]):
    """Variables, with each secret in place of its name; one that nobody made is empty.

    Looking one up raises Unavailable where Secrets Manager does not answer and never did.
    """

    def __init__(self, values: Mapping[str, str], *, again: bool = False) -> None:
        self._values = values
        self._again = again
        self._seconds = seconds_kept(values)

    def anew(self) -> KeptSecrets:
        return KeptSecrets(self._values, again=True)

    def __getitem__(self, name: str) -> str:
        value = self._values[name]
        if not value.startswith(KEPT_AT):
            return value
        from waddlebot.runtime.kept_secrets import read_secret  # boto3: most calls need no secret

        at = value.removeprefix(KEPT_AT)
        return read_secret(at, seconds=self._seconds, again=self._again)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
