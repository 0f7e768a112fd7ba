"""The host of files: reached by a name of its own, it leads below `/files` and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.edge_names import DOMAIN
from tests.infra.stacks import Stacks
from tests.infra.template import Properties
from waddlebot.domain.media_files import AS_A_FILE
from waddlebot.runtime.needs import MEDIA_ADDRESS
from waddlebot.runtime.origin_door import HEADER

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


def test_it_leads_to_files_alone_and_shows_the_key(zone: Stacks) -> None:
    assert config(zone)["Aliases"] == [f"media.{DOMAIN}"]
    [origin] = config(zone)["Origins"]
    assert (origin["DomainName"], origin["OriginPath"]) == (f"origin.{DOMAIN}", "/files")
    assert [one["HeaderName"] for one in origin["OriginCustomHeaders"]] == [HEADER]
    assert "CacheBehaviors" not in config(zone)


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
    [saved] = policy["CustomHeadersConfig"]["Items"]
    assert (saved["Header"], saved["Value"]) == ("content-disposition", "attachment")


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
