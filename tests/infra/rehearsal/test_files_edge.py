"""What stands in for CloudFront before the bucket: one that read more would prove less."""

from __future__ import annotations

from typing import Any

import pytest

from infra.rehearsal.files_edge import lets

OURS = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE"
AT = "arn:aws:s3:::bucket/media/12/a.png"
RIGHT: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudfront.amazonaws.com"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::bucket/media/*",
    "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*"}},
}


def test_what_the_policy_says_of_this_distribution_it_may() -> None:
    assert lets(RIGHT, AT, OURS)


@pytest.mark.parametrize(
    "told",
    [
        {"Effect": "Deny"},
        {"Principal": {"Service": "logs.amazonaws.com"}},
        {"Principal": {"AWS": "*"}},
        {"Action": "s3:PutObject"},
        {"Resource": "arn:aws:s3:::bucket/incoming/*"},
        {"Resource": "arn:aws:s3:::other/media/*"},
        {"Condition": {}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::2:distribution/*"}}},
        {"Condition": {**RIGHT["Condition"], "Bool": {"aws:SecureTransport": "false"}}},
    ],
)
def test_what_another_may_or_nobody_can_read_it_may_not(told: dict[str, Any]) -> None:
    assert not lets({**RIGHT, **told}, AT, OURS)
