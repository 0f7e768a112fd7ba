"""`python -m tests.infra.larger_catalogue OUT`: production with a domain and a catalogue that has
grown by 20 functions and 60 routes: functions and routes once a profile, the other stacks of the
largest.

In a process of its own: no test imports the CDK. Nothing is zipped or copied.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk

from functions.catalogue import all_functions
from functions.declaration import Door, Function, HttpRoute, Schedule
from infra.__main__ import ROOT, use_our_node
from infra.app import SWITCHES
from infra.data_stack import DataStack
from infra.functions_stack import FunctionsStack
from infra.gateway_stack import GatewayStack
from infra.layers import build_dependencies_layer
from infra.network_stack import NetworkStack
from infra.profiles import LARGE, PROFILES
from infra.routes_stack import RoutesStack
from waddlebot.runtime.needs import AnyNeed, Need, Outside

STAGE = "production"
MORE_FUNCTIONS, MORE_ROUTES = 20, 60
WITHOUT_COPIES = {"aws:cdk:disable-asset-staging": True}
NEEDS: frozenset[AnyNeed] = frozenset({*Need, Outside()})


def grown_catalogue() -> list[Function]:
    """All of them have addresses, a quarter wakes by the clock, another is called in passing."""
    rows = all_functions()
    like = next(row for row in rows if row.name == "ingress-twitch")
    plain = replace(like, needs=NEEDS, concurrency=10, quick=False)
    return [*rows, *(_row(number, plain) for number in range(MORE_FUNCTIONS))]


def _row(number: int, plain: Function) -> Function:
    each = MORE_ROUTES // MORE_FUNCTIONS
    doors: list[Door] = [
        HttpRoute(method="POST", path=f"/grown/{number}/{{of}}/{route}") for route in range(each)
    ]
    if number % 4 == 0:
        doors.append(Schedule(every_minutes=5))
    return replace(plain, name=f"grown-{number}", doors=tuple(doors), handed_over=number % 4 == 1)


def main(out: Path) -> None:
    layer, rows = build_dependencies_layer(ROOT), grown_catalogue()
    for profile in PROFILES.values():
        app = cdk.App(
            outdir=str(out / profile.name),
            analytics_reporting=False,
            context={**SWITCHES, **WITHOUT_COPIES, "domain": "bot.example.org"},
        )
        FunctionsStack(
            app, stage_name=STAGE, profile=profile, root=ROOT, dependencies=layer, rows=rows
        )
        RoutesStack(app, stage_name=STAGE, rows=rows)
        if profile is LARGE:
            NetworkStack(app, stage_name=STAGE, profile=profile)
            DataStack(app, stage_name=STAGE, profile=profile, root=ROOT)
            GatewayStack(app, stage_name=STAGE, profile=profile, root=ROOT)
        app.synth()


if __name__ == "__main__":
    use_our_node()
    main(Path(sys.argv[1]))
