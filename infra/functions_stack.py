"""Every row of the catalogue: the function, its routes and schedules, and just what it needs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import triggers
from constructs import Construct

from functions.catalogue import all_functions, builtin_modules, lambda_modules
from functions.declaration import AtDeploy, Function, Schedule, gateway_routes
from functions.declared_commands import DECLARED_COMMANDS, declared_commands
from infra.assets import function_asset, layer_asset
from waddlebot.runtime.environment import KEPT_AT
from waddlebot.runtime.needs import FUNCTION_PREFIX, PARTITIONS, Invoke, Need, variables

RUNTIME = lambda_.Runtime.PYTHON_3_13
ARCHITECTURE = lambda_.Architecture.ARM_64

ACCESS_LOG = json.dumps(
    {
        "requestId": "$context.requestId",
        "route": "$context.routeKey",
        "status": "$context.status",
        "latencyMs": "$context.responseLatency",
        "error": "$context.integrationErrorMessage",
    }
)
"""No addresses of people, no paths: an overlay's path holds its token."""

ACKNOWLEDGED = {
    "AwsSolutions-L1": "Python 3.13, not the newest: every package of the layer has wheels for it.",
    "AwsSolutions-APIG4": (
        "Platforms sign their bodies, which an authorizer does not see; keys and overlay tokens "
        "are checked by the functions, whose refusals have our words."
    ),
}
"""Rules of cdk-nag that we break on purpose, and why."""


