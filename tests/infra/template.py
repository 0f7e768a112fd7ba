"""A written template, read the way the tests ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.declaration import Function

Properties = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`resources` by logical id, as CloudFormation gets them."""

    out: Path
    resources: dict[str, dict[str, Any]]

    @classmethod
    def written_to(cls, out: Path, stack: str = "functions") -> Template:
        (path,) = out.glob(f"*-{stack}.template.json")
        return cls(out=out, resources=json.loads(path.read_text())["Resources"])

    def of_type(self, kind: str) -> dict[str, Properties]:
        found = self.resources.items()
        return {name: body["Properties"] for name, body in found if body["Type"] == kind}

    def logical_id(self, function: Function) -> str:
        for name, properties in self.of_type("AWS::Lambda::Function").items():
            if properties.get("FunctionName") == f"waddlebot-dev-{function.name}":
                return name
        raise AssertionError(f"{function.name} is not in the template")

    def deployed(self, function: Function) -> Properties:
        properties: Properties = self.resources[self.logical_id(function)]["Properties"]
        return properties

    def code(self, function: Function) -> Path:
        return self._asset(self.deployed(function)["Code"])

    def layers(self, function: Function) -> dict[str, Path]:
        """The unzipped layers of a function, by logical id without the CDK's hash."""
        ids = [layer["Ref"] for layer in self.deployed(function)["Layers"]]
        contents = self.of_type("AWS::Lambda::LayerVersion")
        return {name[:-8]: self._asset(contents[name]["Content"]) for name in ids}

    def statements(self, function: Function) -> Iterator[dict[str, Any]]:
        """All that the role of a function is allowed."""
        role = self.deployed(function)["Role"]["Fn::GetAtt"][0]
        properties = self.resources[role]["Properties"]
        assert properties.keys() == {"AssumeRolePolicyDocument", "PermissionsBoundary", "Policies"}
        attached = self.of_type("AWS::IAM::Policy").values()
        assert not [one for one in attached if {"Ref": role} in one["Roles"]]
        for policy in properties["Policies"]:
            yield from policy["PolicyDocument"]["Statement"]

    def led_to(self, route: str) -> str:
        """The name of the function that is called by a route, by its alias."""
        integrations = self.of_type("AWS::ApiGatewayV2::Integration")
        (target,) = (
            json.dumps(one["Target"])
            for one in self.of_type("AWS::ApiGatewayV2::Route").values()
            if one["RouteKey"] == route
        )
        (integration,) = (one for name, one in integrations.items() if f'"{name}"' in target)
        assert integration["PayloadFormatVersion"] == "2.0"
        parts = integration["IntegrationUri"]["Fn::Join"][1]
        words = "".join(part for part in parts if isinstance(part, str))
        begin, end = (
            "arn::apigateway::lambda:path/2015-03-31/functions/arn::lambda:::function:",
            (":live/invocations"),
        )
        assert words.startswith(begin)
        assert words.endswith(end)
        return words.removeprefix(begin).removesuffix(end)

    def waits_for(self, name: str) -> set[str]:
        """Logical ids that are there before this resource, by its own word."""
        waits = self.resources[name].get("DependsOn", [])
        return {waits} if isinstance(waits, str) else set(waits)

    def _asset(self, code: dict[str, Any]) -> Path:
        return self.out / f"asset.{code['S3Key'].partition('.')[0]}"
