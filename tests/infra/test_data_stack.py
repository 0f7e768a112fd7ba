"""What holds data: encrypted, out of reach, without passwords of ours, and not to be lost."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

from functions.database_users import all_users
from infra.addresses import Addresses
from infra.profiles import PROFILES
from tests.infra.reachability import Reachability
from tests.infra.stacks import Stacks
from tests.infra.template import Properties
from waddlebot.domain.stages import moves_streams
from waddlebot.runtime.needs import Need

ADDRESSES = Addresses(stage="dev")
IDS = Path(__file__).with_name("data_stack_ids.json")
HOLDING = {
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::KMS::Key",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
}
"""What is lost when CloudFormation makes it anew, which it does for another logical id."""
STREAMS_ID = "ValkeyStreams8F1D1B7C"
MADE_ANEW = {
    *("AtRestEncryptionEnabled", "CacheSubnetGroupName", "DataTieringEnabled", "KmsKeyId"),
    *("GlobalReplicationGroupId", "NetworkType", "Port", "PreferredCacheClusterAZs"),
    *("ReplicationGroupId", "SnapshotArns", "SnapshotName"),
}
"""Of a replication group, `createOnlyProperties` of AWS's schema. ReplicasPerNodeGroup was one
of them until the summer of 2026 (aws-cloudformation/cloudformation-coverage-roadmap 918)."""
PASSWORDS = ("MasterUserPassword", "AuthToken", "Passwords", "NoPasswordRequired")


def holding(stacks: Stacks) -> dict[str, str]:
    resources = stacks.data.resources.items()
    return {name: body["Type"] for name, body in resources if body["Type"] in HOLDING}


def databases(stacks: Stacks) -> dict[str, Properties]:
    return stacks.data.of_type("AWS::RDS::DBInstance")


def groups(stacks: Stacks) -> dict[str, Properties]:
    return stacks.data.of_type("AWS::ElastiCache::ReplicationGroup")


def test_nothing_that_holds_data_changed_its_logical_id(stacks: Stacks) -> None:
    known = json.loads(IDS.read_text())[stacks.profile.name]
    assert known == holding(stacks), (
        "A logical id that changes replaces what it names, with all that is in it. If that is "
        f"meant, or something came to it, write it into {IDS.name}."
    )


def test_a_larger_profile_keeps_the_database(all_stacks: dict[str, Stacks]) -> None:
    kept = [
        {name for name, told in databases(one).items() if "SourceDBInstanceIdentifier" not in told}
        for one in all_stacks.values()
    ]
    assert kept == [kept[0]] * len(PROFILES)
    assert len(kept[0]) == 1


def test_what_waits_in_the_streams_stays_where_it_is_from_small_to_standard(
    all_stacks: dict[str, Stacks],
) -> None:
    """One server that grows: the same resource, the same group of the network, the same database,
    and of what changes nothing that would have it made anew."""
    small, standard = all_stacks["small"], all_stacks["standard"]
    [(name, before)], after = groups(small).items(), groups(standard)[STREAMS_ID]
    assert name == STREAMS_ID
    assert before["ReplicationGroupId"] == after["ReplicationGroupId"] == "waddlebot-dev-streams"
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert changed == {
        *("AutomaticFailoverEnabled", "CacheNodeType", "MultiAZEnabled", "ReplicasPerNodeGroup"),
    }
    assert not changed & MADE_ANEW
    at = {one.profile.valkey_of(Need.STREAMS).serves[Need.STREAMS] for one in (small, standard)}
    ways = {
        json.dumps(one.network.resources[Reachability.of(one).groups["to-streams"]])
        for one in (small, standard)
    }
    assert (len(at), len(ways)) == (1, 1)


def test_a_size_whose_streams_are_elsewhere_is_known_to_whoever_deploys(
    all_stacks: dict[str, Stacks],
) -> None:
    """By its own name, else CloudFormation would change the one that is there, and cannot."""
    for one, other in product(PROFILES, PROFILES):
        there = [all_stacks[name].profile.valkey_of(Need.STREAMS).name for name in (one, other)]
        assert moves_streams(one, other) == (there[0] != there[1]), (one, other)


def test_what_holds_data_is_kept_when_the_stack_goes(stacks: Stacks) -> None:
    for name, kind in holding(stacks).items():
        body = stacks.data.resources[name]
        policies = {body["DeletionPolicy"], body["UpdateReplacePolicy"]}
        if may_be_lost(body):
            assert policies == {"Delete"}
        elif kind == "AWS::ElastiCache::ReplicationGroup":
            assert policies == {"Snapshot"}
        elif kind == "AWS::SecretsManager::Secret":
            # Empty where the stack never came up: its name is free for the next try.
            assert policies == {"RetainExceptOnCreate", "Retain"}
        else:
            assert policies == {"Retain"}


def may_be_lost(body: Properties) -> bool:
    """A copy of the writer, and what counts and remembers for minutes."""
    told = body["Properties"]
    name = str(told.get("ReplicationGroupId", ""))
    return "SourceDBInstanceIdentifier" in told or name.endswith(("-cache", "-limits"))


def test_the_stack_itself_is_protected(stacks: Stacks) -> None:
    manifest = json.loads((stacks.out / "manifest.json").read_text())["artifacts"]
    protected = {
        name: told["properties"].get("terminationProtection", False)
        for name, told in manifest.items()
        if told["type"] == "aws:cloudformation:stack"
    }
    assert {name for name, is_protected in protected.items() if is_protected} == {
        "waddlebot-dev-data"
    }


def test_the_database_is_encrypted_private_and_entered_by_iam(stacks: Stacks) -> None:
    for told in databases(stacks).values():
        assert told["PubliclyAccessible"] is False
        assert told["EnableIAMDatabaseAuthentication"] is True
        assert told["DeletionProtection"] is True
        assert told["VPCSecurityGroups"]
    (writer,) = (one for one in databases(stacks).values() if "KmsKeyId" in one)
    assert writer["StorageEncrypted"] is True
    (parameters,) = stacks.data.of_type("AWS::RDS::DBParameterGroup").values()
    assert parameters["Parameters"]["rds.force_ssl"] == "1"


def test_the_database_is_as_large_as_the_profile_says(stacks: Stacks) -> None:
    size = stacks.profile.database
    (writer,) = (one for one in databases(stacks).values() if "MasterUsername" in one)
    assert writer["DBInstanceClass"] == f"db.{size.instance}"
    assert writer["MultiAZ"] is size.multi_az
    assert writer["BackupRetentionPeriod"] == size.backup_days
    assert writer["EngineVersion"].partition(".")[0] == "18"
    # Extended Support is paid for by the hour, and begins by itself.
    assert writer["EngineLifecycleSupport"] == "open-source-rds-extended-support-disabled"
    assert len(databases(stacks)) == 1 + size.replicas
    assert len(stacks.data.of_type("AWS::RDS::DBProxy")) == size.proxy


def test_nobody_of_ours_has_a_password(stacks: Stacks) -> None:
    """RDS keeps the master's; whoever else comes shows a token."""
    (writer,) = (one for one in databases(stacks).values() if "MasterUsername" in one)
    assert writer["ManageMasterUserPassword"] is True
    text = json.dumps(stacks.text("data"))
    assert [name for name in PASSWORDS if f'"{name}"' in text] == []
    (user,) = stacks.data.of_type("AWS::ElastiCache::User").values()
    assert user["AuthenticationMode"] == {"Type": "iam"}
    assert user["UserId"] == user["UserName"] == "waddlebot-dev-app"


