"""The CDK app: the stacks of one stage, in the order in which they are deployed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import aws_cdk as cdk

from functions.catalogue import all_functions
from infra.acknowledged import judge
from infra.boundary import bind_roles
from infra.concurrency import TooFewConnections
from infra.context import ContextWrong, check_context
from infra.data_stack import DataStack
from infra.edge.domain import DomainWrong, EdgeDomain, chosen_domain
from infra.edge.origins_stack import OriginsStack
from infra.edge_stack import EdgeStack
from infra.functions_stack import FunctionsStack
from infra.gateway_stack import GatewayStack, ImageUnknown
from infra.network_stack import NetworkStack
from infra.passwords import LoginUnknown
from infra.profiles import Profile, ProfileUnknown, profile_named
from infra.public_url import PublicUrlWrong
from infra.routes_stack import RoutesStack

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_PROFILE = "small"

# Here and not in cdk.json, which only `cdk` reads: `make synth` must write what is deployed.
SWITCHES = {
    # What runs at deploy runs again when a layer changed: the house's migrations are in one.
    "@aws-cdk/aws-lambda:recognizeLayerVersion": True,
}

SENTENCES = (
    *(ContextWrong, DomainWrong, ImageUnknown, LoginUnknown, ProfileUnknown, PublicUrlWrong),
    TooFewConnections,
)
"""What is told wrongly, in words for whoever deploys."""


def make_app(
    dependencies: Path, *, outdir: Path | None = None, context: Mapping[str, str] | None = None
) -> cdk.App:
    """`context` is what `cdk` would be told with `-c`. Raises what SENTENCES has."""
    app = cdk.App(
        outdir=str(outdir) if outdir else None,
        analytics_reporting=False,
        context={**SWITCHES, **(context or {})},
    )
    check_context(app.node.get_all_context())
    stage = app.node.try_get_context("stage") or "dev"
    profile = chosen_profile(app)
    domain = chosen_domain(app)
    stacks: list[cdk.Stack] = [
        NetworkStack(app, stage_name=stage, profile=profile),
        DataStack(app, stage_name=stage, profile=profile, root=ROOT),
        *(edge_stacks(app, stage_name=stage, profile=profile, domain=domain) if domain else ()),
        FunctionsStack(
            app,
            stage_name=stage,
            profile=profile,
            root=ROOT,
            dependencies=dependencies,
            rows=all_functions(),
        ),
        RoutesStack(app, stage_name=stage, rows=all_functions()),
        GatewayStack(app, stage_name=stage, profile=profile, root=ROOT),
    ]
    finish(app, stacks, stage_name=stage)
    return app


def finish(app: cdk.App, stacks: list[cdk.Stack], *, stage_name: str) -> None:
    """What holds of all of them, in their order."""
    for earlier, stack in pairwise(stacks):
        # The order alone: what one has for another is a parameter (`infra/addresses.py`).
        stack.add_stack_dependency(earlier)
    for stack in stacks:
        bind_roles(stack)
    judge(app, stacks, stage_name=stage_name)


def edge_stacks(
    app: cdk.App, *, stage_name: str, profile: Profile, domain: EdgeDomain
) -> tuple[cdk.Stack, ...]:
    """Before the functions, which shut their old addresses: certificates wait for their records."""
    return (
        OriginsStack(app, stage_name=stage_name, domain=domain),
        EdgeStack(app, stage_name=stage_name, profile=profile, domain=domain),
    )


def chosen_profile(app: cdk.App) -> Profile:
    """`-c profile=…`, with `-c concurrency=…` and `-c partitions=…` where they are told apart."""
    asked = app.node.try_get_context
    profile = profile_named(asked("profile") or DEFAULT_PROFILE)
    return replace(
        profile,
        concurrency=int(asked("concurrency") or profile.concurrency),
        partitions=int(asked("partitions") or profile.partitions),
    )
