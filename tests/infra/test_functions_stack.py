"""What the template grants, opens and starts is what the catalogue declares, and no more."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from functions.catalogue import all_functions
from functions.database_users import database_user
from functions.declaration import (
    AtDeploy,
    Function,
    HttpRoute,
    Schedule,
    SocketRoute,
    gateway_routes,
)
from tests.infra.conftest import ROOT
from tests.infra.template import Template
from waddlebot.runtime.needs import (
    CONNECTIONS_URLS,
    FUNCTION_PREFIX,
    MASTER_URL,
    MEDIA_ADDRESS,
    MEDIA_BUCKET,
    MEDIA_RIGHTS,
    PARTITIONS,
    PUBLIC_URL,
    SOCKET_ADDRESSES,
    VARIABLES,
    Invoke,
    Master,
    MediaFiles,
    Need,
    Outside,
    Secret,
    SocketAddress,
    Sockets,
    variables,
)

ROWS = all_functions()
NETWORKING = {
    *("ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"),
    *("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"),
    *("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
}
WEBHOOKS = {"DISCORD_PUBLIC_KEY", "SLACK_SIGNING_SECRET", "TWITCH_EVENTSUB_SECRET"}


def told(row: Function) -> set[str]:
    """Secrets that CloudFormation puts in: of webhooks alone."""
    named = {need.variable for need in row.needs if isinstance(need, Secret)}
    return named & WEBHOOKS if row.name.startswith("ingress-") else set()


ROUTERS = [row for row in ROWS if row.handler.startswith("functions.router.")]
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@every_row
def test_a_function_may_do_what_it_declares_and_write_its_own_log_and_nothing_else(
    template: Template, row: Function
) -> None:
    granted = {
        (action, _words(target))
        for statement in template.statements(row)
        for action in _listed(statement["Action"])
        for target in _listed(statement["Resource"])
    }

    group = template.deployed(row)["LoggingConfig"]["LogGroup"]["Ref"]
    log = _words({"Fn::GetAtt": [group, "Arn"]})
    expected = {(action, log) for action in ("logs:CreateLogStream", "logs:PutLogEvents")}
    for need in row.needs:
        if isinstance(need, Invoke):
            called = f"lambda:function:waddlebot-dev-{need.function}:live"
            expected.add(("lambda:InvokeFunction", called))
        if isinstance(need, Secret) and need.variable not in {PUBLIC_URL, *told(row)}:
            secret = f"secretsmanager:secret:waddlebot/dev/{need.variable}-??????"
            expected.add(("secretsmanager:GetSecretValue", secret))
        if isinstance(need, Sockets):
            expected.add(("execute-api:ManageConnections", _sockets_of(template)))
        if need in (Need.WRITER, Need.REPLICA):
            server = "direct" if row.direct and need is Need.WRITER else "writer"
            at = f"{{dev/data/database/{server}-resource}}"
            user = f"rds-db:dbuser:{at}/{database_user(row)}"
            expected.add(("rds-db:connect", user))
        if need in (Need.CACHE, Need.LIMITS, Need.STREAMS):
            group = f"elasticache:replicationgroup:{{dev/data/valkey/{need}/name}}"
            expected |= {
                ("elasticache:Connect", one)
                for one in (group, "elasticache:user:waddlebot-dev-app")
            }
    expected |= _media_rights(row)
    if Master() in row.needs:
        expected.add(("secretsmanager:GetSecretValue", "{dev/data/database/master-secret}"))
        expected.add(("kms:Decrypt", "{dev/data/key}"))
    if row.isolated or any(isinstance(need, Need) for need in row.needs):
        # Lambda's own deeds with its rights; none of them names a resource.
        expected |= {(action, "*") for action in NETWORKING}
    if row.handed_over or any(isinstance(door, Schedule) for door in row.doors):
        [queue] = template.of_type("AWS::SQS::Queue")
        expected.add(("sqs:SendMessage", _words({"Fn::GetAtt": [queue, "Arn"]})))
    assert granted == expected


def _media_rights(row: Function) -> set[tuple[str, str]]:
    """Under the beginnings of keys that are its own."""
    return {
        (action, f"s3:{{dev/data/media-bucket}}/{under}*")
        for need in row.needs
        if isinstance(need, MediaFiles)
        for action, under in MEDIA_RIGHTS[need.may]
    }


def _sockets_of(template: Template) -> str:
    """All open ones of the one API, and nothing else of it."""
    return f"execute-api:{{{_api(template, 'WEBSOCKET')}}}/live/*/@connections/*"


def _reached(template: Template, row: Function) -> dict[str, str]:
    """Where sockets are written to and opened, and where media files lie."""
    api, found = _api(template, "WEBSOCKET"), {}
    for need in row.needs:
        if isinstance(need, Sockets):
            host = f"{{{api}}}.execute-api.{{Region}}.{{URLSuffix}}"
            found[CONNECTIONS_URLS[need.audience]] = f"https://{host}/live"
        if isinstance(need, SocketAddress):
            found[SOCKET_ADDRESSES[need.audience]] = f"{{{api}.ApiEndpoint}}/live"
        if isinstance(need, MediaFiles):
            found[MEDIA_BUCKET] = "{dev/data/media-bucket}"
    return found


def _api(template: Template, protocol: str) -> str:
    [name] = (
        name
        for name, api in template.of_type("AWS::ApiGatewayV2::Api").items()
        if api["ProtocolType"] == protocol
    )
    return name


def test_who_calls_at_deploy_may_call_these_and_write_its_own_log(template: Template) -> None:
    """The CDK's own function; it names whom it calls, so that they can wait for the first."""
    [caller] = (
        one
        for name, one in template.of_type("AWS::Lambda::Function").items()
        if name.startswith("AWSCDKTrigger")
    )
    role = template.resources[caller["Role"]["Fn::GetAtt"][0]]["Properties"]
    assert "ManagedPolicyArns" not in role
    group = caller["LoggingConfig"]["LogGroup"]["Ref"]
    log = _words({"Fn::GetAtt": [group, "Arn"]})
    (policy,) = role["Policies"]
    granted = {
        (action, _words(target))
        for statement in policy["PolicyDocument"]["Statement"]
        for action in statement["Action"]
        for target in statement["Resource"]
    }
    # Of these functions any version: the CDK calls the one that it has just published.
    calls = {f"lambda:function:waddlebot-dev-{row.name}:*" for row in ROWS if _order(row)}
    assert len(calls) == 3
    assert granted == {
        *(("lambda:InvokeFunction", one) for one in calls),
        *((f"logs:{what}", log) for what in ("CreateLogStream", "PutLogEvents")),
    }


