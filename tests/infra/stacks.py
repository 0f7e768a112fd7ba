"""All stacks of one profile, as they were written, and what several tests ask of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.profiles import PROFILES, Profile
from tests.infra.template import Properties, Template

ORDER = ("network", "data", "origins", "edge", "functions", "routes", "gateway")
"""As they are deployed; those that are not written yet are left out."""
PARAMETER = "AWS::SSM::Parameter::Value"
ACCOUNT = re.compile(r"[:/\"-]\d{12}[:/\"-]")
REGION = re.compile(r"\b(us|eu|ap|sa|ca|me|af|il)-(north|south|east|west|central)[a-z]*-\d\b")
"""What no template has, as it would be somebody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacks:
    """`by_name` in the order in which they are deployed."""

    profile: Profile
    out: Path
    by_name: dict[str, Template]

    @classmethod
    def written_to(cls, out: Path, profile: str) -> Stacks:
        names = [name for name in ORDER if list(out.glob(f"*-{name}.template.json"))]
        by_name = {name: Template.written_to(out, name) for name in names}
        return cls(profile=PROFILES[profile], out=out, by_name=by_name)

    @property
    def network(self) -> Template:
        return self.by_name["network"]

    @property
    def data(self) -> Template:
        return self.by_name["data"]

    def text(self, name: str) -> dict[str, Any]:
        """A whole template, not its resources alone."""
        (path,) = self.out.glob(f"*-{name}.template.json")
        written: dict[str, Any] = json.loads(path.read_text())
        return written

    def of_type(self, kind: str) -> Iterator[tuple[str, Properties]]:
        """In all stacks: `stack/logical id` and properties."""
        for stack, template in self.by_name.items():
            for name, properties in template.of_type(kind).items():
                yield f"{stack}/{name}", properties

    def published(self) -> dict[str, tuple[str, Any]]:
        """Parameters that stacks write, by name: which one, and the value. Those of secrets are
        written by a function of the data: of these it is which secret.
        """
        noted = {
            parameter: (name.partition("/")[0], variable)
            for name, properties in self.of_type("Custom::FirstValues")
            for variable, parameter in properties["Versions"].items()
        }
        return noted | {
            properties["Name"]: (name.partition("/")[0], properties["Value"])
            for name, properties in self.of_type("AWS::SSM::Parameter")
        }

    def asked(self) -> Iterator[tuple[str, str]]:
        """Stack and name of each parameter that is read when it is deployed."""
        for stack in self.by_name:
            for parameter in self.text(stack).get("Parameters", {}).values():
                ours = str(parameter.get("Default", "")).startswith("/waddlebot/")
                if parameter["Type"].startswith(PARAMETER) and ours:
                    yield stack, parameter["Default"]

    def statements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """All that policies of roles allow, with `stack/logical id` of the policy."""
        for name, properties in self.of_type("AWS::IAM::Policy"):
            for statement in properties["PolicyDocument"]["Statement"]:
                yield name, statement
        for name, properties in self.of_type("AWS::IAM::Role"):
            for policy in properties.get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    yield name, statement


def listed(value: object) -> list[Any]:
    """Of what a policy may write alone or as a list."""
    return value if isinstance(value, list) else [value]
