"""A house that has a domain: what stands before it, and what is shut. Read from the templates."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.catalogue import all_functions
from functions.declaration import Function, HttpRoute, SocketRoute
from infra.context import ContextWrong, check_context
from infra.edge.domain import DomainWrong, EdgeDomain, domain_in, told_domain
from infra.edge.spared import REPUTATION, SPARED
from tests.infra.conftest import ROOT
from tests.infra.edge_names import DOMAIN, ZONE
from tests.infra.stacks import ACCOUNT, REGION, Stacks
from tests.infra.template import Properties
from waddlebot.domain.stages import domain_parameter
from waddlebot.runtime.house_secrets import bucket_host, secret_name
from waddlebot.runtime.origin_door import BEHIND, HANDLER, HEADER, ORIGIN_KEYS

CHAT = ("/webhooks/discord", "/webhooks/twitch", "/api/router/process", "/modules/songs/told")
PAGES = ("/me/unlink", "/", "/abc/ticker", "/webhooks", "/apis/x", "/signin/twitch")
MOST_REFERENCES = 60
KEPT_NOWHERE, ALL_BUT_THE_HOST = (
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "b689b0a8-53d0-40ab-baf2-68738e2966ac",
)
"""AWS's own policies CachingDisabled and AllViewerExceptHostHeader."""
REACHED = {"description", "ingress-twitch", "overlay", "overlay-sockets"}


@pytest.fixture(scope="module")
def zone(edge_stacks: dict[str, Stacks]) -> Stacks:
    return edge_stacks["zone"]


@pytest.fixture(scope="module")
def other(edge_stacks: dict[str, Stacks]) -> Stacks:
    return edge_stacks["other"]


def only(stacks: Stacks, kind: str, stack: str = "edge") -> Properties:
    """The one of that kind that is not of the host of files (test_edge_files.py)."""
    found = stacks.by_name[stack].of_type(kind)
    [ours] = [told for name, told in found.items() if not name.startswith("Files")]
    return ours


def distribution(stacks: Stacks) -> dict[str, Any]:
    config: dict[str, Any] = only(stacks, "AWS::CloudFront::Distribution")["DistributionConfig"]
    return config


def behaviours(stacks: Stacks) -> dict[str, dict[str, Any]]:
    config = distribution(stacks)
    others = {one["PathPattern"]: one for one in config["CacheBehaviors"]}
    return {"*": config["DefaultCacheBehavior"], **others}


def rules(stacks: Stacks) -> dict[str, dict[str, Any]]:
    return {one["Name"]: one for one in only(stacks, "AWS::WAFv2::WebACL")["Rules"]}


def short(told: Properties) -> str:
    """Empty for what the CDK adds by itself."""
    return str(told.get("FunctionName", "")).removeprefix("waddlebot-dev-")


def ours(stacks: Stacks) -> dict[str, Properties]:
    found = stacks.by_name["functions"].of_type("AWS::Lambda::Function").values()
    return {short(told): told for told in found if short(told)}


def is_reached(row: Function) -> bool:
    return any(isinstance(door, HttpRoute | SocketRoute) for door in row.doors)


def holds(statement: dict[str, Any], path: str, labels: set[str]) -> bool:
    """As AWS WAF reads it, of the statements that we write."""
    [(kind, told)] = statement.items()
    if kind == "ByteMatchStatement":
        assert told["PositionalConstraint"] == "STARTS_WITH"
        assert told["FieldToMatch"] == {"UriPath": {}}
        return path.startswith(told["SearchString"])
    if kind == "LabelMatchStatement":
        return told["Key"] in labels
    if kind == "NotStatement":
        return not holds(told["Statement"], path, labels)
    parts = [holds(one, path, labels) for one in told["Statements"]]
    return {"AndStatement": all, "OrStatement": any}[kind](parts)