@every_row
def test_variables_are_those_of_its_needs_and_no_value_stands_in_the_template(
    template: Template, row: Function
) -> None:
    written = template.deployed(row).get("Environment", {}).get("Variables", {})

    expected: dict[str, str] = {}
    named = {name for need in row.needs for name in variables(need)}
    for name in named - {PUBLIC_URL, MASTER_URL, MEDIA_ADDRESS}:  # the last without a domain
        at = f"waddlebot/dev/{name}"
        version = f"{{dev/versions/{name}}}"
        is_told = f"{{{{resolve:secretsmanager:{at}:SecretString:::{version}}}}}"
        expected[name] = is_told if name in told(row) else f"secretsmanager:{at}"
    if Secret(variable=PUBLIC_URL) in row.needs:
        api = _api(template, "HTTP")
        expected[PUBLIC_URL] = f"{{{api}.ApiEndpoint}}"
    expected |= _reached(template, row)
    if Need.STREAMS in row.needs:
        expected[PARTITIONS] = "1"
    if FUNCTION_PREFIX in expected:
        expected[FUNCTION_PREFIX] = "waddlebot-dev-"
    if MASTER_URL in named:
        address = "waddlebot_master@{dev/data/database/direct}:5432/waddlebot"
        secret = "login=secret&password={dev/data/database/master-secret}"
        expected[MASTER_URL] = f"postgresql://{address}?{secret}"
    user = database_user(row)
    host = "direct" if row.direct else "writer"
    for need, server in ((Need.WRITER, host), (Need.REPLICA, "writer")):
        if need in row.needs:
            address = f"{user}@{{dev/data/database/{server}}}"
            entered = "login=iam&prepare=1"
            expected[VARIABLES[need]] = f"postgresql://{address}:5432/waddlebot?{entered}"
    for number, need in enumerate((Need.CACHE, Need.LIMITS, Need.STREAMS)):
        if need in row.needs:
            host, name = (f"{{dev/data/valkey/{need}/{what}}}" for what in ("host", "name"))
            address = f"waddlebot-dev-app@{host}:6379/{number}"
            expected[VARIABLES[need]] = f"rediss://{address}?login=iam&name={name}"
    assert {name: _words(value) for name, value in written.items()} == expected


