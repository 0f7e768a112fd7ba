"""Writes the templates with packages for this machine.

python -m infra.rehearsal.synth OUT STAGE [DOMAIN]

A process of its own: the CDK's Node ends with it.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

from infra.__main__ import ROOT, use_our_node
from infra.layers import Runtime, build_dependencies_layer

IMAGE = f"registry.example/waddlebot-gateway@sha256:{'0' * 64}"
"""The emulator pulls none: the task's process is started without it."""
PLATFORMS = {
    ("Darwin", "arm64"): "aarch64-apple-darwin",
    ("Darwin", "x86_64"): "x86_64-apple-darwin",
}


def main(out: str, stage: str, domain: str = "") -> int:
    use_our_node()
    os.environ["CDK_CONTEXT_JSON"] = json.dumps(
        {"stage": stage, "profile": "small", "gateway_image": IMAGE, "domain": domain}
    )
    from infra.app import make_app  # importing the CDK starts Node

    make_app(build_dependencies_layer(ROOT, runtime_here()), outdir=Path(out)).synth()
    return 0


def runtime_here() -> Runtime:
    """MiniStack runs each function with its own Python, which is ours."""
    place = (platform.system(), platform.machine())
    return Runtime(
        python=f"{sys.version_info[0]}.{sys.version_info[1]}",
        platform=PLATFORMS.get(place, f"{platform.machine()}-manylinux_2_28"),
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