def test_one_name_leads_to_the_api_and_to_sockets_by_tls_alone(zone: Stacks) -> None:
    config = distribution(zone)
    assert config["Aliases"] == [DOMAIN]
    hosts = {one["Id"]: one["DomainName"] for one in config["Origins"]}
    assert hosts == {"origin": f"origin.{DOMAIN}", "sockets": f"sockets.{DOMAIN}"}
    for one in config["Origins"]:
        assert one["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
        assert one["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    targets = {path: one["TargetOriginId"] for path, one in behaviours(zone).items()}
    assert targets["/live"] == "sockets"
    assert {targets.pop("/live"), *targets.values()} == {"sockets", "origin"}
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_who_shows_a_key_unencrypted_is_not_led_on(zone: Stacks) -> None:
    policies = {path: one["ViewerProtocolPolicy"] for path, one in behaviours(zone).items()}
    assert policies.pop("*") == "redirect-to-https"
    assert policies == dict.fromkeys(("/live", "/api/*", "/webhooks/*"), "https-only")


def test_the_edge_keeps_nothing_neither_answers_nor_refusals(zone: Stacks) -> None:
    for path, one in behaviours(zone).items():
        assert one["CachePolicyId"] == KEPT_NOWHERE, path
        assert one["OriginRequestPolicyId"] == ALL_BUT_THE_HOST, path
    kept = {one["ErrorCode"]: one for one in distribution(zone)["CustomErrorResponses"]}
    assert {400, 403, 404, 405, 414, 500, 501, 502, 503, 504} <= kept.keys()
    for one in kept.values():
        assert one == {"ErrorCode": one["ErrorCode"], "ErrorCachingMinTTL": 0}


def test_no_log_and_no_sample_holds_a_path_and_with_it_a_token(zone: Stacks) -> None:
    assert "Logging" not in distribution(zone)
    kinds = {one["Type"] for one in zone.by_name["edge"].resources.values()}
    assert not [kind for kind in kinds if "Log" in kind or "Delivery" in kind]
    acl = only(zone, "AWS::WAFv2::WebACL")
    for one in (acl, *acl["Rules"]):
        assert one["VisibilityConfig"]["SampledRequestsEnabled"] is False


def test_answers_say_to_come_encrypted_and_tell_no_address(zone: Stacks) -> None:
    policy = only(zone, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    told = policy["SecurityHeadersConfig"]
    assert told["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert told["StrictTransportSecurity"]["IncludeSubdomains"] is False
    assert told["ContentTypeOptions"] == {"Override": True}
    # What a page says of it itself holds.
    assert told["ReferrerPolicy"] == {"Override": False, "ReferrerPolicy": "no-referrer"}


def test_lists_of_aws_ask_first_and_none_of_anonymous_addresses(zone: Stacks) -> None:
    found = rules(zone)
    groups = {
        name: one["Statement"]["ManagedRuleGroupStatement"]
        for name, one in found.items()
        if "ManagedRuleGroupStatement" in one["Statement"]
    }
    assert groups.keys() == {REPUTATION, *SPARED}
    for name, told in groups.items():
        assert "ScopeDownStatement" not in told, name
        assert found[name]["OverrideAction"] == {"None": {}}
        spared = {one["Name"] for one in told.get("RuleActionOverrides", [])}
        assert all(
            one["ActionToUse"] == {"Count": {}} for one in told.get("RuleActionOverrides", [])
        )
        assert spared == {*SPARED.get(name, ("", {}))[1]}
    assert only(zone, "AWS::WAFv2::WebACL")["Scope"] == "CLOUDFRONT"
    assert len(found) == 5  # the free plan has room for few


@pytest.mark.parametrize("path", CHAT)
def test_no_line_of_chat_is_refused_for_what_it_says_and_nobody_for_being_many(
    zone: Stacks, path: str
) -> None:
    """`<script>` in a chat line leaves AWS's label, and goes through."""
    every = {
        f"awswaf:managed:aws:{group}:{label}"
        for group, spared in SPARED.values()
        for label in spared.values()
    }
    own = {name: one["Statement"] for name, one in rules(zone).items() if "Action" in one}
    assert own.keys() == {"Pages", "Many"}
    assert not holds(own["Pages"], path, every)
    assert not holds(own["Many"]["RateBasedStatement"]["ScopeDownStatement"], path, set())


def test_what_people_type_into_a_form_is_not_refused_but_guessing_at_forms_is(
    zone: Stacks,
) -> None:
    many = rules(zone)["Many"]["Statement"]["RateBasedStatement"]["ScopeDownStatement"]
    every = {
        f"awswaf:managed:aws:{group}:{label}"
        for group, spared in SPARED.values()
        for label in spared.values()
    }
    assert not holds(rules(zone)["Pages"]["Statement"], "/forms/abc", every)
    assert holds(many, "/forms/abc", set())


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_held_to_all_of_it(zone: Stacks, path: str) -> None:
    pages = rules(zone)["Pages"]
    assert pages["Action"] == rules(zone)["Many"]["Action"] == {"Block": {}}
    for group, spared in SPARED.values():
        for label in spared.values():
            assert holds(pages["Statement"], path, {f"awswaf:managed:aws:{group}:{label}"})
    assert not holds(pages["Statement"], path, set())
    many = rules(zone)["Many"]["Statement"]["RateBasedStatement"]
    assert holds(many["ScopeDownStatement"], path, set())
    assert many["AggregateKeyType"] == "IP"


def test_after_the_lists_their_labels_are_read(zone: Stacks) -> None:
    order = {name: one["Priority"] for name, one in rules(zone).items()}
    assert all(order[group] < order["Pages"] for group in SPARED)


def test_the_apis_are_reached_by_cloudfronts_names_alone(zone: Stacks) -> None:
    functions = zone.by_name["functions"]
    apis = functions.of_type("AWS::ApiGatewayV2::Api")
    [http] = [one for one in apis.values() if one["ProtocolType"] == "HTTP"]
    assert http["DisableExecuteApiEndpoint"] is True
    mapped = functions.of_type("AWS::ApiGatewayV2::ApiMapping").values()
    led = {one["DomainName"]: one.get("ApiMappingKey", "") for one in mapped}
    assert led == {f"origin.{DOMAIN}": "", f"sockets.{DOMAIN}": "live"}
    names = zone.by_name["origins"].of_type("AWS::ApiGatewayV2::DomainName").values()
    assert {one["DomainName"] for one in names} == led.keys()
    for one in names:
        [told] = one["DomainNameConfigurations"]
        assert told["EndpointType"] == "REGIONAL"
        assert told["SecurityPolicy"] == "TLS_1_2"


def test_whoever_is_reached_asks_for_the_key_of_cloudfront_first(zone: Stacks) -> None:
    behind = {name for name, told in ours(zone).items() if told["Handler"] == HANDLER}
    assert behind == REACHED
    assert ours(zone).keys() > REACHED
    for name, told in ours(zone).items():
        variables = told.get("Environment", {}).get("Variables", {})
        set_here = {BEHIND, *ORIGIN_KEYS} & variables.keys()
        assert set_here == ({BEHIND, *ORIGIN_KEYS} if name in REACHED else set())
        for key in ORIGIN_KEYS if name in REACHED else ():
            # Put in at the deploy, by the version that is in force.
            resolved = json.dumps(variables[key])
            assert f"resolve:secretsmanager:{secret_name('dev', key)}:SecretString:::" in resolved
            assert '"Ref"' in resolved


def test_no_stranger_is_reached_who_has_none_of_our_layers() -> None:
    assert not [row.name for row in all_functions() if row.isolated and is_reached(row)]


def test_a_changed_key_publishes_a_new_version(zone: Stacks) -> None:
    """A version keeps the environment that it was published with."""
    template = zone.by_name["functions"]
    functions = template.of_type("AWS::Lambda::Function")
    looked_at = set()
    for version in template.of_type("AWS::Lambda::Version").values():
        name = short(functions[version["FunctionName"]["Ref"]])
        if name in REACHED:
            looked_at.add(name)
            assert json.dumps(version["Description"]).count('"Ref"') >= len(ORIGIN_KEYS), name
    assert looked_at == REACHED


def test_cloudfront_shows_one_of_two_keys_and_both_are_copied_to_it(
    zone: Stacks, other: Stacks
) -> None:
    for stacks, key in ((zone, ORIGIN_KEYS[0]), (other, ORIGIN_KEYS[1])):
        for one in distribution(stacks)["Origins"]:
            [shown] = one["OriginCustomHeaders"]
            reference = f"{{{{resolve:secretsmanager:{secret_name('dev', key)}:SecretString}}}}"
            assert shown == {"HeaderName": HEADER, "HeaderValue": reference}
    resources = zone.data.resources.values()
    policies = {
        one["Properties"]["Name"]: one["DeletionPolicy"]
        for one in resources
        if one["Type"] == "AWS::SecretsManager::Secret"
    }
    # They go with the domain; a kept name would be taken when it comes back.
    edges = {*(secret_name("dev", key) for key in ORIGIN_KEYS), bucket_host("dev")}
    assert {name for name, kept in policies.items() if kept == "Delete"} == edges
    secrets = zone.data.of_type("AWS::SecretsManager::Secret").values()
    copied = {one["Name"]: one["ReplicaRegions"] for one in secrets if "ReplicaRegions" in one}
    assert copied.keys() == edges
    for told in copied.values():
        condition, there, here = told["Fn::If"]
        assert there == [{"Region": "us-east-1"}]
        assert here == {"Ref": "AWS::NoValue"}
        assert zone.text("data")["Conditions"][condition] == {
            "Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}]
        }


def test_what_leaves_the_house_begins_with_the_domain(zone: Stacks) -> None:
    told = zone.published()["/waddlebot/dev/functions/public-url"]
    assert told == ("functions", f"https://{DOMAIN}")
    outputs = {name: one["Value"] for name, one in zone.text("functions")["Outputs"].items()}
    assert [
        value for name, value in outputs.items() if "Address" in name and "Socket" not in name
    ] == [f"https://{DOMAIN}"]
    assert [value for name, value in outputs.items() if "Socket" in name] == [
        f"wss://{DOMAIN}/live"
    ]


def test_the_next_deploy_knows_the_domain(zone: Stacks) -> None:
    """What is kept is read back as what was told."""
    stack, kept = zone.published()[domain_parameter("dev")]
    assert stack == "functions"
    words = dict(one.split("=") for one in kept.split())
    assert words == {"domain": DOMAIN, "hosted_zone": ZONE, "origin_key": "a"}
    other = EdgeDomain(name=DOMAIN, one_host=True, free_plan=False, key=ORIGIN_KEYS[1])
    for domain in (told_domain(**words), other):
        assert domain
        assert told_domain(**dict(one.split("=") for one in domain.told.split())) == domain


def test_keys_leave_room_among_what_cloudformation_puts_in(
    zone: Stacks, all_stacks: dict[str, Stacks]
) -> None:
    """A template has at most 60 of such references: half as many functions again have room."""

    def references(stacks: Stacks) -> int:
        return json.dumps(stacks.text("functions")).count("{{resolve:secretsmanager:")

    reached = [row for row in all_functions() if is_reached(row)]
    assert references(zone) >= len(REACHED) * len(ORIGIN_KEYS)
    of_keys = len(reached) * 3 // 2 * len(ORIGIN_KEYS)
    assert references(all_stacks["small"]) + of_keys <= MOST_REFERENCES


def test_records_are_made_or_told(zone: Stacks, other: Stacks) -> None:
    records = [one for _, one in zone.of_type("AWS::Route53::RecordSet")]
    assert {one["HostedZoneId"] for one in records} == {ZONE}
    assert sorted((one["Name"], one["Type"]) for one in records) == [
        (DOMAIN, "A"), (DOMAIN, "AAAA"),
        (f"media.{DOMAIN}", "A"), (f"media.{DOMAIN}", "AAAA"),
        (f"origin.{DOMAIN}", "A"), (f"sockets.{DOMAIN}", "A"),
    ]  # fmt: skip
    assert list(other.of_type("AWS::Route53::RecordSet")) == []
    told = [
        json.dumps(one["Value"])
        for stack in other.by_name
        for one in other.text(stack)["Outputs"].values()
    ]
    for name in (DOMAIN, *(f"{one}.{DOMAIN}" for one in ("origin", "sockets", "media"))):
        assert [one for one in told if f"{name} CNAME " in one], name
    for stacks, zones in ((zone, [ZONE]), (other, [])):
        for _, one in stacks.of_type("AWS::CertificateManager::Certificate"):
            assert {one["DomainName"], *one["SubjectAlternativeNames"]} == {DOMAIN, f"*.{DOMAIN}"}
            proven = one.get("DomainValidationOptions", [])
            assert [each["HostedZoneId"] for each in proven] == zones


def test_small_costs_nothing_at_the_edge(zone: Stacks, other: Stacks) -> None:
    plan = only(zone, "AWS::PricingPlanManager::Subscription")
    assert (plan["PlanFamily"], plan["PlanTier"]) == ("CloudFront", "FREE")
    assert len(plan["ResourceArns"]) == 2  # a distribution and a web ACL
    assert list(other.of_type("AWS::PricingPlanManager::Subscription")) == []
    # What no plan takes.
    assert "PriceClass" not in distribution(zone)
    assert not [one for one in behaviours(zone).values() if "ForwardedValues" in one]


def test_sockets_at_their_pages_addresses_are_a_switch(zone: Stacks, other: Stacks) -> None:
    assert not [one for one in behaviours(zone).values() if "FunctionAssociations" in one]
    assert list(zone.of_type("AWS::CloudFront::Function")) == []
    having = {path for path, one in behaviours(other).items() if "FunctionAssociations" in one}
    assert having == {"*"}
    function = only(other, "AWS::CloudFront::Function")
    assert function["AutoPublish"] is True
    assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert len(function["FunctionCode"]) < 10_000  # CloudFront takes 10 kB


def test_the_edge_alone_has_a_region_and_nothing_an_account(edge_stacks: dict[str, Stacks]) -> None:
    for stacks in edge_stacks.values():
        manifest = json.loads((stacks.out / "manifest.json").read_text())
        assert not manifest.get("missing")
        where = {
            name.rpartition("-")[2]: one["environment"]
            for name, one in manifest["artifacts"].items()
            if one["type"] == "aws:cloudformation:stack"
        }
        assert where.pop("edge") == "aws://unknown-account/us-east-1"
        assert set(where.values()) == {"aws://unknown-account/unknown-region"}
        for stack in stacks.by_name:
            written = json.dumps(stacks.text(stack)["Resources"])
            assert ACCOUNT.search(written) is None, stack
            regions = {found.group() for found in REGION.finditer(written)}
            assert regions <= ({"us-east-1"} if stack == "data" else set()), stack


def test_certificates_are_proven_before_the_house_shuts_its_old_address() -> None:
    """A certificate may wait for its record for days; what runs goes on meanwhile."""
    text = (ROOT / "infra" / "app.py").read_text()
    assert text.index("*(edge_stacks(") < text.index("        FunctionsStack(")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"domain": "https://bot.example.org"}, "bot.example.org"),
        ({"domain": "Bot.Example.org"}, "small letters"),
        ({"domain": "bot"}, "bot.example.org"),
        ({"domain": "a" * 50 + ".example.org"}, "at most 56"),
        ({"domain": DOMAIN, "hosted_zone": "example.org"}, "begins with a Z"),
        ({"domain": DOMAIN, "origin_key": "c"}, "a or b"),
        ({"domain": DOMAIN, "free_plan": "none"}, "free_plan is yes or no, not 'none'"),
        ({"domain": DOMAIN, "one_host": "2"}, "one_host is yes or no, not '2'"),
        ({"domain": DOMAIN, "public_url": "https://other.example.org"}, f"https://{DOMAIN}"),
    ],
)
def test_a_domain_that_is_wrong_is_refused_in_a_sentence(told: dict[str, str], said: str) -> None:
    with pytest.raises(DomainWrong, match=said):
        told_domain(**{"public_url": "", **told})


