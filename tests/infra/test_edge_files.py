"""The host of a bucket: CloudFront alone reads it, and what it hands out is a file and no page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.conftest import OTHERS
from tests.infra.template import Properties, Template

KEPT_BY_PATH = "658327ea-f89d-4fab-a63d-7439e55e88f6"
"""AWS's own policy CachingOptimized."""


@pytest.fixture(scope="module")
def files() -> Template:
    return Template.written_to(OTHERS / "files", "files")


def only(files: Template, kind: str) -> Properties:
    [found] = files.of_type(kind).values()
    return found


def test_cloudfront_shows_the_bucket_who_it_is(files: Template) -> None:
    config: dict[str, Any] = only(files, "AWS::CloudFront::Distribution")["DistributionConfig"]
    [origin] = config["Origins"]
    assert origin["DomainName"] == {"Fn::GetAtt": ["Bucket", "RegionalDomainName"]}
    access: dict[str, Any] = only(files, "AWS::CloudFront::OriginAccessControl")
    told = access["OriginAccessControlConfig"]
    assert (told["SigningBehavior"], told["SigningProtocol"]) == ("always", "sigv4")
    assert "Fn::GetAtt" in origin["OriginAccessControlId"]
    assert origin["OriginPath"] == "/media"
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""}


def test_what_a_file_holds_runs_nowhere(files: Template) -> None:
    config: dict[str, Any] = only(files, "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert "Aliases" not in config  # no name of the house
    behaviour = config["DefaultCacheBehavior"]
    assert "CacheBehaviors" not in config
    assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    assert behaviour["CachePolicyId"] == KEPT_BY_PATH
    policy = only(files, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    assert security["ContentTypeOptions"] == {"Override": True}
    assert "sandbox" in security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    custom = {one["Header"]: one["Value"] for one in policy["CustomHeadersConfig"]["Items"]}
    assert custom["Content-Disposition"] == "attachment"
