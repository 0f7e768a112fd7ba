"""The CDK app: for now the functions; the data plane and the network follow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk

from infra.functions_stack import FunctionsStack
from infra.profiles import profile_named

ROOT = Path(__file__).resolve().parent.parent

# Here and not in cdk.json, which only `cdk` reads: `make synth` must write what is deployed.
SWITCHES = {
    # What runs at deploy runs again when a layer changed: the house's migrations are in one.
    "@aws-cdk/aws-lambda:recognizeLayerVersion": True,
}


def make_app(dependencies: Path, *, outdir: Path | None = None) -> cdk.App:
    app = cdk.App(
        outdir=str(outdir) if outdir else None, analytics_reporting=False, context=SWITCHES
    )
    asked = app.node.try_get_context
    stage, profile = asked("stage") or "dev", profile_named(asked("profile") or "small")
    profile = replace(
        profile,
        concurrency=int(asked("concurrency") or profile.concurrency),
        partitions=int(asked("partitions") or profile.partitions),
    )
    FunctionsStack(app, stage_name=stage, profile=profile, root=ROOT, dependencies=dependencies)
    return app
