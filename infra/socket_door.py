"""A WebSocket API for each audience of sockets: routes, a coarse throttle, a log without tokens.

Source: "AWS::ApiGatewayV2" in the CloudFormation reference. A token comes in the query of the
handshake, as such an API has no paths, and the log holds neither query nor address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway_account
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from functions.declaration import DEFAULT, Audience
from infra.edge.domain import EdgeDomain
from infra.published import log_group

OPEN = "live"
"""The stage: a name in every address of such an API."""
ACCESS_LOG = json.dumps(
    {
        "requestId": "$context.requestId",
        "route": "$context.routeKey",
        "status": "$context.status",
        "latencyMs": "$context.integrationLatency",
        "error": "$context.integrationErrorMessage",
    }
)


class SocketDoor(Construct):
    """`functions` by route key are known when they are made; `url` and `arn` name what may write
    to its sockets.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        audience: Audience,
        stage_name: str,
        domain: EdgeDomain | None = None,
    ) -> None:
        super().__init__(scope, f"{audience.value.title()}SocketDoor")
        self.audience = audience
        self.domain = domain
        self.api = apigateway.CfnApi(
            self,
            "Api",
            name=f"waddlebot-{stage_name}-{audience}-sockets",
            protocol_type="WEBSOCKET",
            # Pages read, and say one word: there is nothing to choose a route by.
            route_selection_expression="$request.body.action",
        )
        self._stage(stage_name)

    @property
    def address(self) -> str:
        """Where pages open a socket: `?token=…&source=…` behind it."""
        if self.domain:
            return f"wss://{self.domain.name}/{OPEN}"
        return str(cdk.Fn.join("", [self.api.attr_api_endpoint, f"/{OPEN}"]))

    @property
    def url(self) -> str:
        """Where open sockets are written to: always the API's own host."""
        return str(cdk.Fn.join("", ["https://", self._host, f"/{OPEN}"]))

    @property
    def arn(self) -> str:
        """All open sockets of this API, and nothing else of it."""
        arn = cdk.Stack.of(self).format_arn(
            service="execute-api",
            resource=self.api.ref,
            resource_name=f"{OPEN}/*/@connections/*",
        )
        return str(arn)

    @property
    def _host(self) -> str:
        stack = cdk.Stack.of(self)
        return f"{self.api.ref}.execute-api.{stack.region}.{stack.url_suffix}"

    def lead_to(self, live: Mapping[str, lambda_.IFunction]) -> None:
        """`live` by route key."""
        made: dict[str, apigateway.CfnIntegration] = {}
        for key, function in live.items():
            if function.node.path not in made:
                made[function.node.path] = self._integration(function, len(made))
            self._route(key, made[function.node.path])

    def _integration(self, live: lambda_.IFunction, number: int) -> apigateway.CfnIntegration:
        stack = cdk.Stack.of(self)
        invoked = f"lambda:path/2015-03-31/functions/{live.function_arn}/invocations"
        live.add_permission(
            f"{self.node.id}{number or ''}",
            principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
            source_arn=stack.format_arn(
                service="execute-api", resource=self.api.ref, resource_name=f"{OPEN}/*"
            ),
        )
        return apigateway.CfnIntegration(
            self,
            f"Integration{number or ''}",
            api_id=self.api.ref,
            integration_type="AWS_PROXY",
            integration_uri=f"arn:{stack.partition}:apigateway:{stack.region}:{invoked}",
        )

    def _route(self, key: str, integration: apigateway.CfnIntegration) -> None:
        name = key.strip("$").title()
        answers = key == DEFAULT
        route = apigateway.CfnRoute(
            self,
            f"{name}Route",
            api_id=self.api.ref,
            route_key=key,
            target=f"integrations/{integration.ref}",
            route_response_selection_expression="$default" if answers else None,
        )
        if answers:
            apigateway.CfnRouteResponse(
                self,
                f"{name}Answer",
                api_id=self.api.ref,
                route_id=route.ref,
                route_response_key="$default",
            )

    def _stage(self, stage_name: str) -> None:
        name = f"/aws/vendedlogs/waddlebot-{stage_name}-{self.audience}-sockets"
        group = log_group(self, "AccessLogs", name, stage_name=stage_name)
        stage = apigateway.CfnStage(
            self,
            "Stage",
            api_id=self.api.ref,
            stage_name=OPEN,
            auto_deploy=True,
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=500, throttling_burst_limit=500
            ),
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=group.log_group_arn, format=ACCESS_LOG
            ),
        )
        stage.node.add_dependency(may_write_logs(cdk.Stack.of(self)))
        if self.domain:
            apigateway.CfnApiMapping(
                self,
                "Led",
                api_id=self.api.ref,
                domain_name=self.domain.sockets,
                stage=stage.ref,
                api_mapping_key=OPEN,
            )
        cdk.CfnOutput(
            cdk.Stack.of(self), f"{self.audience.value.title()}SocketAddress", value=self.address
        )


def may_write_logs(stack: cdk.Stack) -> apigateway_account.CfnAccount:
    """A WebSocket API logs as a role that is set once an account and region; an HTTP API needs
    none. It stays when the stack goes: others of the account may log as it by then.
    """
    found = stack.node.try_find_child("ApiGatewayAccount")
    if isinstance(found, apigateway_account.CfnAccount):
        return found
    policy = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    role = iam.Role(
        stack,
        "ApiGatewayLogs",
        assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(policy)],
    )
    role.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    account = apigateway_account.CfnAccount(
        stack, "ApiGatewayAccount", cloud_watch_role_arn=role.role_arn
    )
    account.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    return account
