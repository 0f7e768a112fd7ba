"""CloudFront before the HTTP API, its pages and the sockets: one name, nothing kept on the way.

No answer is kept at the edge, refusals neither: paths hold tokens, answers are somebody's, and
browsers keep the pages' files themselves. There is no log: it would hold the paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.aws_cloudfront import CfnDistribution
from constructs import Construct

from infra.edge.domain import ORIGIN, SOCKETS, EdgeDomain
from infra.socket_door import OPEN
from waddlebot.runtime.house_secrets import secret_name
from waddlebot.runtime.origin_door import HEADER

KEPT_NOWHERE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""AWS's own policy CachingDisabled."""
ALL_BUT_THE_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""AWS's own AllViewerExceptHostHeader: API Gateway is found by the host."""
ZONE = "Z2FDTNDATAQYW2"
"""Of Route 53: where all distributions are, in every account."""
REFUSALS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""CloudFront keeps these for ten seconds whatever the policy says, by the path alone: one caller's
would be another's."""
METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
ORIGIN_SECONDS = 30
"""As long as API Gateway waits."""
HSTS_SECONDS = 2 * 365 * 86_400
ONE_HOST = Path(__file__).with_name("one_host.js")


def distribution(
    scope: Construct, domain: EdgeDomain, *, stage_name: str, certificate: str, web_acl: str
) -> CfnDistribution:
    """`certificate` and `web_acl` by ARN."""
    headers = _headers(scope, stage_name).ref
    handshakes = _handshakes(scope, stage_name).attr_function_arn if domain.one_host else ""
    default, others = _behaviours(headers, handshakes)
    return CfnDistribution(
        scope,
        "Distribution",
        distribution_config=CfnDistribution.DistributionConfigProperty(
            enabled=True,
            comment=f"WaddleBot {stage_name}",
            aliases=[domain.name],
            http_version="http2and3",
            ipv6_enabled=True,
            web_acl_id=web_acl,
            viewer_certificate=shown_certificate(certificate),
            origins=_origins(domain, stage_name),
            default_cache_behavior=default,
            cache_behaviors=others,
            custom_error_responses=refusals_kept_nowhere(),
        ),
    )


def shown_certificate(arn: str) -> CfnDistribution.ViewerCertificateProperty:
    return CfnDistribution.ViewerCertificateProperty(
        acm_certificate_arn=arn,
        minimum_protocol_version="TLSv1.2_2021",
        ssl_support_method="sni-only",
    )


def refusals_kept_nowhere() -> list[CfnDistribution.CustomErrorResponseProperty]:
    return [
        CfnDistribution.CustomErrorResponseProperty(error_code=code, error_caching_min_ttl=0)
        for code in REFUSALS
    ]


def _origins(domain: EdgeDomain, stage_name: str) -> Sequence[CfnDistribution.OriginProperty]:
    return [
        origin_of(domain, stage_name, name=name, host=host)
        for name, host in ((ORIGIN, domain.origin), (SOCKETS, domain.sockets))
    ]


def origin_of(
    domain: EdgeDomain, stage_name: str, *, name: str, host: str, path: str | None = None
) -> CfnDistribution.OriginProperty:
    """`path` is put before each that is asked for. The key by its name alone: Secrets Manager
    copies it to this region (secrets_of_house.py).

    Which of two it is changes with the template, so CloudFormation looks it up anew.
    """
    kept = secret_name(stage_name, domain.key)
    shown = CfnDistribution.OriginCustomHeaderProperty(
        header_name=HEADER, header_value=f"{{{{resolve:secretsmanager:{kept}:SecretString}}}}"
    )
    by_tls = CfnDistribution.CustomOriginConfigProperty(
        origin_protocol_policy="https-only",
        origin_ssl_protocols=["TLSv1.2"],
        origin_read_timeout=ORIGIN_SECONDS,
    )
    return CfnDistribution.OriginProperty(
        id=name,
        domain_name=host,
        origin_path=path,
        custom_origin_config=by_tls,
        origin_custom_headers=[shown],
    )


def _behaviours(
    headers: str, handshakes: str
) -> tuple[
    CfnDistribution.DefaultCacheBehaviorProperty, list[CfnDistribution.CacheBehaviorProperty]
]:
    """Who shows a key unencrypted is not led on to where it works."""
    same = {
        "allowed_methods": METHODS,
        "cache_policy_id": KEPT_NOWHERE,
        "origin_request_policy_id": ALL_BUT_THE_HOST,
        "response_headers_policy_id": headers,
    }
    asked = CfnDistribution.FunctionAssociationProperty(
        event_type="viewer-request", function_arn=handshakes
    )
    default = CfnDistribution.DefaultCacheBehaviorProperty(
        target_origin_id=ORIGIN,
        viewer_protocol_policy="redirect-to-https",
        function_associations=[asked] if handshakes else None,
        **same,
    )
    encrypted = ((f"/{OPEN}", SOCKETS), ("/api/*", ORIGIN), ("/webhooks/*", ORIGIN))
    return default, [
        CfnDistribution.CacheBehaviorProperty(
            path_pattern=path,
            target_origin_id=origin,
            viewer_protocol_policy="https-only",
            **same,
        )
        for path, origin in encrypted
    ]


def _headers(scope: Construct, stage_name: str) -> cloudfront.CfnResponseHeadersPolicy:
    """What holds of every answer; pages say the rest themselves. What they say of a referrer, as
    their addresses hold a token, is put here where one forgets it.
    """
    policy = cloudfront.CfnResponseHeadersPolicy
    return policy(
        scope,
        "Headers",
        response_headers_policy_config=policy.ResponseHeadersPolicyConfigProperty(
            name=f"waddlebot-{stage_name}",
            security_headers_config=policy.SecurityHeadersConfigProperty(
                content_type_options=policy.ContentTypeOptionsProperty(override=True),
                referrer_policy=policy.ReferrerPolicyProperty(
                    override=False, referrer_policy="no-referrer"
                ),
                strict_transport_security=policy.StrictTransportSecurityProperty(
                    access_control_max_age_sec=HSTS_SECONDS,
                    # The domain's other names are not ours to speak for.
                    include_subdomains=False,
                    override=True,
                ),
            ),
        ),
    )


def _handshakes(scope: Construct, stage_name: str) -> cloudfront.CfnFunction:
    return cloudfront.CfnFunction(
        scope,
        "OneHost",
        name=f"waddlebot-{stage_name}-one-host",
        auto_publish=True,
        function_code=ONE_HOST.read_text("utf-8"),
        function_config=cloudfront.CfnFunction.FunctionConfigProperty(
            comment="Sockets at the addresses of their pages", runtime="cloudfront-js-2.0"
        ),
    )
