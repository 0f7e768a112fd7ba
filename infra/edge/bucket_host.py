"""A host of its own for what a bucket holds: CloudFront reads it as itself (OAC), nobody else does.

It stands in the house's own region, in whichever stack knows the bucket, with a domain or without:
a name of CloudFront's own asks for no certificate, and is no name of ours, so that nothing in a
file runs beside a page. The bucket's policy lets in distributions of this account
(`cloudfront.amazonaws.com`, by `aws:SourceAccount`).
"""

from __future__ import annotations

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.aws_cloudfront import CfnDistribution
from constructs import Construct

KEPT_BY_PATH = "658327ea-f89d-4fab-a63d-7439e55e88f6"
"""AWS's own policy CachingOptimized: neither cookies nor queries reach the bucket."""
NOTHING_RUNS = "default-src 'none'; sandbox"
AS_FILES = (("Content-Disposition", "attachment"), ("Cross-Origin-Resource-Policy", "cross-origin"))
"""OBS shows them as pictures and sounds; a browser that is led there saves them."""


class BucketHost(Construct):
    """`bucket` by its regional domain name; `folder` is the beginning of the keys that are handed
    out, without it: `media/7/a.png` is `<address>/7/a.png`.
    """

    def __init__(self, scope: Construct, *, stage_name: str, bucket: str, folder: str) -> None:
        super().__init__(scope, "Files")
        self._made = CfnDistribution(
            self,
            "Distribution",
            distribution_config=CfnDistribution.DistributionConfigProperty(
                enabled=True,
                comment=f"WaddleBot {stage_name}: files",
                http_version="http2and3",
                ipv6_enabled=True,
                origins=[self._origin(stage_name, bucket, folder)],
                default_cache_behavior=CfnDistribution.DefaultCacheBehaviorProperty(
                    target_origin_id="bucket",
                    viewer_protocol_policy="https-only",
                    allowed_methods=["GET", "HEAD"],
                    cache_policy_id=KEPT_BY_PATH,
                    response_headers_policy_id=self._headers(stage_name).ref,
                ),
            ),
        )

    @property
    def address(self) -> str:
        return f"https://{self._made.attr_domain_name}"

    def _origin(self, stage_name: str, bucket: str, folder: str) -> CfnDistribution.OriginProperty:
        config = cloudfront.CfnOriginAccessControl.OriginAccessControlConfigProperty(
            name=f"waddlebot-{stage_name}-files",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
        )
        access = cloudfront.CfnOriginAccessControl(
            self, "Access", origin_access_control_config=config
        )
        return CfnDistribution.OriginProperty(
            id="bucket",
            domain_name=bucket,
            origin_path=f"/{folder.strip('/')}",
            origin_access_control_id=access.attr_id,
            # Empty, and still asked for: an identity of before OAC would stand here.
            s3_origin_config=CfnDistribution.S3OriginConfigProperty(origin_access_identity=""),
        )

    def _headers(self, stage_name: str) -> cloudfront.CfnResponseHeadersPolicy:
        policy = cloudfront.CfnResponseHeadersPolicy
        custom = [
            policy.CustomHeaderProperty(header=name, value=value, override=True)
            for name, value in AS_FILES
        ]
        return policy(
            self,
            "Headers",
            response_headers_policy_config=policy.ResponseHeadersPolicyConfigProperty(
                name=f"waddlebot-{stage_name}-files",
                security_headers_config=policy.SecurityHeadersConfigProperty(
                    content_security_policy=policy.ContentSecurityPolicyProperty(
                        content_security_policy=NOTHING_RUNS, override=True
                    ),
                    content_type_options=policy.ContentTypeOptionsProperty(override=True),
                ),
                custom_headers_config=policy.CustomHeadersConfigProperty(items=custom),
            ),
        )
