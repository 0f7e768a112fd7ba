"""`python -m tests.infra.other_stage OUT`: a house whose name nothing of ours knows."""

from __future__ import annotations

import sys
from pathlib import Path

from infra.__main__ import ROOT, use_our_node
from infra.layers import build_dependencies_layer

if __name__ == "__main__":
    use_our_node()
    from infra.app import make_app  # importing the CDK starts Node

    context = {"aws:cdk:disable-asset-staging": "true", "stage": "ducks2"}
    make_app(build_dependencies_layer(ROOT), outdir=Path(sys.argv[1]), context=context).synth()
