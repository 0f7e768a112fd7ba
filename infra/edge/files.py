"""A host for files of communities and nothing else: whatever it is asked for is below `/files`.

No page of the house is of its origin. It is asked to read alone; neither cookies nor queries nor
headers of a viewer come through. The function behind it says what a file is; here it is said again,
so that nothing that comes by this host runs, refusals included.
"""

from __future__ import annotations

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.aws_cloudfront import CfnDistribution
from constructs import Construct

from infra.edge.distribution import (
    HSTS_SECONDS,
    KEPT_NOWHERE,
    origin_of,
    refusals_kept_nowhere,
    shown_certificate,
)
from infra.edge.domain import ORIGIN, EdgeDomain
from waddlebot.domain.media_files import AS_A_FILE, AT


def files_distribution(
    scope: Construct,
    domain: EdgeDomain,
    *,
    stage_name: str,
    certificate: str,
    web_acl: str | None,
) -> CfnDistribution:
    """`certificate` and `web_acl` by ARN. A file that was removed is kept nowhere at the edge."""
    return CfnDistribution(
        scope,
        "FilesDistribution",
        distribution_config=CfnDistribution.DistributionConfigProperty(
            enabled=True,
            comment=f"WaddleBot {stage_name}: files",
            aliases=[domain.media],
            http_version="http2and3",
            ipv6_enabled=True,
            web_acl_id=web_acl,
            viewer_certificate=shown_certificate(certificate),
            origins=[origin_of(domain, stage_name, name=ORIGIN, host=domain.origin, path=AT)],
            default_cache_behavior=CfnDistribution.DefaultCacheBehaviorProperty(
                target_origin_id=ORIGIN,
                viewer_protocol_policy="https-only",
                allowed_methods=["GET", "HEAD"],
                cache_policy_id=KEPT_NOWHERE,
                response_headers_policy_id=_headers(scope, stage_name).ref,
            ),
            custom_error_responses=refusals_kept_nowhere(),
        ),
    )


def _headers(scope: Construct, stage_name: str) -> cloudfront.CfnResponseHeadersPolicy:
    policy = cloudfront.CfnResponseHeadersPolicy
    security = policy.SecurityHeadersConfigProperty(
        content_security_policy=policy.ContentSecurityPolicyProperty(
            content_security_policy=AS_A_FILE["content-security-policy"], override=True
        ),
        content_type_options=policy.ContentTypeOptionsProperty(override=True),
        referrer_policy=policy.ReferrerPolicyProperty(
            override=True, referrer_policy=AS_A_FILE["referrer-policy"]
        ),
        strict_transport_security=policy.StrictTransportSecurityProperty(
            access_control_max_age_sec=HSTS_SECONDS, include_subdomains=False, override=True
        ),
    )
    saved = policy.CustomHeaderProperty(
        header="content-disposition", value=AS_A_FILE["content-disposition"], override=True
    )
    return policy(
        scope,
        "FilesHeaders",
        response_headers_policy_config=policy.ResponseHeadersPolicyConfigProperty(
            name=f"waddlebot-{stage_name}-files",
            security_headers_config=security,
            custom_headers_config=policy.CustomHeadersConfigProperty(items=[saved]),
        ),
    )
