"""The host of files: reached by a name of its own, it leads to what is served of the bucket, and
nowhere else.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.infra.edge_names import DOMAIN
from tests.infra.stacks import Stacks
from tests.infra.template import Properties
from waddlebot.domain.media_files import AS_A_FILE, SERVED, TO_EVERYBODY
from waddlebot.runtime.house_secrets import bucket_host
from waddlebot.runtime.needs import MEDIA_ADDRESS

KEPT_NOWHERE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""AWS's own policy CachingDisabled."""


@pytest.fixture(scope="module")
def zone(edge_stacks: dict[str, Stacks]) -> Stacks:
    return edge_stacks["zone"]


def of_files(stacks: Stacks, kind: str) -> Properties:
    found = stacks.by_name["edge"].of_type(kind)
    [files] = [told for name, told in found.items() if name.startswith("Files")]
    return files


def config(stacks: Stacks) -> dict[str, Any]:
    told: dict[str, Any] = of_files(stacks, "AWS::CloudFront::Distribution")["DistributionConfig"]
    return told


def test_it_leads_to_what_is_served_alone_and_signs_what_it_asks(zone: Stacks) -> None:
    assert config(zone)["Aliases"] == [f"media.{DOMAIN}"]
    assert "CacheBehaviors" not in config(zone)
    [origin] = config(zone)["Origins"]
    assert (
        origin["DomainName"] == f"{{{{resolve:secretsmanager:{bucket_host('dev')}:SecretString}}}}"
    )
    assert origin["OriginPath"] == f"/{SERVED}".removesuffix("/")
    assert "OriginCustomHeaders" not in origin
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""}
    access = of_files(zone, "AWS::CloudFront::OriginAccessControl")
    assert access["OriginAccessControlConfig"] == {
        "Name": "waddlebot-dev-files",
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }
    [name] = zone.by_name["edge"].of_type("AWS::CloudFront::OriginAccessControl")
    assert origin["OriginAccessControlId"] == {"Fn::GetAtt": [name, "Id"]}


def test_the_bucket_lets_it_read_what_is_served_and_nobody_else_anything(
    zone: Stacks, all_stacks: dict[str, Stacks]
) -> None:
    [(bucket, _)] = zone.data.of_type("AWS::S3::Bucket").items()
    allowed = allowing(zone)
    assert [one["Principal"] for one in allowed] == [{"Service": "cloudfront.amazonaws.com"}]
    assert allowed[0]["Action"] == "s3:GetObject"
    of_bucket = {"Fn::GetAtt": [bucket, "Arn"]}
    assert allowed[0]["Resource"] == {"Fn::Join": ["", [of_bucket, f"/{SERVED}*"]]}
    source = json.dumps(allowed[0]["Condition"]["ArnLike"]["aws:SourceArn"])
    assert ':cloudfront::", {"Ref": "AWS::AccountId"}, ":distribution/*"' in source
    for stacks in all_stacks.values():
        assert allowing(stacks) == []
    secrets = zone.data.of_type("AWS::SecretsManager::Secret").values()
    [host] = [one["SecretString"] for one in secrets if one["Name"] == bucket_host("dev")]
    assert host == {"Fn::GetAtt": [bucket, "RegionalDomainName"]}


def allowing(stacks: Stacks) -> list[dict[str, Any]]:
    [policy] = stacks.data.of_type("AWS::S3::BucketPolicy").values()
    every = policy["PolicyDocument"]["Statement"]
    return [one for one in every if one["Effect"] != "Deny"]


def test_of_what_a_viewer_sends_the_path_alone_comes_through(zone: Stacks) -> None:
    behaviour = config(zone)["DefaultCacheBehavior"]
    assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    assert behaviour["CachePolicyId"] == KEPT_NOWHERE
    assert "OriginRequestPolicyId" not in behaviour


def test_nothing_that_comes_by_it_runs(zone: Stacks) -> None:
    policy = of_files(zone, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    csp = security["ContentSecurityPolicy"]
    assert csp["ContentSecurityPolicy"] == AS_A_FILE["content-security-policy"]
    assert csp["Override"] is True
    assert security["ContentTypeOptions"] == {"Override": True}
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    put = {one["Header"]: one for one in policy["CustomHeadersConfig"]["Items"]}
    assert all(one["Override"] for one in put.values())
    cors = policy["CorsConfig"]
    assert (cors["OriginOverride"], cors["AccessControlAllowCredentials"]) == (True, False)
    told = {name: one["Value"] for name, one in put.items()}
    [told["access-control-allow-origin"]] = cors["AccessControlAllowOrigins"]["Items"]
    assert told == {"content-disposition": "attachment", **TO_EVERYBODY}


def test_pages_find_files_there(zone: Stacks, all_stacks: dict[str, Stacks]) -> None:
    def told(stacks: Stacks) -> set[tuple[str, str]]:
        functions = stacks.by_name["functions"].of_type("AWS::Lambda::Function").values()
        found = ((one["FunctionName"], one) for one in functions if "FunctionName" in one)
        return {
            (name, one["Environment"]["Variables"][MEDIA_ADDRESS])
            for name, one in found
            if MEDIA_ADDRESS in one.get("Environment", {}).get("Variables", {})
        }

    assert told(zone) == {("waddlebot-dev-overlay", f"https://media.{DOMAIN}")}
    assert told(all_stacks["small"]) == set()


def test_the_web_acl_is_before_it_where_no_plan_has_that(
    zone: Stacks, edge_stacks: dict[str, Stacks]
) -> None:
    assert "WebACLId" not in config(zone)
    assert "WebACLId" in config(edge_stacks["other"])