def test_the_proxy_enters_as_whoever_came(stacks: Stacks) -> None:
    proxies = list(stacks.data.of_type("AWS::RDS::DBProxy").values())
    for proxy in proxies:
        assert (proxy["DefaultAuthScheme"], proxy["RequireTLS"]) == ("IAM_AUTH", True)
        assert "Auth" not in proxy
    allowed = [
        resource["Fn::Join"][1][-1].strip("/")
        for _, statement in stacks.statements()
        if statement["Action"] == "rds-db:connect" and statement["Resource"]
        for resource in statement["Resource"]
        if "ProxyRole" in _
    ]
    assert sorted(allowed) == sorted(all_users() if proxies else ())


def test_valkey_is_encrypted_on_disk_and_on_the_way(stacks: Stacks) -> None:
    assert len(groups(stacks)) == len(stacks.profile.valkey)
    for told in groups(stacks).values():
        assert told["AtRestEncryptionEnabled"] is told["TransitEncryptionEnabled"] is True
        assert told["TransitEncryptionMode"] == "required"
        assert told["KmsKeyId"]
        assert told["UserGroupIds"]
        assert told["Engine"] == "valkey"


def test_a_valkey_evicts_as_what_it_serves_wants_it(stacks: Stacks) -> None:
    parameters = stacks.data.of_type("AWS::ElastiCache::ParameterGroup")
    policies = {}
    for told in groups(stacks).values():
        group = parameters[told["CacheParameterGroupName"]["Ref"]]["Properties"]
        policies[told["ReplicationGroupId"]] = group["maxmemory-policy"]
    three = {
        "waddlebot-dev-cache": "allkeys-lru",
        "waddlebot-dev-limits": "volatile-ttl",
        "waddlebot-dev-streams": "noeviction",
    }
    one = {"waddlebot-dev-streams": "noeviction"}
    shards = {**three, "waddlebot-dev-shards": three["waddlebot-dev-streams"]}
    del shards["waddlebot-dev-streams"]
    assert policies == {"small": one, "standard": three, "large": shards}[stacks.profile.name]


