"""The gateways' service: what runs, in reach of nobody, with just the rights that it needs."""

from __future__ import annotations

import json
import re
from typing import Any

from gateway_bot.declaration import GATEWAY
from tests.infra.conftest import ROOT
from tests.infra.stacks import Stacks
from waddlebot.runtime.needs import PUBLIC_URL, Secret


def only(stacks: Stacks, kind: str) -> dict[str, Any]:
    (found,) = stacks.by_name["gateway"].of_type(kind).values()
    return found


def container(stacks: Stacks) -> dict[str, Any]:
    (found,) = only(stacks, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    told: dict[str, Any] = found
    return told


def test_it_runs_as_nobody_writes_nowhere_and_has_time_to_end(stacks: Stacks) -> None:
    runs, task = container(stacks), only(stacks, "AWS::ECS::TaskDefinition")

    dockerfile = (ROOT / "gateway_bot" / "Dockerfile").read_text()
    assert f"USER {runs['User']}\n" in dockerfile
    assert runs["ReadonlyRootFilesystem"] is True
    assert runs["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
    assert runs["StopTimeout"] == 120
    assert task["RuntimePlatform"]["CpuArchitecture"] == "ARM64"
    size = stacks.profile.gateways
    assert (task["Cpu"], task["Memory"]) == (str(size.cpu), str(size.memory_mb))


def test_it_is_ended_where_its_loop_does_not_turn_and_not_where_a_server_is_away(
    stacks: Stacks,
) -> None:
    check = container(stacks)["HealthCheck"]
    assert check["Command"][:3] == ["CMD", "python", "-c"]
    [address] = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", check["Command"][3])
    assert address == (str(GATEWAY.health_port), "/alive")
    assert check["Interval"] * check["Retries"] >= 60


def test_a_new_one_begins_before_the_old_one_ends_and_a_bad_one_is_taken_back(
    stacks: Stacks,
) -> None:
    service, size = only(stacks, "AWS::ECS::Service"), stacks.profile.gateways
    deployment = service["DeploymentConfiguration"]
    assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert (deployment["MinimumHealthyPercent"], deployment["MaximumPercent"]) == (100, 200)
    assert service["EnableExecuteCommand"] is False
    scaled = stacks.by_name["gateway"].of_type("AWS::ApplicationAutoScaling::ScalableTarget")
    if size.most == size.tasks:
        assert service["DesiredCount"] == size.tasks
        assert scaled == {}
    else:
        [target] = scaled.values()
        assert (target["MinCapacity"], target["MaxCapacity"]) == (size.tasks, size.most)
        assert "DesiredCount" not in service


def test_it_finds_what_its_row_needs_and_no_secret_stands_there(stacks: Stacks) -> None:
    told = {one["Name"]: json.dumps(one["Value"]) for one in container(stacks)["Environment"]}
    kept = {need.variable for need in GATEWAY.needs if isinstance(need, Secret)} - {PUBLIC_URL}
    assert {name for name, value in told.items() if "secretsmanager:" in value} == kept
    assert all(told[name] == f'"secretsmanager:waddlebot/dev/{name}"' for name in kept)
    urls = {"DATABASE_URL", "VALKEY_CACHE_URL", "VALKEY_LIMITS_URL", "VALKEY_STREAMS_URL"}
    others = {
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "GATEWAY_HEALTH_PORT",
        "WADDLEBOT_FUNCTION_PREFIX",
        PUBLIC_URL,
    }
    assert told.keys() == kept | urls | others | {"WADDLEBOT_STREAM_PARTITIONS"}
    assert all("login=iam" in told[name] for name in urls)


def test_plans_are_kept_where_no_proxy_shares_the_sessions_out(stacks: Stacks) -> None:
    """A session whose plans are kept has a connection of a proxy to itself."""
    found = {json.dumps(one["Value"]) for one in container(stacks)["Environment"]}
    for function in stacks.by_name["functions"].of_type("AWS::Lambda::Function").values():
        variables = function.get("Environment", {}).get("Variables", {})
        found |= {json.dumps(value) for value in variables.values()}
    writers, databases = set(), {one for one in found if "postgresql://" in one}
    assert databases
    for address in databases:
        is_writer = re.search(r"data\W?database\W?writer", address, re.IGNORECASE) is not None
        is_pooled = is_writer and stacks.profile.database.proxy
        is_master = "master" in address
        assert ("prepare=1" in address) is not (is_pooled or is_master), address
        writers.add(is_writer)
    assert True in writers


def test_it_may_call_the_router_alone_and_enter_as_the_app_alone(stacks: Stacks) -> None:
    granted: dict[str, list[str]] = {}
    role = only(stacks, "AWS::ECS::TaskDefinition")["TaskRoleArn"]["Fn::GetAtt"][0]
    (policy,) = stacks.by_name["gateway"].resources[role]["Properties"]["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        listed = statement["Resource"]
        resources = listed if isinstance(listed, list) else [listed]
        granted.setdefault(statement["Action"], []).extend(map(json.dumps, resources))
    assert granted.keys() == {
        *("elasticache:Connect", "lambda:InvokeFunction", "rds-db:connect"),
        "secretsmanager:GetSecretValue",
    }
    [called] = granted["lambda:InvokeFunction"]
    assert ":function:waddlebot-dev-router:live" in called
    [entered] = granted["rds-db:connect"]
    assert "/waddlebot_app" in entered


def test_it_stands_in_public_subnets_with_a_way_out_and_is_in_reach_of_nobody(
    stacks: Stacks,
) -> None:
    network = only(stacks, "AWS::ECS::Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
    asked = stacks.text("gateway")["Parameters"]
    groups = {asked[one["Ref"]]["Default"].rpartition("/")[2] for one in network["SecurityGroups"]}
    assert groups == {"to-cache", "to-database", "to-limits", "to-streams", "to-outside"}
    assert asked[network["Subnets"]["Ref"]]["Default"] == "/waddlebot/dev/network/public-subnets"
    assert network["AssignPublicIp"] == "ENABLED"


def test_the_image_is_ours_for_arm_and_nothing_was_built(stacks: Stacks) -> None:
    assets = json.loads(next(stacks.out.glob("*-gateway.assets.json")).read_text())
    [image] = assets["dockerImages"].values()
    assert image["source"]["platform"] == "linux/arm64"
    folder = stacks.out / image["source"]["directory"]
    assert (folder / image["source"]["dockerFile"]).is_file()
    assert (folder / "requirements" / "gateway.txt").is_file()
