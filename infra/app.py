"""The CDK app: for now the functions; the data plane and the network follow."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk

from infra.functions_stack import FunctionsStack

ROOT = Path(__file__).resolve().parent.parent


def make_app(dependencies: Path, *, outdir: Path | None = None) -> cdk.App:
    app = cdk.App(outdir=str(outdir) if outdir else None, analytics_reporting=False)
    stage = app.node.try_get_context("stage") or "dev"
    FunctionsStack(app, stage_name=stage, root=ROOT, dependencies=dependencies)
    return app
