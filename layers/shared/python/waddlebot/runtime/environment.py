"""The one place that reads the environment; what is missing is named, with what needs it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

KEPT_AT = "secretsmanager:"
"""So begins a value that is not the secret itself but the name under which it is kept."""
NOT_SET = "not-set"
"""What a secret holds that is not used: an empty one cannot be kept."""


class MissingVariable(Exception):
    """The sentence is for the operator."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Variables by name; of those in `kept` the value is read elsewhere, and may change."""

    values: Mapping[str, str]
    kept: tuple[str, ...] = ()

    @classmethod
    def of_process(cls) -> Environment:
        """Of secrets that are kept elsewhere each is read when it is asked for."""
        values = {name: value for name, value in os.environ.items() if value != NOT_SET}
        kept = tuple(sorted(name for name in values if values[name].startswith(KEPT_AT)))
        if not kept:
            return cls(values)
        from waddlebot.runtime.kept_secrets import KeptSecrets  # boto3: whoever is waited for
        # finds its secrets set

        return cls(KeptSecrets(values), kept)

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
