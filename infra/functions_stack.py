"""Every row of the catalogue: the function, its sockets and schedules, and just what it needs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from functions.catalogue import builtin_modules, lambda_modules
from functions.declaration import Function, Schedule, Uploaded, socket_functions
from functions.declared_commands import DECLARED_COMMANDS, declared_commands
from infra.addresses import Addresses
from infra.assets import function_asset, layer_asset
from infra.at_deploy import DeploySteps
from infra.clockwork import AGE_SECONDS, Clockwork, failed_calls
from infra.concurrency import reservations
from infra.edge.behind import behind_edge, handler_of
from infra.edge.domain import chosen_domain
from infra.front_door import FrontDoor
from infra.passwords import chosen_login
from infra.profiles import Profile
from infra.public_url import told_public_url
from infra.published import construct_id, log_group, publish
from infra.socket_door import SocketDoor
from infra.surroundings import StageSurroundings, Workload
from infra.uploads import Uploads
from waddlebot.domain.stages import domain_parameter
from waddlebot.runtime.needs import LIVE

RUNTIME = lambda_.Runtime.PYTHON_3_13
ARCHITECTURE = lambda_.Architecture.ARM_64
STANDS_IN_THE_NETWORK = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
"""What Lambda does with a role's rights to put a function into a network; none names a resource."""


