"""Starts MiniStack with stand-ins for the types of CloudFormation that it lacks.

Runs in .rehearsal/, whose packages are not the house's: nothing of ours can be imported here.
A stand-in keeps the graph honest (Ref, GetAtt and DependsOn resolve, update and delete are
called) and creates nothing. Servers that run on this machine are named by REHEARSAL_SERVERS, JSON:
{"AWS::RDS::DBInstance": {"host": …, "port": …, "secret": …}, …}; REHEARSAL_KEYS_OF has the
variables with which a function finds its own keys, by its name.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import sys
import threading
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Attributes = dict[str, Any]
Handlers = dict[str, Callable[..., Any]]
HANDLERS = "_RESOURCE_HANDLERS"
"""MiniStack's own name for them, as of the version that is pinned."""
PARAMETERS = "_PUBLIC_AMI_PARAMETERS"
SECRETS = "_secrets"
CREDENTIALS = "execution_credentials"
CONDITIONS, DECIDING = "_evaluate_conditions", ("changesets", "engine", "handlers", "stacks")
POOLS, POOLS_LOCK = "_workers", "_lock"
MOST_IDLE = 4
"""Processes that wait for the next call; each holds some 65 MB."""
OF_AWS = {
    "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64": "ami-0123456789abcdef0",
}
"""Parameters that AWS writes in every account, and MiniStack not in its own."""
SOCKETS_AT = re.compile(r"^https://(\w+)\.execute-api\.[\w-]+\.amazonaws\.com/")
API = "AWS::ApiGatewayV2::Api"
FUNCTION = "AWS::Lambda::Function"
DATABASE, SECRET = "AWS::RDS::DBInstance", "AWS::SecretsManager::Secret"
REGION = "us-east-1"
ARN = f"arn:aws:{{service}}:{REGION}:123456789012:{{rest}}"

ATTRIBUTES: dict[str, Callable[[str], Attributes]] = {
    "AWS::ApiGatewayV2::RouteResponse": lambda name: {"RouteResponseId": name},
    "AWS::ApplicationAutoScaling::ScalableTarget": lambda name: {"Id": name},
    "AWS::ApplicationAutoScaling::ScalingPolicy": lambda name: {
        "Arn": ARN.format(service="autoscaling", rest=f"scalingPolicy:{name}")
    },
    "AWS::Budgets::Budget": lambda _: {},
    "AWS::CloudTrail::Trail": lambda name: {
        "Arn": ARN.format(service="cloudtrail", rest=f"trail/{name}")
    },
    "AWS::CloudWatch::CompositeAlarm": lambda name: {
        "Arn": ARN.format(service="cloudwatch", rest=f"alarm:{name}")
    },
    "AWS::EC2::EIP": lambda name: {"AllocationId": name, "PublicIp": "203.0.113.7"},
    "AWS::EC2::EIPAssociation": lambda name: {"Id": name},
    "AWS::EC2::EgressOnlyInternetGateway": lambda name: {"Id": name},
    "AWS::EC2::FlowLog": lambda name: {"Id": name},
    "AWS::EC2::Instance": lambda name: {"InstanceId": name, "PrivateIp": "10.0.0.4"},
    "AWS::EC2::NatGateway": lambda name: {"NatGatewayId": name},
    "AWS::EC2::NetworkInterface": lambda name: {
        "Id": name,
        "PrimaryPrivateIpAddress": "10.0.0.4",
    },
    "AWS::EC2::NetworkInterfaceAttachment": lambda name: {"AttachmentId": name},
    "AWS::EC2::SecurityGroupEgress": lambda name: {"Id": name},
    "AWS::EC2::SecurityGroupIngress": lambda name: {"Id": name},
    "AWS::EC2::SubnetCidrBlock": lambda name: {"Id": name},
    "AWS::EC2::VPCCidrBlock": lambda name: {"Id": name},
    "AWS::Logs::QueryDefinition": lambda name: {"QueryDefinitionId": name},
    "AWS::PricingPlanManager::Subscription": lambda name: {"Arn": name},
    "AWS::RDS::DBProxy": lambda name: {
        "Endpoint": f"{name}.proxy.rds.amazonaws.com",
        "DBProxyArn": ARN.format(service="rds", rest=f"db-proxy:{name}"),
        "VpcId": "vpc-rehearsal",
    },
    "AWS::RDS::DBProxyTargetGroup": lambda name: {
        "TargetGroupArn": ARN.format(service="rds", rest=f"target-group:{name}")
    },
    "AWS::SecretsManager::ResourcePolicy": lambda name: {"Id": name},
    "AWS::SecretsManager::RotationSchedule": lambda name: {"Id": name},
}
"""What GetAtt answers, by the physical name, for each type that MiniStack 1.5.33 does not know."""


FORGOTTEN: dict[str, Attributes] = {
    "AWS::EC2::VPC": {"CidrBlock": "10.0.0.0/16", "Ipv6CidrBlocks": ["2001:db8::/56"]},
}
"""Attributes of types that MiniStack knows, and that it does not answer."""