class FunctionsStack(cdk.Stack):
    """`stage_name` is dev, staging or production; every name carries it.

    `partitions` is how many shares the streams are kept in: the gateways must be told the same.
    """

    def __init__(
        self, scope: Construct, *, stage_name: str, partitions: int, root: Path, dependencies: Path
    ) -> None:
        super().__init__(scope, f"waddlebot-{stage_name}-functions")
        self.stage_name = stage_name
        self.partitions = partitions
        self.root = root
        self.key = kms.Key(self, "Environment", enable_key_rotation=True)
        self.layers = self._layers(dependencies)
        self.functions = {function.name: self._function(function) for function in all_functions()}
        for function in all_functions():
            self._grant_calls(function)
            self._grant_secrets(function)
        self._routes()
        self._schedules()
        self._at_deploy()
        self._acknowledge()

    def _layers(self, dependencies: Path) -> Mapping[str, lambda_.LayerVersion]:
        folders = {
            "Contract": self.root / "sdk",
            "Shared": self.root / "layers" / "shared",
            "Dependencies": dependencies,
        }
        return {name: self._layer(name, folder) for name, folder in folders.items()}

    def _layer(self, name: str, folder: Path) -> lambda_.LayerVersion:
        asset = layer_asset(name, folder, self.root)
        return lambda_.LayerVersion(
            self,
            name,
            code=lambda_.Code.from_asset(str(asset.folder), asset_hash=asset.content),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[ARCHITECTURE],
        )

    def _function(self, function: Function) -> lambda_.Function:
        asset = function_asset(function, self.root, beside=_beside(function))
        name = f"waddlebot-{self.stage_name}-{function.name}"
        identity = _identity(function.name)
        group = logs.LogGroup(
            self,
            f"{identity}Logs",
            log_group_name=f"/aws/lambda/{name}",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        wanted = ["Contract"] if function.isolated else list(self.layers)
        return lambda_.Function(
            self,
            identity,
            function_name=name,
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            handler=function.handler,
            code=lambda_.Code.from_asset(str(asset.folder), asset_hash=asset.content),
            layers=[self.layers[layer] for layer in wanted],
            memory_size=function.memory_mb,
            # Lambda counts whole seconds; the caller's deadline is the sharper one.
            timeout=cdk.Duration.seconds(math.ceil(function.timeout_seconds)),
            environment=self._environment(function),
            environment_encryption=None if function.isolated else self.key,
            role=self._role(identity, group),
            log_group=group,
            retry_attempts=0,
            max_event_age=cdk.Duration.seconds(60),
        )

    def _role(self, identity: str, group: logs.LogGroup) -> iam.Role:
        """It may write its own log; everything else comes from declared needs."""
        role = iam.Role(
            self, f"{identity}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        group.grant_write(role)
        return role

    def _environment(self, function: Function) -> dict[str, str]:
        """The template holds names of secrets only, a secret a variable.

        Who is waited for finds them set, resolved at deploy; all others read them when they work.
        """
        environment = {
            name: self._resolved(name) if function.quick else f"{KEPT_AT}{self._secret(name)}"
            for name in sorted(_secrets(function))
        }
        if any(isinstance(need, Invoke) for need in function.needs):
            environment[FUNCTION_PREFIX] = f"waddlebot-{self.stage_name}-"
        if Need.STREAMS in function.needs:
            environment[PARTITIONS] = str(self.partitions)
        return environment

    def _secret(self, name: str) -> str:
        return f"waddlebot/{self.stage_name}/{name}"

    def _resolved(self, name: str) -> str:
        return str(cdk.SecretValue.secrets_manager(self._secret(name)).unsafe_unwrap())

    def _grant_secrets(self, function: Function) -> None:
        """Exactly those that it reads itself; AWS ends their names with six letters of its own."""
        names = () if function.quick else sorted(_secrets(function))
        if names:
            self.functions[function.name].add_to_role_policy(
                iam.PolicyStatement(
                    actions=["secretsmanager:GetSecretValue"],
                    resources=[
                        self.format_arn(
                            service="secretsmanager",
                            resource="secret",
                            resource_name=f"{self._secret(name)}-??????",
                            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
                        )
                        for name in names
                    ],
                )
            )

    def _grant_calls(self, function: Function) -> None:
        """Exactly these functions, and no version or alias of them beside."""
        called = [self.functions[name].function_arn for name in sorted(_calls(function))]
        if called:
            self.functions[function.name].add_to_role_policy(
                iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=called)
            )

    def _routes(self) -> None:
        api = apigateway.HttpApi(
            self, "Api", api_name=f"waddlebot-{self.stage_name}", create_default_stage=False
        )
        self._stage(api)
        for function in all_functions():
            routes = gateway_routes(function)
            if routes:
                integration = integrations.HttpLambdaIntegration(
                    f"{_identity(function.name)}Integration",
                    self.functions[function.name],
                    # A statement a route would fill the policy of a function, which holds 20 kB.
                    scope_permission_to_route=False,
                )
            for route in routes:
                api.add_routes(
                    path=route.path,
                    methods=[apigateway.HttpMethod[route.method]],
                    integration=integration,
                )
        cdk.CfnOutput(self, "Address", value=api.api_endpoint)

    def _stage(self, api: apigateway.HttpApi) -> None:
        """A coarse throttle; the sharp limits are the callers' own, checked by the functions."""
        group = logs.LogGroup(
            self,
            "AccessLogs",
            # Names under vendedlogs are let in as one; others fill a policy that has a size limit.
            log_group_name=f"/aws/vendedlogs/waddlebot-{self.stage_name}-api",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        apigateway.CfnStage(
            self,
            "Stage",
            api_id=api.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=500, throttling_burst_limit=1000
            ),
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=group.log_group_arn, format=ACCESS_LOG
            ),
        )

    def _schedules(self) -> None:
        for function in all_functions():
            for door in function.doors:
                if isinstance(door, Schedule):
                    events.Rule(
                        self,
                        f"{_identity(function.name)}Schedule",
                        schedule=events.Schedule.rate(cdk.Duration.minutes(door.every_minutes)),
                        targets=[targets.LambdaFunction(self.functions[function.name])],
                    )

    def _at_deploy(self) -> None:
        """One after the other, each again when its code or its input changed.

        The first makes the tables, so all other functions wait for it: a migration suits the
        release before it, new code needs the new tables. What follows speaks of the functions and
        waits for them: no command is in the table before its module is there.
        """
        steps = sorted(
            (door.order, function.name)
            for function in all_functions()
            for door in function.doors
            if isinstance(door, AtDeploy)
        )
        others = self.functions.keys() - {name for _, name in steps}
        before: list[Construct] = []
        for _, name in steps:
            trigger = triggers.Trigger(
                self,
                f"{_identity(name)}AtDeploy",
                handler=self.functions[name],
                execute_after=list(before) or None,
            )
            if not before:
                before.extend(self.functions[other] for other in sorted(others))
                trigger.execute_before(*before)
            before.append(trigger)

    def _acknowledge(self) -> None:
        for rule, reason in ACKNOWLEDGED.items():
            acknowledgment = cdk.Acknowledgment(id=f"AwsSolutions::{rule}", reason=reason)
            cdk.Validations.of(self).acknowledge(acknowledgment)


def _beside(function: Function) -> Mapping[str, object]:
    """The sync of commands reads what was declared at synth, so a changed command runs it again."""
    if "sync_commands" not in function.handler:
        return {}
    return {DECLARED_COMMANDS: declared_commands(lambda_modules(), builtin_modules())}


def _secrets(function: Function) -> set[str]:
    return {name for need in function.needs for name in variables(need)} - {FUNCTION_PREFIX}


def _calls(function: Function) -> set[str]:
    return {need.function for need in function.needs if isinstance(need, Invoke)}


def _identity(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