def test_a_changed_secret_and_another_server_publish_a_version_anew(template: Template) -> None:
    """The template stays the same then: the alias would lead to what was there before."""
    versions = template.of_type("AWS::Lambda::Version")
    for row in ROWS:
        if told(row):
            [said] = (
                _words(one.get("Description", ""))
                for one in versions.values()
                if one["FunctionName"] == {"Ref": template.logical_id(row)}
            )
            assert all(f"{{dev/versions/{name}}}" in said for name in told(row)), row.name


def test_a_new_key_of_the_operator_runs_the_migrations_again(template: Template) -> None:
    """Its function stays the same: Lambda would refuse another version of it."""
    [(_, calls)] = (
        (name, one)
        for name, one in template.of_type("Custom::Trigger").items()
        if name.startswith("UpkeepMigrate")
    )
    assert {name: _words(one) for name, one in calls["VersionOf"].items()} == {
        "WADDLEBOT_API_KEY": "{dev/versions/WADDLEBOT_API_KEY}"
    }
    assert calls.get("ExecuteOnHandlerChange") is not False
    [migrate] = (row for row in ROWS if row.name == "upkeep-migrate")
    written = json.dumps(
        [
            one.get("Description", "")
            for one in template.of_type("AWS::Lambda::Version").values()
            if one["FunctionName"] == {"Ref": template.logical_id(migrate)}
        ]
    )
    assert "APIKEY" not in written.upper().replace("_", "")


@every_row
def test_the_alias_leads_to_what_was_published_last_and_all_callers_take_it(
    template: Template, row: Function
) -> None:
    [alias] = (
        one
        for one in template.of_type("AWS::Lambda::Alias").values()
        if one["FunctionName"] == {"Ref": template.logical_id(row)}
    )

    assert alias["Name"] == "live"
    version = template.of_type("AWS::Lambda::Version")[alias["FunctionVersion"]["Fn::GetAtt"][0]]
    assert version["FunctionName"] == {"Ref": template.logical_id(row)}
    # Else CloudFormation deletes the one of before, and there is nothing to put the alias back to.
    whole = template.resources[alias["FunctionVersion"]["Fn::GetAtt"][0]]
    assert whole["UpdateReplacePolicy"] == "Retain"
    assert whole["DeletionPolicy"] == "RetainExceptOnCreate"
    snapshot = template.deployed(row).get("SnapStart", {"ApplyOn": "None"})
    assert snapshot == {"ApplyOn": "PublishedVersions" if row.quick else "None"}


@every_row
def test_in_the_network_stand_exactly_those_with_a_need_of_data(
    template: Template, row: Function
) -> None:
    needs = frozenset(row.needs)
    written = template.deployed(row).get("VpcConfig")

    if row.isolated:
        assert written is not None
        assert _words(written["SubnetIds"]) == "{dev/network/strangers-subnets}"
        return
    if not any(isinstance(need, Need) for need in needs):
        assert written is None
        return
    outward = any(isinstance(need, Outside) for need in needs)
    assert written is not None
    subnets = "outward-subnets" if outward else "inside-subnets"
    assert _words(written["SubnetIds"]) == f"{{dev/network/{subnets}}}"
    groups = {"outside" if outward else "aws"}
    groups |= {str(need) for need in needs & {Need.CACHE, Need.LIMITS, Need.STREAMS}}
    groups |= {"database"} if needs & {Need.WRITER, Need.REPLICA} else set()
    assert {_words(one) for one in written["SecurityGroupIds"]} == {
        f"{{dev/network/groups/to-{one}}}" for one in groups
    }
    assert len(groups) <= 5
    assert written["Ipv6AllowedForDualStack"] is True