def stand_in(kind: str) -> Handlers:
    def create(_logical_id: str, *_: object) -> tuple[str, Attributes]:
        name = f"{kind.rpartition('::')[2].lower()}-{uuid.uuid4().hex[:10]}"
        return name, ATTRIBUTES[kind](name)

    def update(physical_id: str, *_: object, **__: object) -> tuple[str, Attributes]:
        return physical_id, ATTRIBUTES[kind](physical_id)

    def delete(*_: object) -> None:
        return None

    return {"create": create, "update": update, "delete": delete}


def empty_where_nothing_is_told(keeper: Handlers, secrets: Any) -> Handlers:
    """A secret without a value has no version on AWS; MiniStack makes an empty one."""

    def create(logical_id: str, props: dict[str, Any], *rest: object) -> tuple[str, Attributes]:
        name, attributes = keeper["create"](logical_id, props, *rest)
        if not props.keys() & {"SecretString", "GenerateSecretString"}:
            secrets[name]["Versions"].clear()
        return name, attributes

    return {**keeper, "create": create}


def with_master(handler: Handlers, keeper: Handlers, server: dict[str, str]) -> Handlers:
    """As RDS, which makes a secret for the master beside the database."""
    known: dict[str, Attributes] = {}

    def create(logical_id: str, props: Any, stack: str, *rest: object) -> tuple[str, Attributes]:
        name, attributes = handler["create"](logical_id, props, stack, *rest)
        secret = {"Name": f"rds!{server['id']}", "SecretString": server["secret"]}
        _, kept = keeper["create"](f"{logical_id}Master", secret, stack)
        known[name] = {"MasterUserSecret.SecretArn": kept["Arn"]}
        return name, {**attributes, **known[name]}

    def update(name: str, *rest: Any, **more: Any) -> tuple[str, Attributes]:
        physical_id, attributes = handler["update"](name, *rest, **more)
        return physical_id, {**attributes, **known[name]}

    return {**handler, "create": create, "update": update}


def steered(handler: Handlers, own: Attributes) -> Handlers:
    """As before, with other attributes: those of a server of this machine."""

    def where_it_is(verb: Callable[..., Any]) -> Callable[..., Any]:
        def steered_verb(*arguments: Any, **more: Any) -> tuple[str, Attributes]:
            physical_id, attributes = verb(*arguments, **more)
            return physical_id, {**attributes, **own}

        return steered_verb

    verbs: Handlers = {
        name: where_it_is(handler[name]) for name in ("create", "update") if name in handler
    }
    return {**handler, **verbs}


def writing_here(handler: Handlers, emulator: str) -> Handlers:
    """A function that writes to sockets by the address of an API finds MiniStack's for it."""

    def steered_props(props: dict[str, Any]) -> dict[str, Any]:
        told = props.get("Environment", {}).get("Variables", {})
        here = rf"{emulator}/_aws/execute-api/\1/"
        variables = {name: SOCKETS_AT.sub(here, value) for name, value in told.items()}
        return {**props, "Environment": {"Variables": variables}} if told else props

    def create(name: str, props: dict[str, Any], *rest: Any) -> tuple[str, Attributes]:
        made: tuple[str, Attributes] = handler["create"](name, steered_props(props), *rest)
        return made

    def update(
        name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any
    ) -> tuple[str, Attributes]:
        made: tuple[str, Attributes] = handler["update"](
            name, steered_props(old), steered_props(new), *rest, **more
        )
        return made

    return {**handler, "create": create, "update": update}


def opened_by_sockets(handler: Handlers) -> Handlers:
    """As on AWS, where such an API's address is one for sockets: `ws` here, as there is no TLS."""

    def as_told(props: dict[str, Any], made: tuple[str, Attributes]) -> tuple[str, Attributes]:
        name, told = made
        if props.get("ProtocolType") != "WEBSOCKET":
            return made
        return name, {**told, "ApiEndpoint": told["ApiEndpoint"].replace("http:", "ws:", 1)}

    def create(name: str, props: dict[str, Any], *rest: Any) -> tuple[str, Attributes]:
        return as_told(props, handler["create"](name, props, *rest))

    def update(
        name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any
    ) -> tuple[str, Attributes]:
        return as_told(new, handler["update"](name, old, new, *rest, **more))

    return {**handler, "create": create, "update": update}


def add_to(handlers: dict[str, Handlers]) -> list[str]:
    """The types that stand-ins were added for; what MiniStack has learnt meanwhile is its own."""
    added = sorted(ATTRIBUTES.keys() - handlers.keys())
    handlers.update({kind: stand_in(kind) for kind in added})
    return added


def unpack_layers_once(folder: Path) -> None:
    """Each function's worker unpacks its layers anew, 60 MB of them: here they are kept and linked.

    What Python compiles is shared as well, so that a cold start costs a second and not four.
    """
    plain, one_at_a_time = zipfile.ZipFile.extractall, threading.Lock()

    def extract(archive: zipfile.ZipFile, path: str, *rest: Any, **more: Any) -> None:
        file = Path(archive.filename or "")
        if not file.name.startswith("layer_"):
            return plain(archive, path, *rest, **more)
        kept = folder / hashlib.sha256(file.read_bytes()).hexdigest()
        with one_at_a_time:
            if not kept.exists():
                plain(archive, str(kept))
        for inside in kept.iterdir():
            (Path(path) / inside.name).symlink_to(inside)
        return None

    zipfile.ZipFile.extractall = extract  # type: ignore[method-assign, assignment]


