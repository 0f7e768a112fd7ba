"""`python -m tests.infra.edge_stacks OUT`: houses that have a domain, below OUT.

zone   small, its records in Route 53, with data and a few functions of each kind
other  standard, its records elsewhere; one host, and CloudFront shows the second key
files  a bucket of nobody's, and its host

In a process of its own: no test imports the CDK. Nothing is zipped or copied.
"""

from __future__ import annotations

import sys
from pathlib import Path

import aws_cdk as cdk

from functions.catalogue import all_functions
from infra.__main__ import ROOT, use_our_node
from infra.app import SWITCHES, chosen_profile, edge_stacks, finish
from infra.data_stack import DataStack
from infra.edge.domain import chosen_domain
from infra.functions_stack import FunctionsStack
from infra.layers import build_dependencies_layer
from infra.routes_stack import RoutesStack
from tests.infra.edge_names import DOMAIN, ZONE

STAGE = "dev"
FEW = (
    *("description", "ingress-twitch", "overlay", "overlay-push", "overlay-sockets", "roll"),
    "upkeep-sweep",
)
WITHOUT_COPIES = {"aws:cdk:disable-asset-staging": "1"}
ZONED = {"domain": DOMAIN, "hosted_zone": ZONE}
OTHER = {"domain": DOMAIN, "profile": "standard", "one_host": "1", "origin_key": "b"}


def main(out: Path) -> None:
    with_house(_app(out / "zone", ZONED))
    app = _app(out / "other", OTHER)
    finish(app, stacks_before(app), stage_name=STAGE)
    app.synth()


def with_house(app: cdk.App) -> None:
    profile = chosen_profile(app)
    rows = [row for row in all_functions() if row.name in FEW]
    assert len(rows) == len(FEW)
    stacks = [
        DataStack(app, stage_name=STAGE, profile=profile, root=ROOT),
        *stacks_before(app),
        FunctionsStack(
            app,
            stage_name=STAGE,
            profile=profile,
            root=ROOT,
            dependencies=build_dependencies_layer(ROOT),
            rows=rows,
        ),
        RoutesStack(app, stage_name=STAGE, rows=rows),
    ]
    finish(app, stacks, stage_name=STAGE)
    app.synth()


def stacks_before(app: cdk.App) -> list[cdk.Stack]:
    domain = chosen_domain(app)
    assert domain
    profile = chosen_profile(app)
    return list(edge_stacks(app, stage_name=STAGE, profile=profile, domain=domain))


def _app(out: Path, context: dict[str, str]) -> cdk.App:
    told = {**SWITCHES, **WITHOUT_COPIES, **context}
    return cdk.App(outdir=str(out), analytics_reporting=False, context=told)


if __name__ == "__main__":
    use_our_node()
    main(Path(sys.argv[1]))