def test_one_key_of_our_own_that_rotates_keeps_the_variables(template: Template) -> None:
    ((name, key),) = template.of_type("AWS::KMS::Key").items()

    assert key["EnableKeyRotation"] is True
    keys = {row.name: template.deployed(row).get("KmsKeyArn") for row in ROWS}
    ours = {"Fn::GetAtt": [name, "Arn"]}
    assert keys == {row.name: None if row.isolated else ours for row in ROWS}


def test_a_strangers_function_has_the_contract_and_nothing_of_ours(template: Template) -> None:
    strangers = [row for row in ROWS if row.isolated]

    assert strangers
    for row in strangers:
        properties = template.deployed(row)
        assert list(template.layers(row)) == ["Contract"]
        assert not properties.keys() & {"Environment", "KmsKeyArn"}


@every_row
def test_a_function_gets_the_time_and_memory_of_its_row_and_reserves_nothing(
    template: Template, row: Function
) -> None:
    properties = template.deployed(row)

    assert (properties["Runtime"], properties["Architectures"]) == ("python3.13", ["arm64"])
    assert properties["Handler"] == row.handler
    assert properties["MemorySize"] == row.memory_mb
    assert 0 <= properties["Timeout"] - row.timeout_seconds < 1
    # A new account has ten executions at a time; who reserves them leaves none for the others.
    assert "ReservedConcurrentExecutions" not in properties


@pytest.fixture(scope="module")
def routes() -> Template:
    return Template.written_to(ROOT / "cdk.out", "routes")


def test_every_route_of_the_catalogue_is_there_leads_to_its_function_and_no_other_is(
    template: Template, routes: Template
) -> None:
    [published] = (
        one["Value"]
        for one in template.of_type("AWS::SSM::Parameter").values()
        if one["Name"] == "/waddlebot/dev/functions/api"
    )
    assert published == {"Ref": _api(template, "HTTP")}
    written = {}
    for route in routes.of_type("AWS::ApiGatewayV2::Route").values():
        assert _words(route["ApiId"]) == "{dev/functions/api}"
        written[route["RouteKey"]] = routes.led_to(route["RouteKey"])

    assert written == {
        f"{route.method} {route.path}": f"waddlebot-dev-{row.name}"
        for row in ROWS
        for route in gateway_routes(row)
    }
    declared = {door.path for row in ROWS for door in row.doors if isinstance(door, HttpRoute)}
    assert {f"ANY {path}" for path in declared} <= written.keys()


def test_the_front_door_calls_who_has_an_address_and_nobody_else(
    template: Template, routes: Template
) -> None:
    """By a role of its own: no function has a policy that lets somebody in but the sockets', and
    the one that is told of uploads.
    """
    let_in = template.of_type("AWS::Lambda::Permission").values()
    sources = {one["Principal"]: json.dumps(one["SourceArn"]) for one in let_in}
    assert len(let_in) == len(sources) == 2
    assert _api(template, "WEBSOCKET") in sources["apigateway.amazonaws.com"]
    [rule] = template.of_type("AWS::Events::Rule")
    assert rule in sources["events.amazonaws.com"]
    integrations = routes.of_type("AWS::ApiGatewayV2::Integration").values()
    [role] = {one["CredentialsArn"]["Fn::GetAtt"][0] for one in integrations}
    told = routes.resources[role]["Properties"]
    assert told["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
        }
    ]
    [policy] = told["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "lambda:InvokeFunction"
    assert set(map(_words, statement["Resource"])) == {
        f"lambda:function:waddlebot-dev-{row.name}:live" for row in ROWS if gateway_routes(row)
    }


def test_the_front_door_is_throttled_and_its_log_tells_no_address_and_no_path(
    template: Template,
) -> None:
    stages = template.of_type("AWS::ApiGatewayV2::Stage").values()
    assert {one["StageName"] for one in stages} == {"$default", "live"}
    for stage in stages:
        assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
        assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] > 0
        told = set(json.loads(stage["AccessLogSettings"]["Format"]).values())
        assert "$context.status" in told
        hidden = ("path", "identity", "query", "connectionid")
        assert not {field for field in told if any(one in field.lower() for one in hidden)}
        # A log of each step would hold the query of a handshake, and so the token.
        settings = stage["DefaultRouteSettings"]
        assert settings.get("LoggingLevel", "OFF") == "OFF"
        assert not settings.get("DataTraceEnabled")
        assert not stage.get("RouteSettings")


