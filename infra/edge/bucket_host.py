"""A host of its own for what a bucket holds: CloudFront reads it as itself (OAC), nobody else does.

`files_host` stands in the edge's stack, `read_by_cloudfront` in the policy of the bucket, which is
in the house's region: neither names the other, so that nothing crosses regions. Files are kept at
the edge, and are handed out as files: nothing in them runs at any name of ours.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk.aws_cloudfront import CfnDistribution
from constructs import Construct

KEPT_BY_PATH = "658327ea-f89d-4fab-a63d-7439e55e88f6"
"""AWS's own policy CachingOptimized: neither cookies nor queries reach the bucket."""
NOTHING_RUNS = "default-src 'none'; sandbox"


def files_host(
    scope: Construct, *, host: str, stage_name: str, bucket: str, certificate: str
) -> CfnDistribution:
    """`bucket` by its regional domain name, `certificate` by ARN; `host` is of that certificate."""
    access = _access(scope, stage_name)
    return CfnDistribution(
        scope,
        "Files",
        distribution_config=CfnDistribution.DistributionConfigProperty(
            enabled=True,
            comment=f"WaddleBot {stage_name}: files",
            aliases=[host],
            http_version="http2and3",
            ipv6_enabled=True,
            viewer_certificate=CfnDistribution.ViewerCertificateProperty(
                acm_certificate_arn=certificate,
                minimum_protocol_version="TLSv1.2_2021",
                ssl_support_method="sni-only",
            ),
            origins=[
                CfnDistribution.OriginProperty(
                    id="bucket",
                    domain_name=bucket,
                    origin_access_control_id=access.attr_id,
                    # Empty, and still asked for: an identity of before OAC would stand here.
                    s3_origin_config=CfnDistribution.S3OriginConfigProperty(
                        origin_access_identity=""
                    ),
                )
            ],
            default_cache_behavior=CfnDistribution.DefaultCacheBehaviorProperty(
                target_origin_id="bucket",
                viewer_protocol_policy="https-only",
                allowed_methods=["GET", "HEAD"],
                cache_policy_id=KEPT_BY_PATH,
                response_headers_policy_id=_as_files(scope, stage_name).ref,
            ),
        ),
    )


def read_by_cloudfront(bucket_arn: str) -> iam.PolicyStatement:
    """By distributions of this account alone; which one it is, is known in another region."""
    ours = f"arn:{cdk.Aws.PARTITION}:cloudfront::{cdk.Aws.ACCOUNT_ID}:distribution/*"
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
        actions=["s3:GetObject"],
        resources=[f"{bucket_arn}/*"],
        conditions={
            "StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID},
            "ArnLike": {"aws:SourceArn": ours},
        },
    )


def _access(scope: Construct, stage_name: str) -> cloudfront.CfnOriginAccessControl:
    return cloudfront.CfnOriginAccessControl(
        scope,
        "FilesAccess",
        origin_access_control_config=cloudfront.CfnOriginAccessControl.OriginAccessControlConfigProperty(
            name=f"waddlebot-{stage_name}-files",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
        ),
    )


def _as_files(scope: Construct, stage_name: str) -> cloudfront.CfnResponseHeadersPolicy:
    """OBS shows them as pictures and sounds; a browser that is led there saves them."""
    policy = cloudfront.CfnResponseHeadersPolicy
    return policy(
        scope,
        "FilesHeaders",
        response_headers_policy_config=policy.ResponseHeadersPolicyConfigProperty(
            name=f"waddlebot-{stage_name}-files",
            security_headers_config=policy.SecurityHeadersConfigProperty(
                content_security_policy=policy.ContentSecurityPolicyProperty(
                    content_security_policy=NOTHING_RUNS, override=True
                ),
                content_type_options=policy.ContentTypeOptionsProperty(override=True),
            ),
            custom_headers_config=policy.CustomHeadersConfigProperty(
                items=[
                    policy.CustomHeaderProperty(header=name, value=value, override=True)
                    for name, value in (
                        ("Content-Disposition", "attachment"),
                        ("Cross-Origin-Resource-Policy", "cross-origin"),
                    )
                ]
            ),
        ),
    )
