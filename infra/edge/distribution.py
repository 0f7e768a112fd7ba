"""CloudFront before the HTTP API, its pages and the sockets: one name for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.aws_cloudfront import CfnDistribution
from constructs import Construct

from infra.edge.cloudfront import KEPT_NOWHERE, distribution_of, headers_of
from infra.edge.copies import looked_up
from infra.edge.domain import ORIGIN, SOCKETS, EdgeDomain
from infra.socket_door import OPEN
from waddlebot.runtime.house_secrets import secret_name
from waddlebot.runtime.origin_door import HEADER

ALL_BUT_THE_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""AWS's own AllViewerExceptHostHeader: API Gateway is found by the host."""
ZONE = "Z2FDTNDATAQYW2"
"""Of Route 53: where all distributions are, in every account."""
METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
ORIGIN_SECONDS = 30
"""As long as API Gateway waits."""
ONE_HOST = Path(__file__).with_name("one_host.js")


def distribution(
    scope: Construct, domain: EdgeDomain, *, stage_name: str, certificate: str, web_acl: str
) -> CfnDistribution:
    """`certificate` and `web_acl` by ARN."""
    handshakes = _handshakes(scope, stage_name).attr_function_arn if domain.one_host else ""
    default, others = _behaviours(_headers(scope, stage_name), handshakes)
    return distribution_of(
        scope,
        "Distribution",
        comment=f"WaddleBot {stage_name}",
        name=domain.name,
        certificate=certificate,
        web_acl=web_acl,
        origins=_origins(domain, stage_name),
        default=default,
        others=others,
    )


def _origins(domain: EdgeDomain, stage_name: str) -> Sequence[CfnDistribution.OriginProperty]:
    """Each is shown the key, by its name alone: Secrets Manager copies it to this region
    (secrets_of_house.py).

    Which of two it is changes with the template, so CloudFormation looks it up anew.
    """
    shown = CfnDistribution.OriginCustomHeaderProperty(
        header_name=HEADER, header_value=looked_up(secret_name(stage_name, domain.key))
    )
    by_tls = CfnDistribution.CustomOriginConfigProperty(
        origin_protocol_policy="https-only",
        origin_ssl_protocols=["TLSv1.2"],
        origin_read_timeout=ORIGIN_SECONDS,
    )
    return [
        CfnDistribution.OriginProperty(
            id=name,
            domain_name=host,
            custom_origin_config=by_tls,
            origin_custom_headers=[shown],
        )
        for name, host in ((ORIGIN, domain.origin), (SOCKETS, domain.sockets))
    ]


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


def _headers(scope: Construct, stage_name: str) -> str:
    """What holds of every answer; pages say the rest themselves. What they say of a referrer, as
    their addresses hold a token, is put here where one forgets it.
    """
    referrer = cloudfront.CfnResponseHeadersPolicy.ReferrerPolicyProperty(
        override=False, referrer_policy="no-referrer"
    )
    return headers_of(scope, "Headers", name=f"waddlebot-{stage_name}", referrer=referrer)


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
