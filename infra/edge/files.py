"""A host for files of communities and nothing else: CloudFront reads them from the bucket.

It is an origin of its own, and no page of the house is of it. CloudFront signs what it asks of the
bucket, which lets it read what the house wrote anew and nothing else (media_bucket.py). It is asked
to read alone; neither cookies nor queries nor headers of a viewer come through, so nobody says to
S3 as what a file is to be sent. What a file may is said here, for refusals too.
"""

from __future__ import annotations

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.aws_cloudfront import CfnDistribution
from constructs import Construct

from infra.edge.cloudfront import KEPT_NOWHERE, distribution_of, headers_of
from infra.edge.copies import looked_up
from infra.edge.domain import EdgeDomain
from waddlebot.domain.media_files import AS_A_FILE, SERVED, TO_EVERYBODY
from waddlebot.runtime.house_secrets import bucket_host

BUCKET = "bucket"
ASKED = ["GET", "HEAD"]


def files_distribution(
    scope: Construct,
    domain: EdgeDomain,
    *,
    stage_name: str,
    certificate: str,
    web_acl: str | None,
) -> CfnDistribution:
    """`certificate` and `web_acl` by ARN. A file that was removed is kept nowhere at the edge."""
    return distribution_of(
        scope,
        "FilesDistribution",
        comment=f"WaddleBot {stage_name}: files",
        name=domain.media,
        certificate=certificate,
        web_acl=web_acl,
        origins=[_bucket(scope, stage_name)],
        default=CfnDistribution.DefaultCacheBehaviorProperty(
            target_origin_id=BUCKET,
            viewer_protocol_policy="https-only",
            allowed_methods=ASKED,
            cache_policy_id=KEPT_NOWHERE,
            response_headers_policy_id=_headers(scope, stage_name),
        ),
    )


def _bucket(scope: Construct, stage_name: str) -> CfnDistribution.OriginProperty:
    """Below what is served: no path leads to what was uploaded and not read."""
    access = cloudfront.CfnOriginAccessControl
    signed = access(
        scope,
        "FilesAccess",
        origin_access_control_config=access.OriginAccessControlConfigProperty(
            name=f"waddlebot-{stage_name}-files",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
        ),
    )
    return CfnDistribution.OriginProperty(
        id=BUCKET,
        domain_name=looked_up(bucket_host(stage_name)),
        origin_path=f"/{SERVED.removesuffix('/')}",
        origin_access_control_id=signed.attr_id,
        # What came before such signatures; CloudFormation wants it there, and empty.
        s3_origin_config=CfnDistribution.S3OriginConfigProperty(origin_access_identity=""),
    )


def _headers(scope: Construct, stage_name: str) -> str:
    policy = cloudfront.CfnResponseHeadersPolicy
    own = {"content-disposition": AS_A_FILE["content-disposition"], **TO_EVERYBODY}
    origin = own.pop("access-control-allow-origin")
    every = policy.CorsConfigProperty(
        access_control_allow_credentials=False,
        access_control_allow_headers=policy.AccessControlAllowHeadersProperty(items=["*"]),
        access_control_allow_methods=policy.AccessControlAllowMethodsProperty(items=ASKED),
        access_control_allow_origins=policy.AccessControlAllowOriginsProperty(items=[origin]),
        origin_override=True,
    )
    put = [
        policy.CustomHeaderProperty(header=name, value=value, override=True)
        for name, value in own.items()
    ]
    return headers_of(
        scope,
        "FilesHeaders",
        name=f"waddlebot-{stage_name}-files",
        referrer=policy.ReferrerPolicyProperty(
            override=True, referrer_policy=AS_A_FILE["referrer-policy"]
        ),
        content=policy.ContentSecurityPolicyProperty(
            content_security_policy=AS_A_FILE["content-security-policy"], override=True
        ),
        custom_headers_config=policy.CustomHeadersConfigProperty(items=put),
        cors_config=every,
    )
