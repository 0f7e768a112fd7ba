"""What `cdk deploy` runs."""

import sys

from infra.__main__ import ROOT, refusals, use_our_node
from infra.layers import build_dependencies_layer

if refused := refusals():
    sys.exit("\n".join(refused))
use_our_node()

from infra.app import SENTENCES, make_app  # noqa: E402 - importing the CDK starts Node, and it must be ours

try:
    make_app(build_dependencies_layer(ROOT)).synth()
except SENTENCES as wrong:
    sys.exit(str(wrong))
