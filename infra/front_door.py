"""API Gateway before the functions: a route a path, a coarse throttle, a log without people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from functions.declaration import Function, gateway_routes
from infra.edge.domain import EdgeDomain
from infra.published import construct_id, kept_in_production

ACCESS_LOG = json.dumps(
    {
        "requestId": "$context.requestId",
        "method": "$context.httpMethod",
        "route": "$context.routeKey",
        "status": "$context.status",
        "latencyMs": "$context.responseLatency",
        "error": "$context.integrationErrorMessage",
    }
)
"""No addresses of people, no paths: an overlay's path holds its token."""


class _Integration(apigateway.HttpRouteIntegration):
    """The CDK's own for Lambda adds a permission to each function, and takes no role."""

    def __init__(self, name: str, live: lambda_.IFunction, role: iam.IRole) -> None:
        super().__init__(f"{name}Integration")
        self._arn = live.function_arn
        self._role = role

    def bind(
        self, *, route: apigateway.IHttpRoute, scope: Construct
    ) -> apigateway.HttpRouteIntegrationConfig:
        del route, scope  # all routes have the same
        path = f"path/2015-03-31/functions/{self._arn}/invocations"
        return apigateway.HttpRouteIntegrationConfig(
            type=apigateway.HttpIntegrationType.AWS_PROXY,
            payload_format_version=apigateway.PayloadFormatVersion.VERSION_2_0,
            uri=f"arn:{cdk.Aws.PARTITION}:apigateway:{cdk.Aws.REGION}:lambda:{path}",
            credentials=apigateway.IntegrationCredentials.from_role(self._role),
        )


class FrontDoor(Construct):
    """With a domain the API's own address is shut, and CloudFront finds it by another."""

    def __init__(
        self, scope: Construct, *, stage_name: str, domain: EdgeDomain | None = None
    ) -> None:
        super().__init__(scope, "FrontDoor")
        self.domain = domain
        self.api = apigateway.HttpApi(
            self,
            "Api",
            api_name=f"waddlebot-{stage_name}",
            create_default_stage=False,
            disable_execute_api_endpoint=True if domain else None,
        )
        self._stage(stage_name)

    @property
    def address(self) -> str:
        """Under which it is reached."""
        return self.domain.public_url if self.domain else str(self.api.api_endpoint)

    def lead_to(self, functions: Mapping[Function, lambda_.IFunction]) -> None:
        reached = {
            function: live for function, live in functions.items() if gateway_routes(function)
        }
        role = self._role([live.function_arn for live in reached.values()])
        for function, live in reached.items():
            integration = _Integration(construct_id(function.name), live, role)
            for route in gateway_routes(function):
                self.api.add_routes(
                    path=route.path,
                    methods=[apigateway.HttpMethod[route.method]],
                    integration=integration,
                )

    def _role(self, arns: Sequence[str]) -> iam.Role:
        """One for all, in place of a permission for each: it names whom the gateway may call."""
        calls = iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=list(arns))
        return iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            inline_policies={"Calls": iam.PolicyDocument(statements=[calls])},
        )

    def _stage(self, stage_name: str) -> None:
        """A coarse throttle; the sharp limits are the callers' own, checked by the functions."""
        group = logs.LogGroup(
            self,
            "AccessLogs",
            # Names under vendedlogs are let in as one; others fill a policy that has a size limit.
            log_group_name=f"/aws/vendedlogs/waddlebot-{stage_name}-api",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=kept_in_production(stage_name),
        )
        stage = apigateway.CfnStage(
            self,
            "Stage",
            api_id=self.api.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=500, throttling_burst_limit=1000
            ),
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=group.log_group_arn, format=ACCESS_LOG
            ),
        )
        cdk.CfnOutput(cdk.Stack.of(self), "Address", value=self.address)
        if self.domain:
            apigateway.CfnApiMapping(
                self,
                "Led",
                api_id=self.api.api_id,
                domain_name=self.domain.origin,
                stage=stage.ref,
            )