def test_sockets_have_the_routes_of_the_catalogue_and_a_stage_that_may_log(
    template: Template,
) -> None:
    api = {"Ref": _api(template, "WEBSOCKET")}
    integrations = template.of_type("AWS::ApiGatewayV2::Integration")
    permissions = template.of_type("AWS::Lambda::Permission").values()

    written = {}
    for route in template.of_type("AWS::ApiGatewayV2::Route").values():
        if route["ApiId"] == api:
            integration = integrations[_mentioned(route["Target"], integrations)]
            assert integration["IntegrationType"] == "AWS_PROXY"
            alias = _mentioned(
                integration["IntegrationUri"], template.of_type("AWS::Lambda::Alias")
            )
            written[route["RouteKey"]] = template.resources[alias]["Properties"]["FunctionName"]
            assert [one for one in permissions if one["FunctionName"] == {"Ref": alias}]
    assert written == {
        door.key: {"Ref": template.logical_id(row)}
        for row in ROWS
        for door in row.doors
        if isinstance(door, SocketRoute)
    }
    assert written.keys() == {"$connect", "$disconnect", "$default"}
    [(_, answer)] = template.of_type("AWS::ApiGatewayV2::RouteResponse").items()
    assert answer["RouteResponseKey"] == "$default"
    [stage] = (
        name
        for name, one in template.of_type("AWS::ApiGatewayV2::Stage").items()
        if one["ApiId"] == api
    )
    # Without a role to log as, API Gateway takes no WebSocket stage that has a log.
    [account] = template.of_type("AWS::ApiGateway::Account")
    assert account in template.waits_for(stage)


def test_every_schedule_is_there_and_wakes_its_function(template: Template) -> None:
    written = {
        template.resources[one["Target"]["Arn"]["Ref"]]["Properties"]["FunctionName"]["Ref"]: one
        for one in template.of_type("AWS::Scheduler::Schedule").values()
    }

    declared = {
        template.logical_id(row): _rate(door.every_minutes)
        for row in ROWS
        for door in row.doors
        if isinstance(door, Schedule)
    }
    assert {name: one["ScheduleExpression"] for name, one in written.items()} == declared
    [group] = template.of_type("AWS::Scheduler::ScheduleGroup").values()
    assert {one["GroupName"] for one in written.values()} == {group["Name"]}
    [queue] = template.of_type("AWS::SQS::Queue")
    assert [one["Target"]["DeadLetterConfig"] for one in written.values()] == [
        {"Arn": {"Fn::GetAtt": [queue, "Arn"]}} for _ in declared
    ]


