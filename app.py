"""What `cdk deploy` runs."""

import sys

from infra.__main__ import ROOT, refusals, use_our_node
from infra.edge.domain import DomainWrong
from infra.layers import build_dependencies_layer
from infra.passwords import LoginUnknown
from infra.profiles import ProfileUnknown
from infra.public_url import PublicUrlWrong

if refused := refusals():
    sys.exit("\n".join(refused))
use_our_node()

from infra.app import make_app  # noqa: E402 - importing the CDK starts Node, and it must be ours

try:
    make_app(build_dependencies_layer(ROOT)).synth()
except (ProfileUnknown, LoginUnknown, PublicUrlWrong, DomainWrong) as wrong:
    sys.exit(str(wrong))
