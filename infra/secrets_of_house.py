"""The platform's secrets: each a row declares, empty of any value that a template could show.

`FirstValues` fills them in the account: keys of our own by lot, `not-set` for what an operator
writes (`waddlebot aws secret set`). Beside each it writes an SSM parameter with the version that is
in force; a stack that takes a secret at deploy reads it by that parameter, so that a plain
`cdk deploy` finds a changed one (docs/decisions/0100). The parameters are no resources, else
CloudFormation would write what it remembers, whenever one changes or the stack goes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from functions.catalogue import WEBHOOK_SECRETS, all_functions
from functions.declaration import Function, HttpRoute
from gateway_bot.declaration import GATEWAY
from infra.assets import files_asset
from infra.edge.copies import copy_to_edge
from infra.published import log_group
from waddlebot.runtime.house_secrets import (
    AT_DEPLOY,
    NOBODY,
    READ_BY,
    secret_name,
    version_parameter,
)
from waddlebot.runtime.needs import PUBLIC_URL, AnyNeed, Secret

CODE = (
    "waddlebot/__init__.py",
    "waddlebot/domain/__init__.py",
    "waddlebot/domain/key_texts.py",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """`at_deploy` are those among `names` that find it set, resolved by CloudFormation."""

    names: Sequence[str]
    at_deploy: Sequence[str]


def declared_secrets() -> Mapping[str, Readers]:
    """By variable."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    at_deploy: defaultdict[str, list[str]] = defaultdict(list)
    for function in all_functions():
        for variable in secrets_of(function.needs):
            names[variable].append(function.name)
            if variable in told_at_deploy(function):
                at_deploy[variable].append(function.name)
    for variable in secrets_of(GATEWAY.needs):
        names[variable].append(GATEWAY.name)
    return {
        one: Readers(names=sorted(names[one]), at_deploy=sorted(at_deploy[one]))
        for one in sorted(names)
    }


def told_at_deploy(function: Function) -> frozenset[str]:
    """A webhook's secret alone: its platform waits for three seconds, and nothing is to be loaded
    or asked first. All others are read as they are asked for.
    """
    is_webhook = any(isinstance(door, HttpRoute) for door in function.doors) and function.quick
    return secrets_of(function.needs) & {*WEBHOOK_SECRETS.values()} if is_webhook else frozenset()


def secrets_of(needs: Iterable[AnyNeed]) -> frozenset[str]:
    """By variable; the address under which people reach us is none."""
    named = {need.variable for need in needs if isinstance(need, Secret)}
    return frozenset(named - {PUBLIC_URL})


class SecretsOfHouse(Construct):
    """They outlive their stack: without the seal key every connection is lost.

    `passwords` are users by the variable of theirs; those go with the login that they are for, and
    nobody types one. `copied` are declared by nobody in the catalogue: CloudFront shows one
    of them, whose stack is elsewhere.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        stage_name: str,
        root: Path,
        passwords: Mapping[str, str],
        copied: Mapping[str, Readers] = MappingProxyType({}),
    ) -> None:
        super().__init__(scope, "Secrets")
        self.stage_name = stage_name
        self.passwords = passwords
        declared = {**declared_secrets(), **copied}
        secrets = {variable: self._secret(variable, who) for variable, who in declared.items()}
        secrets |= {variable: self._password(variable) for variable in passwords}
        if copied:
            copy_to_edge(self, [secrets[variable] for variable in copied])
        self.arns = {variable: secret.ref for variable, secret in secrets.items()}
        self.versions = {variable: version_parameter(stage_name, variable) for variable in declared}
        self.filled = self._filled(self._first_values(root))

    def password(self, variable: str) -> str:
        """What CloudFormation puts the password itself in for."""
        version = self.filled.get_att_string(variable)
        return (
            f"{{{{resolve:secretsmanager:{self.arns[variable]}:SecretString:password::{version}}}}}"
        )

    def _secret(self, variable: str, who: Readers) -> secretsmanager.CfnSecret:
        """Without a value: one of the template's would come back whenever a tag changes."""
        secret = secretsmanager.CfnSecret(
            self,
            variable,
            name=secret_name(self.stage_name, variable),
            description="Written by: waddlebot aws secret set",
            tags=[
                cdk.CfnTag(key=READ_BY, value=" ".join(who.names) or NOBODY),
                cdk.CfnTag(key=AT_DEPLOY, value=" ".join(who.at_deploy) or NOBODY),
            ],
        )
        # Not where its own stack failed to come up: the next try would find the name taken.
        secret.apply_removal_policy(cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        return secret

    def _password(self, variable: str) -> secretsmanager.CfnSecret:
        secret = secretsmanager.CfnSecret(
            self,
            variable,
            name=secret_name(self.stage_name, variable),
            description=f"Made by the deploy: {self.passwords[variable]} enters with it",
            tags=[
                cdk.CfnTag(key=READ_BY, value=f"whoever-enters-as-{self.passwords[variable]}"),
                cdk.CfnTag(key=AT_DEPLOY, value=NOBODY),
            ],
        )
        # Kept, its name would be taken when passwords are wanted once more.
        secret.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
        return secret

    def _filled(self, by: lambda_.Function) -> cdk.CustomResource:
        passwords = {"Passwords": dict(self.passwords)} if self.passwords else {}
        return cdk.CustomResource(
            self,
            "Filled",
            resource_type="Custom::FirstValues",
            service_token=by.function_arn,
            properties={
                "Secrets": dict(self.arns),
                "Versions": dict(self.versions),
                **passwords,
            },
        )

    def _first_values(self, root: Path) -> lambda_.Function:
        name = f"waddlebot-{self.stage_name}-first-values"
        asset = files_asset("first-values", _code(root), root)
        group = log_group(
            self, "FirstValuesLogs", f"/aws/lambda/{name}", stage_name=self.stage_name
        )
        role = iam.Role(
            self, "FirstValuesRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        group.grant_write(role)
        may = iam.PolicyStatement(
            actions=["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"],
            resources=list(self.arns.values()),
        )
        role.add_to_policy(may)
        notes = list(map(self._parameter_arn, self.versions.values()))
        role.add_to_policy(iam.PolicyStatement(actions=["ssm:PutParameter"], resources=notes))
        return lambda_.Function(
            self,
            "FirstValues",
            function_name=name,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="handler.handler",
            code=lambda_.Code.from_asset(str(asset.folder), asset_hash=asset.content),
            memory_size=256,
            timeout=cdk.Duration.minutes(2),
            role=role,
            log_group=group,
        )

    def _parameter_arn(self, name: str) -> str:
        stack = cdk.Stack.of(self)
        arn = stack.format_arn(service="ssm", resource="parameter", resource_name=name[1:])
        return str(arn)


def _code(root: Path) -> Mapping[str, Path]:
    shared = root / "layers" / "shared" / "python"
    handler = root / "infra" / "first_values" / "handler.py"
    return {"handler.py": handler, **{one: shared / one for one in CODE}}