def test_what_failed_and_nobody_waited_for_is_kept_for_two_weeks(template: Template) -> None:
    [(name, queue)] = template.of_type("AWS::SQS::Queue").items()
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["SqsManagedSseEnabled"] is True
    kept = {
        one["FunctionName"]["Ref"]: (
            one["Qualifier"],
            one["MaximumRetryAttempts"],
            one["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0],
        )
        for one in template.of_type("AWS::Lambda::EventInvokeConfig").values()
    }
    assert kept == {
        template.logical_id(row): ("live", 0, name)
        for row in ROWS
        if row.handed_over or any(isinstance(door, Schedule) for door in row.doors)
    }


def test_a_deploy_makes_the_tables_before_new_code_and_enters_commands_after_it(
    template: Template,
) -> None:
    triggers = template.of_type("Custom::Trigger")
    steps = sorted((row for row in ROWS if _order(row)), key=_order)
    calls = {
        name: _handler_of(template, trigger["HandlerArn"]["Ref"])
        for name, trigger in triggers.items()
    }
    by_function = {function: name for name, function in calls.items()}
    in_order = [by_function[template.logical_id(row)] for row in steps]
    migrates = template.logical_id(steps[0])
    others = {template.logical_id(row) for row in ROWS} - {migrates}

    first, *later = in_order
    assert all(first in template.waits_for(other) for other in others)
    for number, step in enumerate(later, 1):
        own = {template.logical_id(steps[number])}
        assert template.waits_for(step) >= (others - own) | set(in_order[:number])


def test_every_log_ends(template: Template) -> None:
    groups = template.of_type("AWS::Logs::LogGroup").values()

    assert {group["RetentionInDays"] for group in groups} == {30}


def test_no_path_of_this_machine_is_written(written_texts: dict[str, str]) -> None:
    assert [name for name, text in written_texts.items() if str(ROOT) in text] == []


def _order(row: Function) -> int:
    return next((door.order for door in row.doors if isinstance(door, AtDeploy)), 0)


def _rate(minutes: int) -> str:
    if minutes == 60:
        return "rate(1 hour)"
    return f"rate({minutes} minute{'s' if minutes > 1 else ''})"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _words(value: Any) -> str:
    """Text as CloudFormation would put it together: `{dev/…}` is a parameter's, and of this
    account's names only what is behind the account.
    """
    match value:
        case str():
            return value
        case {"Ref": ref}:
            return _parameters().get(ref, f"{{{ref.removeprefix('AWS::')}}}")
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{{{name}.{attribute}}}"
        case {"Fn::Join": ["", parts]} if parts[0] == "arn:":
            told = ":".join("".join(map(_words, parts)).split(":")[2:])
            service, _, rest = told.partition(":")
            return f"{service}:{rest.split(':', 2)[2]}"
        case {"Fn::Join": [between, parts]}:
            return str(between).join(map(_words, parts))
        case {"Fn::Select": [_, {"Fn::Split": [_, text]}]}:
            return _words(text)
    raise AssertionError(value)


@cache
def _parameters() -> dict[str, str]:
    """Of the functions' stack and of their routes."""
    told = {
        name: one.get("Default", "")
        for stack in ("functions", "routes")
        for path in (ROOT / "cdk.out").glob(f"*-{stack}.template.json")
        for name, one in json.loads(path.read_text())["Parameters"].items()
    }
    return {
        name: f"{{{default.removeprefix('/waddlebot/')}}}"
        for name, default in told.items()
        if default.startswith("/waddlebot/")
    }


def _mentioned(value: Any, names: dict[str, Any]) -> str:
    (name,) = (name for name in names if f'"{name}"' in json.dumps(value))
    return name


def _handler_of(template: Template, version: str) -> str:
    return str(template.of_type("AWS::Lambda::Version")[version]["FunctionName"]["Ref"])


def test_who_works_with_tokens_of_connections_finds_what_opens_and_renews_them(
    template: Template,
) -> None:
    seal = {"WADDLEBOT_SEAL_KEY", "WADDLEBOT_SEAL_KEY_BEFORE"}
    slack = {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}
    twitch = {"TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET"}
    works = {
        "ask-slack": seal | slack,
        "ask-twitch": seal | twitch,
        "identity": seal | slack | twitch,
        "operations": seal,
        "upkeep-erase": seal | slack | twitch,
        # Addresses of overlays are made of a sealed key.
        **dict.fromkeys(("communities", *(row.name for row in ROUTERS)), seal),
    }
    found = {
        function.name: set(template.deployed(function)["Environment"]["Variables"])
        for function in all_functions()
        if "Environment" in template.deployed(function)
    }
    for name, needed in works.items():
        assert needed <= found[name], name
    assert {name for name, known in found.items() if known & seal} == works.keys()
    assert {name for name, known in found.items() if known & (slack | twitch)} == {
        name for name, needed in works.items() if needed & (slack | twitch)
    }
