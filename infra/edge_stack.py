"""What is before a house that has a domain: certificate, web ACL and CloudFront, in us-east-1.

CloudFront takes certificates and web ACLs from there alone. All that the stack knows of the house
are names that follow from the domain, so that nothing has to be carried between regions but a key
and the bucket's host, which Secrets Manager copies (docs/decisions/0125, 0161).
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_pricingplanmanager as pricing
from constructs import Construct

from infra.edge.distribution import ZONE, distribution
from infra.edge.domain import EdgeDomain
from infra.edge.files import files_distribution
from infra.edge.origins_stack import certificate_of, lead
from infra.edge.web_acl import web_acl
from infra.profiles import Profile
from waddlebot.domain.stages import EDGE_REGION


class EdgeStack(cdk.Stack):
    def __init__(
        self, scope: Construct, *, stage_name: str, profile: Profile, domain: EdgeDomain
    ) -> None:
        super().__init__(
            scope,
            f"waddlebot-{stage_name}-edge",
            env=cdk.Environment(region=EDGE_REGION),
        )
        acl = web_acl(self, stage_name=stage_name)
        certificate = certificate_of(self, domain).ref
        made = distribution(
            self,
            domain,
            stage_name=stage_name,
            certificate=certificate,
            web_acl=acl.attr_arn,
        )
        is_free = profile.free_edge and domain.free_plan
        files = files_distribution(
            self,
            domain,
            stage_name=stage_name,
            certificate=certificate,
            # A plan's web ACL is for its own distribution alone.
            web_acl=None if is_free else acl.attr_arn,
        )
        for label, name, at in (("Public", domain.name, made), ("Files", domain.media, files)):
            lead(
                self,
                label,
                domain,
                name=name,
                to=at.attr_domain_name,
                to_zone=ZONE,
                kinds=("A", "AAAA"),
            )
        if is_free:
            self._for_nothing(made.ref, acl.attr_arn)

    def _for_nothing(self, distribution_id: str, acl: str) -> None:
        """A plan has one distribution and one web ACL. It begins at once and costs nothing, however
        much comes: beyond a million requests a month CloudFront may slow down.
        """
        arn = cdk.Stack.of(self).format_arn(
            service="cloudfront", region="", resource="distribution", resource_name=distribution_id
        )
        pricing.CfnSubscription(
            self, "FreePlan", plan_family="CloudFront", plan_tier="FREE", resource_arns=[arn, acl]
        )
