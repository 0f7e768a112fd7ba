"""What stays awake: the gateways as a service on Fargate, in reach of nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecr_assets as images
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from constructs import Construct

from gateway_bot.declaration import GATEWAY
from infra.addresses import Addresses
from infra.assets import image_asset
from infra.passwords import chosen_login
from infra.profiles import Profile
from infra.published import log_group, published, published_list
from infra.surroundings import StageSurroundings, Workload
from waddlebot.domain.database_users import APP

PROCESS = Workload(name=GATEWAY.name, needs=GATEWAY.needs, user=APP)
BY_DIGEST = re.compile(r"[^\s@]+@sha256:[0-9a-f]{64}")
OF_AN_ACCOUNT = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([^@:]+)@(.+)")
ALIVE = (
    "from urllib.request import urlopen; "
    f"urlopen('http://127.0.0.1:{GATEWAY.health_port}{GATEWAY.alive}', timeout=25)"
)


class ImageUnknown(Exception):
    """The sentence says how an image is named."""


class GatewayStack(cdk.Stack):
    """`-c gateway_image=…@sha256:…` is an image that is there; without it the command line builds
    one at the deploy, which needs Docker. To synthesize needs neither.
    """

    def __init__(self, scope: Construct, *, stage_name: str, profile: Profile, root: Path) -> None:
        super().__init__(scope, f"waddlebot-{stage_name}-gateway")
        self.stage_name = stage_name
        self.profile = profile
        self.root = root
        self.addresses = Addresses(stage=stage_name)
        self.around = StageSurroundings(
            stack=self,
            stage=stage_name,
            profile=profile,
            public_url=published(self, self.addresses.public_url),
            login=chosen_login(self),
        )
        self.starts = iam.Role(
            self, "StartsRole", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com")
        )
        cluster = ecs.CfnCluster(
            self,
            "Cluster",
            cluster_name=f"waddlebot-{stage_name}",
            cluster_settings=[{"name": "containerInsights", "value": "enabled"}],
        )
        service = self._service(cluster, self._task())
        if profile.gateways.most > profile.gateways.tasks:
            self._scale(cluster, service)

    def _task(self) -> ecs.CfnTaskDefinition:
        size = self.profile.gateways
        return ecs.CfnTaskDefinition(
            self,
            "Task",
            family=f"waddlebot-{self.stage_name}-{GATEWAY.name}",
            cpu=str(size.cpu),
            memory=str(size.memory_mb),
            network_mode="awsvpc",
            requires_compatibilities=["FARGATE"],
            runtime_platform={"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
            task_role_arn=self._role().role_arn,
            execution_role_arn=self.starts.role_arn,
            container_definitions=[self._container()],
        )

    def _container(self) -> ecs.CfnTaskDefinition.ContainerDefinitionProperty:
        return ecs.CfnTaskDefinition.ContainerDefinitionProperty(
            name=GATEWAY.name,
            image=self._image(),
            essential=True,
            user=GATEWAY.user,
            readonly_root_filesystem=True,
            privileged=False,
            linux_parameters={"capabilities": {"drop": ["ALL"]}, "initProcessEnabled": False},
            environment=[
                {"name": name, "value": value} for name, value in self._environment().items()
            ],
            stop_timeout=GATEWAY.stop_seconds,
            # Whether its loop turns: while a server is away it has to stay.
            health_check={
                "command": ["CMD", "python", "-c", ALIVE],
                "interval": 30,
                "timeout": 30,
                "retries": 2,
                "startPeriod": 60,
            },
            log_configuration=self._logs(),
        )

    def _environment(self) -> Mapping[str, str]:
        told = ((name, self.node.try_get_context(name.lower())) for name in GATEWAY.settings)
        return {
            **self.around.variables(PROCESS),
            **{name: str(value) for name, value in told if value},
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,  # boto3 reads this one
            "GATEWAY_HEALTH_PORT": str(GATEWAY.health_port),
        }

    def _logs(self) -> ecs.CfnTaskDefinition.LogConfigurationProperty:
        group = log_group(
            self,
            "Logs",
            f"/aws/ecs/waddlebot-{self.stage_name}-{GATEWAY.name}",
            stage_name=self.stage_name,
        )
        self.starts.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[group.log_group_arn],
            )
        )
        return ecs.CfnTaskDefinition.LogConfigurationProperty(
            log_driver="awslogs",
            options={
                "awslogs-group": group.log_group_name,
                "awslogs-region": self.region,
                "awslogs-stream-prefix": GATEWAY.name,
            },
        )

    def _role(self) -> iam.Role:
        statements = list(self.around.rights(PROCESS))
        return iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"),
            inline_policies={"Needs": iam.PolicyDocument(statements=statements)},
        )

    def _image(self) -> str:
        """Raises ImageUnknown."""
        named = self.node.try_get_context("gateway_image")
        if named is None:
            asset = image_asset(self.root)
            built = images.DockerImageAsset(
                self,
                "Image",
                directory=str(asset.folder),
                file="gateway_bot/Dockerfile",
                platform=images.Platform.LINUX_ARM64,
            )
            built.repository.grant_pull(self.starts)
            return str(built.image_uri)
        if not BY_DIGEST.fullmatch(str(named)):
            raise ImageUnknown(
                "An image is named by its digest, which nobody can move: "
                f"-c gateway_image=registry/name@sha256:…, not {str(named)[:80]!r}."
            )
        if own := OF_AN_ACCOUNT.fullmatch(str(named)):
            account, region, name, _ = own.groups()
            arn = f"arn:{self.partition}:ecr:{region}:{account}:repository/{name}"
            there = ecr.Repository.from_repository_attributes(
                self, "Repository", repository_arn=arn, repository_name=name
            )
            there.grant_pull(self.starts)
        return str(named)

    def _service(self, cluster: ecs.CfnCluster, task: ecs.CfnTaskDefinition) -> ecs.CfnService:
        size = self.profile.gateways
        groups = self.addresses.groups_of(PROCESS.needs)
        return ecs.CfnService(
            self,
            "Service",
            service_name=GATEWAY.name,
            cluster=cluster.ref,
            task_definition=task.ref,
            launch_type="FARGATE",
            enable_execute_command=False,
            # Of what scales by itself a deploy says no number: it would set it back.
            desired_count=None if size.most > size.tasks else size.tasks,
            deployment_configuration={
                "minimumHealthyPercent": 100,
                "maximumPercent": 200,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            },
            network_configuration={
                "awsvpcConfiguration": {
                    "subnets": published_list(self, self.addresses.public_subnets),
                    "securityGroups": [published(self, group) for group in groups],
                    "assignPublicIp": "ENABLED",
                }
            },
            propagate_tags="SERVICE",
        )

    def _scale(self, cluster: ecs.CfnCluster, service: ecs.CfnService) -> None:
        size = self.profile.gateways
        target = scaling.CfnScalableTarget(
            self,
            "Scalable",
            min_capacity=size.tasks,
            max_capacity=size.most,
            resource_id=cdk.Fn.join("/", ["service", cluster.ref, service.attr_name]),
            scalable_dimension="ecs:service:DesiredCount",
            service_namespace="ecs",
        )
        kinds = {"CPU": size.cpu_percent, "Memory": size.memory_percent}
        for what, percent in kinds.items():
            scaling.CfnScalingPolicy(
                self,
                f"Scale{what}",
                policy_name=f"waddlebot-{self.stage_name}-{GATEWAY.name}-{what.lower()}",
                policy_type="TargetTrackingScaling",
                scaling_target_id=target.ref,
                target_tracking_scaling_policy_configuration={
                    "targetValue": percent,
                    "predefinedMetricSpecification": {
                        "predefinedMetricType": f"ECSServiceAverage{what}Utilization"
                    },
                },
            )