@pytest.mark.parametrize(
    ("told", "is_on"),
    [
        *(("yes", True), ("1", True), ("True", True), ("on", True)),
        *(("no", False), ("0", False), ("False", False), ("off", False)),
    ],
)
def test_a_switch_is_what_it_says(told: str, is_on: bool) -> None:  # noqa: FBT001
    found = told_domain(domain=DOMAIN, free_plan=told, one_host=told)
    assert found
    assert (found.free_plan, found.one_host) == (is_on, is_on)
    usual = told_domain(domain=DOMAIN)
    assert usual
    assert (usual.free_plan, usual.one_host) == (True, False)


@pytest.mark.parametrize(("told", "is_on"), [(False, False), (0, False), (True, True), (1, True)])
def test_a_switch_is_read_where_cdk_json_has_it(told: object, is_on: bool) -> None:  # noqa: FBT001
    found = domain_in({"domain": DOMAIN, "free_plan": told, "one_host": told})
    assert found
    assert (found.free_plan, found.one_host) == (is_on, is_on)


@pytest.mark.parametrize("name", ["stage", "profile", "login", "concurrency", "gateway_image"])
def test_what_is_told_without_a_value_is_not_taken_for_the_usual(name: str) -> None:
    with pytest.raises(ContextWrong, match=f"{name} is told without a value"):
        check_context({name: ""})


