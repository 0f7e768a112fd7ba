"""What holds of every resource of every stack in every size, whoever wrote it, the CDK as well."""

from __future__ import annotations

import json
import re

from tests.infra.stacks import ACCOUNT, REGION, Stacks

LONGEST_FUNCTION, MOST_MEMORY_MB = 900, 1024
ZONE = re.compile(r"\b[a-z]{2}-[a-z]+-\d[a-f]\b")
READ_AT_DEPLOY = "AWS::SSM::Parameter::Value<"


def test_every_function_is_for_arm_with_a_time_and_a_memory(stacks: Stacks) -> None:
    functions = list(stacks.of_type("AWS::Lambda::Function"))
    assert functions
    for name, told in functions:
        assert told["Architectures"] == ["arm64"], name
        assert 0 < told["Timeout"] <= LONGEST_FUNCTION, name
        assert 0 < told["MemorySize"] <= MOST_MEMORY_MB, name
    for name, task in stacks.of_type("AWS::ECS::TaskDefinition"):
        assert task["RuntimePlatform"]["CpuArchitecture"] == "ARM64", name
    for _, layer in stacks.of_type("AWS::Lambda::LayerVersion"):
        assert layer["CompatibleArchitectures"] == ["arm64"]


def test_whatever_logs_has_a_group_of_ours_that_ends(stacks: Stacks) -> None:
    """One that Lambda makes by itself keeps everything for ever."""
    groups = {name for name, _ in stacks.of_type("AWS::Logs::LogGroup")}
    for name, told in stacks.of_type("AWS::Lambda::Function"):
        stack = name.partition("/")[0]
        assert f"{stack}/{told['LoggingConfig']['LogGroup']['Ref']}" in groups, name
    for name, group in stacks.of_type("AWS::Logs::LogGroup"):
        assert group["RetentionInDays"] == 30, name


def test_what_holds_something_is_encrypted(stacks: Stacks) -> None:
    for name, queue in stacks.of_type("AWS::SQS::Queue"):
        assert queue["SqsManagedSseEnabled"] is True, name
    for name, database in stacks.of_type("AWS::RDS::DBInstance"):
        is_copy = "SourceDBInstanceIdentifier" in database  # encrypted as its source is
        assert is_copy or database["StorageEncrypted"] is True, name
    for name, valkey in stacks.of_type("AWS::ElastiCache::ReplicationGroup"):
        assert valkey["AtRestEncryptionEnabled"] is valkey["TransitEncryptionEnabled"] is True, name
    for name, machine in stacks.of_type("AWS::EC2::LaunchTemplate"):
        for disk in machine["LaunchTemplateData"]["BlockDeviceMappings"]:
            assert disk["Ebs"]["Encrypted"] is True, name
    for name, key in stacks.of_type("AWS::KMS::Key"):
        assert key["EnableKeyRotation"] is True, name
    kinds = {kind["Type"] for one in stacks.by_name.values() for kind in one.resources.values()}
    assert not kinds & {"AWS::DynamoDB::Table", "AWS::EFS::FileSystem"}
    for name, bucket in stacks.of_type("AWS::S3::Bucket"):
        [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}, name


def test_no_account_no_region_no_zone_and_no_look_up_is_in_a_template(stacks: Stacks) -> None:
    """Synth asks nobody, and what it wrote can be deployed anywhere."""
    manifest = json.loads((stacks.out / "manifest.json").read_text())
    assert not manifest.get("missing")
    where = {one["environment"] for one in manifest["artifacts"].values() if "environment" in one}
    assert where == {"aws://unknown-account/unknown-region"}
    for stack in stacks.by_name:
        text = stacks.text(stack)
        written = json.dumps(text["Resources"])
        for pattern in (ACCOUNT, ZONE, REGION):
            assert pattern.search(written) is None, (stack, pattern.pattern)
        kinds = [one["Type"] for one in text["Parameters"].values()]
        assert [kind for kind in kinds if not kind.startswith(READ_AT_DEPLOY)] == []


def test_a_log_that_outlives_its_stack_is_in_the_way_of_no_other(stacks: Stacks) -> None:
    """Else nothing is deployed again after a destroy, nor after a first deploy that failed."""
    groups = list(stacks.of_type("AWS::Logs::LogGroup"))
    assert groups
    for name, group in groups:
        assert '{"Ref": "AWS::StackId"}' in json.dumps(group["LogGroupName"]), name


def test_stages_stand_side_by_side(stacks: Stacks) -> None:
    """A name that carries no stage is one that a second house in the account trips over."""
    for stack, template in stacks.by_name.items():
        for name, body in template.resources.items():
            told = body.get("Properties", {})
            for field in ("FunctionName", "LogGroupName", "QueueName", "ManagedPolicyName"):
                if isinstance(value := told.get(field), str):
                    assert "dev" in value, f"{stack}/{name}"
