"""The routes of the HTTP API, a stack after the functions': an address is there when what it leads
to is, and both have room to grow.
"""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct

from functions.declaration import Function, gateway_routes
from infra.addresses import Addresses
from infra.published import construct_id, published
from waddlebot.runtime.needs import LIVE


class RoutesStack(cdk.Stack):
    """`rows` are those of the catalogue; functions are named, and called by their alias."""

    def __init__(self, scope: Construct, *, stage_name: str, rows: Sequence[Function]) -> None:
        super().__init__(scope, f"waddlebot-{stage_name}-routes")
        self.stage_name = stage_name
        self.api = published(self, Addresses(stage=stage_name).api)
        reached = [row for row in rows if gateway_routes(row)]
        role = self._role(reached)
        for row in reached:
            self._lead_to(row, role)

    def _role(self, reached: Sequence[Function]) -> iam.Role:
        """One for all, in place of a permission for each: it names whom the gateway may call."""
        calls = iam.PolicyStatement(
            actions=["lambda:InvokeFunction"], resources=list(map(self._live, reached))
        )
        return iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            inline_policies={"Calls": iam.PolicyDocument(statements=[calls])},
        )

    def _lead_to(self, row: Function, role: iam.Role) -> None:
        path = f"path/2015-03-31/functions/{self._live(row)}/invocations"
        integration = apigateway.CfnIntegration(
            self,
            f"{construct_id(row.name)}Integration",
            api_id=self.api,
            integration_type="AWS_PROXY",
            integration_uri=f"arn:{self.partition}:apigateway:{self.region}:lambda:{path}",
            payload_format_version="2.0",
            credentials_arn=role.role_arn,
        )
        for route in gateway_routes(row):
            apigateway.CfnRoute(
                self,
                f"{route.method}{route.path}",
                api_id=self.api,
                route_key=f"{route.method} {route.path}",
                authorization_type="NONE",
                target=f"integrations/{integration.ref}",
            )

    def _live(self, row: Function) -> str:
        arn = self.format_arn(
            service="lambda",
            resource="function",
            resource_name=f"waddlebot-{self.stage_name}-{row.name}:{LIVE}",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        return str(arn)
