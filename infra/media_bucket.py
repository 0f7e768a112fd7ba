"""The bucket of pictures and sounds: who is not ours posts a form to it, and reads none of it.

With a domain CloudFront reads what the house has written, and nothing else, for everybody.

Source: "AWS::S3::Bucket" in the CloudFormation reference; "Restrict access to an Amazon S3 origin"
in the CloudFront Developer Guide.
"""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.addresses import Addresses
from infra.edge.copies import carry_to_edge
from infra.published import publish
from waddlebot.domain.media_files import INCOMING, SERVED
from waddlebot.runtime.house_secrets import bucket_host


class BucketOfMedia(Construct):
    """It stays when its stack goes, as all that holds data does. `has_edge`: CloudFront may read
    what is served.
    """

    def __init__(self, scope: Construct, *, addresses: Addresses, has_edge: bool) -> None:
        super().__init__(scope, "Media")
        self.bucket = s3.CfnBucket(
            self,
            "Bucket",
            public_access_block_configuration=s3.CfnBucket.PublicAccessBlockConfigurationProperty(
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
            ),
            ownership_controls=s3.CfnBucket.OwnershipControlsProperty(
                rules=[
                    s3.CfnBucket.OwnershipControlsRuleProperty(
                        object_ownership="BucketOwnerEnforced"
                    )
                ]
            ),
            bucket_encryption=_encrypted(),
            lifecycle_configuration=s3.CfnBucket.LifecycleConfigurationProperty(rules=_rules()),
            cors_configuration=s3.CfnBucket.CorsConfigurationProperty(
                cors_rules=[
                    # What a form may is in its policy, whatever page it stands on.
                    s3.CfnBucket.CorsRuleProperty(
                        allowed_methods=["POST"],
                        allowed_origins=["*"],
                        allowed_headers=["*"],
                        max_age=3600,
                    )
                ]
            ),
            notification_configuration=s3.CfnBucket.NotificationConfigurationProperty(
                event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                    event_bridge_enabled=True
                )
            ),
        )
        self.bucket.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        self._policy([self._over_tls_alone(), *([self._by_cloudfront()] if has_edge else [])])
        publish(self, "Name", addresses.media_bucket, self.bucket.ref)
        if has_edge:
            host, kept = self.bucket.attr_regional_domain_name, bucket_host(addresses.stage)
            carry_to_edge(self, "Host", name=kept, value=host)

    def _policy(self, statements: list[dict[str, Any]]) -> None:
        policy = s3.CfnBucketPolicy(
            self,
            "Policy",
            bucket=self.bucket.ref,
            policy_document={"Version": "2012-10-17", "Statement": statements},
        )
        policy.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

    def _over_tls_alone(self) -> dict[str, Any]:
        return {
            "Sid": "OverTlsAlone",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": [self.bucket.attr_arn, f"{self.bucket.attr_arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }

    def _by_cloudfront(self) -> dict[str, Any]:
        """Of this account, by any distribution: which one it is becomes known in another region,
        behind this stack. It may not list, so what is not there is refused as what may not be read.
        """
        ours = cdk.Stack.of(self).format_arn(
            service="cloudfront", region="", resource="distribution", resource_name="*"
        )
        return {
            "Sid": "FilesByCloudFront",
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "s3:GetObject",
            "Resource": f"{self.bucket.attr_arn}/{SERVED}*",
            "Condition": {"ArnLike": {"aws:SourceArn": ours}},
        }


def _encrypted() -> s3.CfnBucket.BucketEncryptionProperty:
    """By S3's own key: whoever posts a form has none of ours, and what is served is for all."""
    by_default = s3.CfnBucket.ServerSideEncryptionByDefaultProperty(sse_algorithm="AES256")
    rule = s3.CfnBucket.ServerSideEncryptionRuleProperty(
        server_side_encryption_by_default=by_default
    )
    return s3.CfnBucket.BucketEncryptionProperty(server_side_encryption_configuration=[rule])


def _rules() -> list[s3.CfnBucket.RuleProperty]:
    """A day is S3's shortest; by then the sweep has taken it, after an hour."""
    abort = s3.CfnBucket.AbortIncompleteMultipartUploadProperty(days_after_initiation=1)
    return [
        s3.CfnBucket.RuleProperty(
            id="what-was-not-read",
            status="Enabled",
            prefix=INCOMING,
            expiration_in_days=1,
        ),
        s3.CfnBucket.RuleProperty(
            id="what-was-not-finished", status="Enabled", abort_incomplete_multipart_upload=abort
        ),
    ]
