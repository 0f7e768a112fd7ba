"""The profiles as people read them, and what the functions stack is made of."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from infra.profiles import PROFILES, Profile, ValkeyGroup

MOST_RESOURCES = 500
"""CloudFormation's own limit for a stack."""


def table_of_profiles() -> str:
    """In Markdown, a row for each choice."""
    cells = [("", *PROFILES), ("---",) * (len(PROFILES) + 1)]
    cells += [
        (name, *(cell(profile) for profile in PROFILES.values())) for name, cell in ROWS.items()
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def count_resources(template: Path) -> str:
    """`template` is a functions stack as it was written."""
    resources = json.loads(template.read_text())["Resources"].values()
    kinds = Counter(resource["Type"] for resource in resources)
    functions = kinds["AWS::Lambda::Function"]
    return (
        f"functions stack: {kinds.total()} resources of {MOST_RESOURCES}; "
        f"{functions} functions, {kinds.total() / functions:.1f} resources each with all they "
        "share\n"
    ) + "\n".join(f"  {count:4} {kind}" for kind, count in kinds.most_common())


def _way_out(profile: Profile) -> str:
    if profile.nat_instance:
        return f"one {profile.nat_instance} NAT instance, group of one, fixed interface"
    return "regional NAT gateway"


def _lambda_api(_: Profile) -> str:
    return "egress-only gateway to `lambda.<region>.api.aws`"


def _database(profile: Profile) -> str:
    size = profile.database
    zones = "Multi-AZ" if size.multi_az else "single"
    more = [f"{size.replicas} replica{'s' if size.replicas > 1 else ''}"] if size.replicas else []
    more += ["proxy"] if size.proxy else []
    return ", ".join(
        (
            f"{size.instance} {zones}",
            *more,
            f"{size.storage_gb} GB gp3",
            f"{size.backup_days} days of backups",
        )
    )


def _valkey(profile: Profile) -> str:
    return "; ".join(map(_group, profile.valkey))


def _group(group: ValkeyGroup) -> str:
    databases = ", ".join(f"{need} {database}" for need, database in group.serves.items())
    shape = f"{group.nodes} x {group.node}" if group.nodes > 1 else f"one {group.node}"
    if group.clustered:
        shape = f"cluster mode, {group.shards} shards x {shape}"
    return f"{shape} `{group.policy}`{', durable' if group.durable else ''} ({databases})"


def _gateways(profile: Profile) -> str:
    size = profile.gateways
    each = f"{size.cpu / 1024:g} vCPU, {size.memory_mb / 1024:g} GB"
    if size.most == size.tasks:
        return f"{size.tasks} task, {each}"
    return (
        f"{size.tasks} x {each}, CPU {size.cpu_percent} % or memory {size.memory_percent} %, "
        f"at most {size.most}"
    )


def _edge(profile: Profile) -> str:
    return "its free plan" if profile.free_edge else "pays for what comes"


def _reserved(profile: Profile) -> str:
    if profile.reserved:
        return "per function from its declaration"
    return f"none up to {profile.concurrency} in the account"


ROWS: dict[str, Callable[[Profile], str]] = {
    "zones": lambda profile: str(profile.zones),
    "IPv4 way out": _way_out,
    "Lambda's API": _lambda_api,
    "PostgreSQL 18": _database,
    "Valkey": _valkey,
    "shares of the streams": lambda profile: str(profile.partitions),
    "gateways": _gateways,
    "CloudFront, with a domain": _edge,
    "reserved concurrency": _reserved,
}
