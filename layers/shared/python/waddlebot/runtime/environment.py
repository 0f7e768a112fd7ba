"""The one place that reads the environment; what is missing is named, with what needs it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


class MissingVariable(Exception):
    """The sentence is for the operator."""


@dataclass(frozen=True, slots=True)
class Environment:
    values: Mapping[str, str]

    @classmethod
    def of_process(cls) -> Environment:
        return cls(dict(os.environ))

    def __getitem__(self, name: str) -> str:
        """Raises MissingVariable where it is not set or empty."""
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
