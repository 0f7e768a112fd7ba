"""What both distributions of a house are made of: by TLS alone, nothing kept on the way, no log.

No answer is kept at the edge, refusals neither: paths hold tokens, answers are somebody's, and a
file that was removed is to be gone. A log would hold the paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.aws_cloudfront import CfnDistribution
from constructs import Construct

KEPT_NOWHERE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""AWS's own policy CachingDisabled."""
REFUSALS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""CloudFront keeps these for ten seconds whatever the policy says, by the path alone: one caller's
would be another's."""
HSTS_SECONDS = 2 * 365 * 86_400


def distribution_of(
    scope: Construct,
    construct: str,
    *,
    comment: str,
    name: str,
    certificate: str,
    web_acl: str | None,
    origins: Sequence[CfnDistribution.OriginProperty],
    default: CfnDistribution.DefaultCacheBehaviorProperty,
    others: Sequence[CfnDistribution.CacheBehaviorProperty] = (),
) -> CfnDistribution:
    """At one name; `certificate` and `web_acl` by ARN."""
    shown = CfnDistribution.ViewerCertificateProperty(
        acm_certificate_arn=certificate,
        minimum_protocol_version="TLSv1.2_2021",
        ssl_support_method="sni-only",
    )
    refusals = [
        CfnDistribution.CustomErrorResponseProperty(error_code=code, error_caching_min_ttl=0)
        for code in REFUSALS
    ]
    return CfnDistribution(
        scope,
        construct,
        distribution_config=CfnDistribution.DistributionConfigProperty(
            enabled=True,
            comment=comment,
            aliases=[name],
            http_version="http2and3",
            ipv6_enabled=True,
            web_acl_id=web_acl,
            viewer_certificate=shown,
            origins=list(origins),
            default_cache_behavior=default,
            cache_behaviors=list(others) or None,
            custom_error_responses=refusals,
        ),
    )


def headers_of(
    scope: Construct,
    construct: str,
    *,
    name: str,
    referrer: cloudfront.CfnResponseHeadersPolicy.ReferrerPolicyProperty,
    content: cloudfront.CfnResponseHeadersPolicy.ContentSecurityPolicyProperty | None = None,
    **more: Any,
) -> str:
    """The id of a policy of what is put into each answer; `more` as CloudFormation has it beside
    what concerns security.
    """
    policy = cloudfront.CfnResponseHeadersPolicy
    security = policy.SecurityHeadersConfigProperty(
        content_security_policy=content,
        content_type_options=policy.ContentTypeOptionsProperty(override=True),
        referrer_policy=referrer,
        strict_transport_security=policy.StrictTransportSecurityProperty(
            access_control_max_age_sec=HSTS_SECONDS,
            # The domain's other names are not ours to speak for.
            include_subdomains=False,
            override=True,
        ),
    )
    made = policy(
        scope,
        construct,
        response_headers_policy_config=policy.ResponseHeadersPolicyConfigProperty(
            name=name, security_headers_config=security, **more
        ),
    )
    return str(made.ref)