class FunctionsStack(cdk.Stack):
    """`stage_name` is dev, staging or production; every name carries it. `rows` are
    those of the catalogue.

    `-c public_url=https://…` is under which people reach us, else the gateway's own address;
    `-c login=secret` has passwords in place of tokens.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        stage_name: str,
        profile: Profile,
        root: Path,
        dependencies: Path,
        rows: Sequence[Function],
    ) -> None:
        super().__init__(scope, f"waddlebot-{stage_name}-functions")
        self.stage_name = stage_name
        self.profile = profile
        self.root = root
        self.rows = rows
        self.key = kms.Key(self, "Environment", enable_key_rotation=True)
        self.layers = self._layers(dependencies)
        self.domain = chosen_domain(self)
        self.front = FrontDoor(self, stage_name=stage_name, domain=self.domain)
        self.sockets: dict[str, SocketDoor] = {
            audience: SocketDoor(self, audience=audience, stage_name=stage_name, domain=self.domain)
            for audience in socket_functions(self.rows)
        }
        self.around = self._surroundings()
        self.reserved = reservations(profile, self.rows)
        self.failed = failed_calls(self, stage_name)
        self.functions = {function.name: self._function(function) for function in self.rows}
        self.live = {function.name: self._alias(function) for function in self.rows}
        for audience, by_key in socket_functions(self.rows).items():
            live = {key: self.live[function.name] for key, function in by_key.items()}
            self.sockets[audience].lead_to(live)
        told = {one: self.live[one.name] for one in self.rows if _is_told_of_uploads(one)}
        Uploads(self, around=self.around, live=told, failed=self.failed)
        self._kept_where_nobody_waits()
        DeploySteps(self, rows=rows, functions=self.functions, around=self.around)

    def _surroundings(self) -> StageSurroundings:
        told = self.node.try_get_context
        public_url = told_public_url(told("public_url") or "") or self.front.address
        addresses = Addresses(stage=self.stage_name)
        publish(self, "PublicUrl", addresses.public_url, public_url)
        publish(self, "HttpApi", addresses.api, self.front.api.api_id)
        if self.domain:
            publish(self, "Domain", domain_parameter(self.stage_name), self.domain.told)
        return StageSurroundings(
            stack=self,
            stage=self.stage_name,
            profile=self.profile,
            public_url=public_url,
            sockets=self.sockets,
            media_address=self.domain.media_address if self.domain else "",
            login=chosen_login(self),
        )

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
        process, group = behind_edge(function, self.domain), self._log_group(function, name)
        handler, led = handler_of(function, self.domain)
        made = lambda_.Function(
            self,
            construct_id(function.name),
            function_name=name,
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            handler=handler,
            code=lambda_.Code.from_asset(str(asset.folder), asset_hash=asset.content),
            layers=[self.layers["Contract"]] if function.isolated else list(self.layers.values()),
            memory_size=function.memory_mb,
            # Lambda counts whole seconds; the caller's deadline is the sharper one.
            timeout=cdk.Duration.seconds(math.ceil(function.timeout_seconds)),
            environment={**self.around.variables(process), **led},
            environment_encryption=None if function.isolated else self.key,
            role=self._role(function, group),
            log_group=group,
            reserved_concurrent_executions=self.reserved.get(function.name),
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if function.quick else None,
            current_version_options=lambda_.VersionOptions(
                description=self.around.in_force(process),
                # The alias is put back to one of before; of one that failed no rest is left.
                removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            ),
        )
        self._put_into_the_network(made, process)
        return made

    def _put_into_the_network(self, made: lambda_.Function, process: Workload) -> None:
        """The construct's own way looks a network up by subnets that must be known at synth."""
        if place := self.around.place(process):
            made.node.default_child.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
                subnet_ids=place["subnets"],
                security_group_ids=place["groups"],
                # Of strangers' subnets none has IPv6.
                ipv6_allowed_for_dual_stack=None if process.isolated else True,
            )

    def _log_group(self, function: Function, name: str) -> logs.LogGroup:
        return log_group(
            self,
            f"{construct_id(function.name)}Logs",
            f"/aws/lambda/{name}",
            stage_name=self.stage_name,
        )

    def _role(self, function: Function, group: logs.LogGroup) -> iam.Role:
        """It may write its own log; everything else comes from declared needs."""
        process = behind_edge(function, self.domain)
        log = iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[group.log_group_arn]
        )
        statements = [log, *self.around.rights(process)]
        if self.around.place(process):
            statements.append(
                iam.PolicyStatement(actions=list(STANDS_IN_THE_NETWORK), resources=["*"])
            )
        if _nobody_waits(function):
            statements.append(
                iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.failed.queue_arn])
            )
        return iam.Role(
            self,
            f"{construct_id(function.name)}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"Needs": iam.PolicyDocument(statements=statements)},
        )

    def _alias(self, function: Function) -> lambda_.Alias:
        return lambda_.Alias(
            self,
            f"{construct_id(function.name)}Live",
            alias_name=LIVE,
            version=self.functions[function.name].current_version,
        )

    def _kept_where_nobody_waits(self) -> None:
        """Nobody repeats a call behind the router's back; what failed is kept for two weeks."""
        failed = lambda_.CfnEventInvokeConfig.OnFailureProperty(destination=self.failed.queue_arn)
        for function in filter(_nobody_waits, self.rows):
            lambda_.CfnEventInvokeConfig(
                self,
                f"{construct_id(function.name)}NobodyWaits",
                function_name=self.functions[function.name].function_name,
                qualifier=LIVE,
                maximum_retry_attempts=0,
                maximum_event_age_in_seconds=AGE_SECONDS,
                destination_config=lambda_.CfnEventInvokeConfig.DestinationConfigProperty(
                    on_failure=failed
                ),
            ).node.add_dependency(self.live[function.name])
        woken = {one: self.live[one.name].function_arn for one in self.rows if _is_scheduled(one)}
        Clockwork(self, stage_name=self.stage_name, woken=woken, failed=self.failed)


def _beside(function: Function) -> Mapping[str, object]:
    """The sync of commands reads what was declared at synth, so a changed command runs it again."""
    if "sync_commands" not in function.handler:
        return {}
    return {DECLARED_COMMANDS: declared_commands(lambda_modules(), builtin_modules())}


def _is_scheduled(function: Function) -> bool:
    return any(isinstance(door, Schedule) for door in function.doors)


def _is_told_of_uploads(function: Function) -> bool:
    return any(isinstance(door, Uploaded) for door in function.doors)


def _nobody_waits(function: Function) -> bool:
    return function.handed_over or _is_scheduled(function)