def test_what_gives_something_up_may_be_empty() -> None:
    check_context({"domain": "", "hosted_zone": "", "discord_shards": ""})


@pytest.mark.parametrize("name", ["twitch_bot_is_moderator", "twitch_bot_is_verified"])
def test_a_switch_of_the_gateways_is_refused_before_they_are_deployed(name: str) -> None:
    check_context({name: "yes"})
    with pytest.raises(ContextWrong, match=f"{name} is yes or no"):
        check_context({name: "maybe"})


def test_without_a_domain_there_is_no_edge(all_stacks: dict[str, Stacks]) -> None:
    assert told_domain(domain="", public_url="https://bot.example.org") is None
    for stacks in all_stacks.values():
        assert not {"edge", "origins"} & stacks.by_name.keys()
        kinds = {one["Type"] for each in stacks.by_name.values() for one in each.resources.values()}
        assert not [kind for kind in kinds if "CloudFront" in kind or "WAFv2" in kind]
        secrets = {
            one["Name"] for one in stacks.data.of_type("AWS::SecretsManager::Secret").values()
        }
        assert not secrets & {*(secret_name("dev", key) for key in ORIGIN_KEYS), bucket_host("dev")}
        for _, told in stacks.of_type("AWS::Lambda::Function"):
            assert told["Handler"] != HANDLER