def give_keys(modules: list[Any], keys: dict[str, dict[str, str]]) -> None:
    """Each function those of its own role; MiniStack gives all the account's."""
    for module in modules:
        plain = getattr(module, CREDENTIALS)

        def own(config: dict[str, Any], plain: Callable[..., Any] = plain) -> Any:
            return keys.get(config.get("FunctionName", "")) or plain(config)

        setattr(module, CREDENTIALS, own)


def end_what_is_old(runtime: Any, callers: list[Any]) -> None:
    """Processes of a function's older version end, and those that were idle longest.

    MiniStack keeps the first of each version for good, as no Lambda does.
    """
    plain, pools = runtime.acquire_worker, getattr(runtime, POOLS)

    def acquire(name: str, *rest: Any, **more: Any) -> Any:
        worker, how = plain(name, *rest, **more)
        if how == "spawn":
            with getattr(runtime, POOLS_LOCK):
                old = [one for one in _of(pools, name) if not one.in_use and one is not worker]
                old += _idlest([one for pool in pools.values() for one in pool if one not in old])
                for pool in pools.values():
                    pool[:] = [one for one in pool if one not in old]
            runtime.kill_workers(old)
        return worker, how

    for module in (runtime, *callers):
        module.acquire_worker = acquire


def _of(pools: dict[str, list[Any]], name: str) -> list[Any]:
    """All processes of a function, whichever its version; keys end with its name and that."""
    return [one for key, pool in pools.items() if key.split(":")[-2] == name for one in pool]


def _idlest(workers: list[Any]) -> list[Any]:
    """All idle ones but the `MOST_IDLE` that worked last."""
    idle = sorted((one for one in workers if not one.in_use), key=lambda one: one.last_used)
    return idle[: max(0, len(idle) - MOST_IDLE)]


def main() -> int:
    unpack_layers_once(Path(os.environ["TMPDIR"]) / "layers")
    provisioners = importlib.import_module("ministack.services.cloudformation.provisioners")
    handlers = getattr(provisioners, HANDLERS)
    add_to(handlers)
    complete(handlers)
    formation = "ministack.services.cloudformation"
    know_the_region([importlib.import_module(f"{formation}.{name}") for name in DECIDING])
    secrets = importlib.import_module("ministack.services.secretsmanager")
    handlers[SECRET] = empty_where_nothing_is_told(handlers[SECRET], getattr(secrets, SECRETS))
    steer(handlers, json.loads(os.environ.get("REHEARSAL_SERVERS", "{}")))
    emulator = f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}"
    handlers[API] = opened_by_sockets(handlers[API])
    handlers[FUNCTION] = writing_here(handlers[FUNCTION], emulator)
    parameters = importlib.import_module("ministack.services.ssm")
    getattr(parameters, PARAMETERS).update(OF_AWS)
    lambdas = ("ministack.core.lambda_runtime", "ministack.services.lambda_svc")
    keys = json.loads(os.environ.pop("REHEARSAL_KEYS_OF", "{}"))
    runtime, service = map(importlib.import_module, lambdas)
    give_keys([runtime, service], keys)
    end_what_is_old(runtime, [service])
    sys.argv = sys.argv[:1]
    importlib.import_module("ministack.app").main()
    return 0


def know_the_region(modules: list[Any]) -> None:
    """A condition may ask where it is; MiniStack takes the name of that for its value."""
    for module in modules:
        plain = getattr(module, CONDITIONS)

        def evaluate(template: Any, params: Any, plain: Callable[..., Any] = plain) -> Any:
            return plain(template, {**params, "AWS::Region": {"Value": REGION}})

        setattr(module, CONDITIONS, evaluate)


def complete(handlers: dict[str, Handlers]) -> None:
    for kind, attributes in FORGOTTEN.items():
        handlers[kind] = steered(handlers[kind], attributes)


def steer(handlers: dict[str, Handlers], servers: dict[str, dict[str, str]]) -> None:
    answers = {
        DATABASE: database_attributes,
        "AWS::ElastiCache::ReplicationGroup": group_attributes,
    }
    for kind, server in servers.items():
        handlers[kind] = steered(handlers[kind], answers[kind](server))
    if server := servers.get(DATABASE, {}):
        handlers[DATABASE] = with_master(handlers[DATABASE], handlers[SECRET], server)


def database_attributes(server: dict[str, str]) -> Attributes:
    return {
        "Endpoint.Address": server["host"],
        "Endpoint.Port": server["port"],
        "DbiResourceId": server["id"],
    }


def group_attributes(server: dict[str, str]) -> Attributes:
    ends = ("PrimaryEndPoint", "ReaderEndPoint", "ConfigurationEndPoint")
    hosts = {f"{end}.Address": server["host"] for end in ends}
    return {**hosts, **{f"{end}.Port": server["port"] for end in ends}}


if __name__ == "__main__":
    sys.exit(main())
