"""The one table of everything deployed; infra/, local/, the contract tests and docs read it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from typing import Any

from functions.asking_functions import ASKING
from functions.community_functions import RefusedFolder, find_community_functions
from functions.declaration import AtDeploy, Function, HttpRoute, Schedule
from functions.house_modules import load_house_modules
from functions.media_functions import MEDIA
from functions.modules import HOUSE
from functions.overlay_functions import OVERLAY, SHOWS
from functions.restore_function import RESTORE
from waddlebot.domain.deliveries import MOST_SECONDS
from waddlebot.domain.module_names import OUR_NAMES
from waddlebot.platforms.signing_in import sign_in_variables
from waddlebot.runtime.needs import (
    PUBLIC_URL,
    SEALED,
    SIGNING_KEY,
    AnyNeed,
    Invoke,
    Master,
    MediaAddress,
    MediaFiles,
    Need,
    Outside,
    Secret,
)
from waddlebot.runtime.needs_of_connections import ENDS_CONNECTIONS
from waddlebot_sdk.module import Module

WEBHOOK_SECRETS = {
    "discord": "DISCORD_PUBLIC_KEY",
    "slack": "SLACK_SIGNING_SECRET",
    "twitch": "TWITCH_EVENTSUB_SECRET",
}
ROUTER_FOLDERS = ("functions/router", "functions/builtins")
SLOW_DOORS = ("router-slow", "router-asking")
ROUTER_NEEDS: frozenset[AnyNeed] = frozenset(
    {*Need, Secret(variable=SIGNING_KEY), Secret(variable=PUBLIC_URL), *SEALED, SHOWS}
)


def house_modules() -> tuple[Module[Any], ...]:
    """Our own that run as functions. Raises HouseModuleWrong."""
    return load_house_modules()


def community_functions(
    in_force: Iterable[Module[Any]] = (),
) -> tuple[Module[Any] | RefusedFolder, ...]:
    """Strangers', each as it declares itself, or why it is not taken: no code of theirs is run.

    Those that are `in_force` keep their words.
    """
    return tuple(find_community_functions(taken_names(), in_force=in_force))


def lambda_modules() -> tuple[Module[Any], ...]:
    """All that run as functions of their own, by name."""
    theirs = [one for one in community_functions() if isinstance(one, Module)]
    return tuple(sorted((*house_modules(), *theirs), key=lambda module: module.name))


def refused_folders() -> tuple[RefusedFolder, ...]:
    return tuple(one for one in community_functions() if isinstance(one, RefusedFolder))


def modules_that_keep() -> frozenset[Invoke]:
    """They tell and forget what they keep about people."""
    return frozenset(Invoke(function=module.name) for module in house_modules())


def ingress(platform: str) -> Function:
    return Function(
        name=f"ingress-{platform}",
        handler=f"functions.ingress.{platform}_handler.handler",
        folders=("functions/ingress",),
        doors=(HttpRoute(method="POST", path=f"/webhooks/{platform}"),),
        needs=frozenset(
            {Need.STREAMS, Invoke(function="router"), Secret(variable=WEBHOOK_SECRETS[platform])}
        ),
        timeout_seconds=5,
        quick=True,
    )


def router_functions() -> tuple[Function, ...]:
    """Our own callers, the API, what takes long, and apart from it what waits for strangers."""
    called = (*(module.name for module in lambda_modules()), *(one.name for one in ASKING), "fetch")
    may_call = frozenset(Invoke(function=name) for name in called)
    outside, slow = Invoke(function="outside"), {Invoke(function=name) for name in SLOW_DOORS}
    return (
        Function(
            name="router",
            handler="functions.router.stream_handler.handler",
            folders=ROUTER_FOLDERS,
            needs=ROUTER_NEEDS | may_call | slow,
            timeout_seconds=12,
            memory_mb=1024,
            quick=True,
        ),
        Function(
            name="router-api",
            handler="functions.router.http_handler.handler",
            folders=ROUTER_FOLDERS,
            doors=(
                HttpRoute(method="POST", path="/api/router/process"),
                HttpRoute(method="POST", path="/api/router/batch"),
            ),
            needs=ROUTER_NEEDS | may_call | {outside},
            timeout_seconds=29,
            memory_mb=1024,
            quick=True,
        ),
        *(
            Function(
                name=name,
                handler="functions.router.slow_handler.handler",
                folders=ROUTER_FOLDERS,
                needs=ROUTER_NEEDS | may_call | {outside},
                timeout_seconds=60,
                memory_mb=1024,
                handed_over=True,
            )
            for name in SLOW_DOORS
        ),
    )


ASKED_FOR = (
    *("events/{event_id}", "streams", "claims", "dead-letters", "dead-letters/{id}"),
    *("calls-in-doubt", "refused-wishes", "keys", "changes", "tables/{table}"),
)
DECIDED = (
    *("dead-letters/replay", "dead-letters/drop", "calls-in-doubt/settle", "rules/undo"),
    "claims/prefer",
    *("keys", "keys/rotate", "keys/revoke", "keys/rotate-seal", "people/export", "people/erase"),
)
"""What operators find and do under /api/operations/."""

OPERATIONS = (
    Function(
        name="operations",
        handler="functions.operations.handler.handler",
        folders=("functions/operations",),
        doors=(
            HttpRoute(method="GET", path="/health"),
            *(HttpRoute(method="GET", path=f"/api/operations/{what}") for what in ASKED_FOR),
            *(HttpRoute(method="POST", path=f"/api/operations/{what}") for what in DECIDED),
        ),
        needs=frozenset({*Need, *modules_that_keep(), *SEALED}),
        # Modules are asked what they keep, one after the other.
        timeout_seconds=29,
    ),
)

BY_THEMSELVES = ("communities", "identity")
LOOKED_UP = ("entities", "commands", "metrics", "responses/recent", "responses/{execution_id}")
COMMUNITIES = (
    Function(
        name="communities",
        handler="functions.communities.handler.handler",
        folders=("functions/communities",),
        doors=(
            HttpRoute(method="GET", path="/api/communities"),
            *(HttpRoute(method="ANY", path=f"/api/{one}/{{path+}}") for one in BY_THEMSELVES),
            *(HttpRoute(method="GET", path=f"/api/router/{what}") for what in LOOKED_UP),
        ),
        needs=SEALED.union(
            {
                *(Need.WRITER, Need.REPLICA, Need.CACHE, Need.LIMITS),
                *(Secret(variable=PUBLIC_URL), SHOWS),
                *(MediaFiles(may="ask"), MediaAddress()),
            }
        ),
    ),
)

DESCRIPTION = Function(
    name="description",
    handler="functions.description.handler.handler",
    folders=("functions/description",),
    doors=(HttpRoute(method="GET", path="/api/openapi.json"),),
)

IDENTITY = (
    Function(
        name="identity",
        handler="functions.identity.handler.handler",
        folders=("functions/identity",),
        doors=(
            *(HttpRoute(method="GET", path=one) for one in ("/signin", "/me", "/me/page.css")),
            HttpRoute(method="GET", path="/signin/{platform}"),
            HttpRoute(method="GET", path="/signin/{platform}/callback"),
            *(HttpRoute(method="POST", path=one) for one in ("/me/unlink", "/me/signout")),
            *(HttpRoute(method="GET", path=one) for one in ("/connect", "/connect/{service}")),
            HttpRoute(method="GET", path="/connect/{service}/callback"),
            HttpRoute(method="POST", path="/connect/{service}/end"),
            *(HttpRoute(method=one, path="/forms/{token}") for one in ("GET", "POST")),
        ),
        needs=SEALED.union(
            {
                *(Need.WRITER, Need.CACHE, Need.LIMITS, Outside(), Invoke(function="router")),
                *(Secret(variable=one) for one in (PUBLIC_URL, *sign_in_variables())),
            }
        ),
        timeout_seconds=15,
    ),
)

OUTSIDE = (
    Function(
        name="outside",
        handler="functions.outside.handler.handler",
        folders=("functions/outside",),
        needs=frozenset({Need.CACHE, Outside(), Secret(variable=SIGNING_KEY)}),
        # One second more than a delivery may take: the caller gives up first.
        timeout_seconds=MOST_SECONDS + 1,
    ),
    Function(
        name="fetch",
        handler="functions.outside.fetch_handler.handler",
        folders=("functions/outside",),
        needs=frozenset({Need.CACHE, Outside()}),
        timeout_seconds=5,
    ),
)

UPKEEP = (
    Function(
        name="upkeep-migrate",
        handler="functions.upkeep.migrate_handler.handler",
        # The one row with other rooms' folders: our modules own their tables, this makes them.
        folders=("functions/upkeep", *(f"functions/modules/{name}" for name in HOUSE)),
        doors=(AtDeploy(order=1),),
        needs=frozenset({Need.WRITER, Master(), Secret(variable="WADDLEBOT_API_KEY")}),
        timeout_seconds=14 * 60,  # a deploy waits for 15 minutes, and is to hear how it ended
        direct=True,
    ),
    Function(
        name="upkeep-sync-commands",
        handler="functions.upkeep.sync_commands_handler.handler",
        folders=("functions/upkeep",),
        doors=(AtDeploy(order=2),),
        needs=frozenset({Need.WRITER, Need.CACHE}),
        timeout_seconds=30,
    ),
    Function(
        name="upkeep-sweep",
        handler="functions.upkeep.sweep_handler.handler",
        folders=("functions/upkeep",),
        doors=(AtDeploy(order=3), Schedule(every_minutes=60)),
        needs=frozenset({Need.WRITER}),
        timeout_seconds=60,
        direct=True,
    ),
    Function(
        name="upkeep-erase",
        handler="functions.upkeep.erase_handler.handler",
        folders=("functions/upkeep",),
        doors=(Schedule(every_minutes=1),),
        needs=frozenset({*Need, *modules_that_keep(), *ENDS_CONNECTIONS, SHOWS} - {Need.REPLICA}),
        timeout_seconds=60,
    ),
    Function(
        name="upkeep-late-records",
        handler="functions.upkeep.late_records_handler.handler",
        folders=("functions/upkeep",),
        doors=(Schedule(every_minutes=1),),
        needs=frozenset({Need.WRITER, Need.STREAMS}),
        timeout_seconds=60,
    ),
    RESTORE,
)

BESIDE_THE_ROAD = (
    *(*ASKING, *OVERLAY, *MEDIA, *OPERATIONS, *COMMUNITIES),
    *(DESCRIPTION, *IDENTITY, *OUTSIDE, *UPKEEP),
)


def module_function(module: Module[Any]) -> Function:
    folder = f"functions/modules/{module.name}"
    return Function(
        name=module.name,
        handler=f"functions.modules.{module.name}.handler.handler",
        folders=(folder,),
        doors=tuple(
            HttpRoute(method=one.method, path=one.address(module.name)) for one in module.routes
        ),
        needs=frozenset() if module.community else _needs_of(module),
        # One second more than the declared deadline: the caller gives up first.
        timeout_seconds=module.timeout_seconds + 1,
        isolated=module.community,
        quick=not module.community,
    )


def _needs_of(module: Module[Any]) -> frozenset[AnyNeed]:
    needs: set[AnyNeed] = {Need.WRITER, *(Secret(variable=one) for one in module.secrets)}
    if module.outside:  # breakers and kept answers are shared on the cache server
        needs |= {Need.CACHE, Outside(hosts=module.outside)}
    if module.routes:  # how often somebody comes is counted, and it says where it is found
        needs |= {Need.LIMITS, Secret(variable=PUBLIC_URL)}
    return frozenset(needs)


def builtin_modules() -> tuple[Module[Any], ...]:
    """The modules that are served in process, found by folder."""
    package = importlib.import_module("functions.builtins")
    folders = [found.name for found in pkgutil.iter_modules(package.__path__) if found.ispkg]
    return tuple(
        importlib.import_module(f"{package.__name__}.{folder}.{found.name}").MODULE
        for folder in folders
        for found in pkgutil.iter_modules([f"{path}/{folder}" for path in package.__path__])
    )


def taken_names() -> frozenset[str]:
    """Those that mean something in the house."""
    modules = {module.name for module in (*house_modules(), *builtin_modules())}
    ours = {one.name for one in (*map(ingress, WEBHOOK_SECRETS), *BESIDE_THE_ROAD)}
    return frozenset({"router"} | OUR_NAMES | modules | ours)


def all_functions() -> tuple[Function, ...]:
    return (
        *map(ingress, WEBHOOK_SECRETS),
        *router_functions(),
        *BESIDE_THE_ROAD,
        *map(module_function, lambda_modules()),
    )
