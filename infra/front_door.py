"""API Gateway before the functions: a coarse throttle, a log without people. Its routes are a stack
of their own (routes_stack.py).
"""

from __future__ import annotations

import json

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from constructs import Construct

from infra.edge.domain import EdgeDomain
from infra.published import log_group

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

    def _stage(self, stage_name: str) -> None:
        """A coarse throttle; the sharp limits are the callers' own, checked by the functions."""
        # Names under vendedlogs are let in as one; others fill a policy that has a size limit.
        name = f"/aws/vendedlogs/waddlebot-{stage_name}-api"
        group = log_group(self, "AccessLogs", name, stage_name=stage_name)
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