def test_streams_outlive_a_node_from_standard_on(all_stacks: dict[str, Stacks]) -> None:
    told = {name: groups(stacks) for name, stacks in all_stacks.items()}
    assert {one["AutomaticFailoverEnabled"] for one in told["small"].values()} == {False}
    for name in ("standard", "large"):
        assert {one["ReplicasPerNodeGroup"] for one in told[name].values()} == {1}
        assert {one["MultiAZEnabled"] for one in told[name].values()} == {True}
    shards = {one["ReplicationGroupId"]: one["NumNodeGroups"] for one in told["large"].values()}
    assert shards["waddlebot-dev-shards"] == 2
    assert shards["waddlebot-dev-cache"] == shards["waddlebot-dev-limits"] == 1
    durable = [one for one in told["large"].values() if one.get("Durability") == "sync"]
    assert [one["ReplicationGroupId"] for one in durable] == ["waddlebot-dev-shards"]


def test_each_node_that_evicts_nothing_tells_before_it_is_full(stacks: Stacks) -> None:
    alarms = stacks.data.of_type("AWS::CloudWatch::Alarm").values()
    watched = {one["Dimensions"][0]["Value"] for one in alarms}
    group = stacks.profile.valkey_of(Need.STREAMS)
    assert len(watched) == len(alarms) == group.nodes * group.shards
    assert {one["Threshold"] for one in alarms} == {70}
    assert all(one.startswith(f"waddlebot-dev-{group.name}-") for one in watched)


def test_every_address_that_a_stack_reads_an_earlier_one_has_written(stacks: Stacks) -> None:
    order = list(stacks.by_name)
    published = stacks.published()
    asked = list(stacks.asked())
    assert asked
    for stack, address in asked:
        writer, _ = published[address]
        assert order.index(writer) < order.index(stack), address


def test_every_address_of_data_is_written(stacks: Stacks) -> None:
    profile, published = stacks.profile, stacks.published()
    for address in (
        ADDRESSES.key,
        ADDRESSES.database,
        ADDRESSES.database_resource,
        ADDRESSES.database_direct,
        ADDRESSES.database_direct_resource,
        ADDRESSES.master_secret,
        ADDRESSES.replica(profile, "router"),
        ADDRESSES.replica_resource(profile, "router"),
        *map(ADDRESSES.valkey_host, (Need.CACHE, Need.LIMITS, Need.STREAMS)),
        *map(ADDRESSES.valkey_name, (Need.CACHE, Need.LIMITS, Need.STREAMS)),
    ):
        assert published[address][0] == "data"


def test_all_replicas_are_read_from(all_stacks: dict[str, Stacks]) -> None:
    names = ["router", "router-api", "communities", "identity", "operations", "memories"]
    for stacks in all_stacks.values():
        used = {ADDRESSES.replica(stacks.profile, name) for name in names}
        assert len(used) == max(1, stacks.profile.database.replicas)


def test_no_stack_refers_to_another(stacks: Stacks) -> None:
    """What an export is used by can never be deployed apart from it."""
    for name in stacks.by_name:
        text = stacks.text(name)
        assert "Fn::ImportValue" not in json.dumps(text)
        assert not [one for one in text.get("Outputs", {}).values() if "Export" in one]
