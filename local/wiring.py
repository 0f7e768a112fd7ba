"""The catalogue turned into one machine: which process sees which variables."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from functions.assets import asset_files
from functions.catalogue import all_functions
from functions.database_users import database_user
from functions.declaration import (
    SOCKET_PATHS,
    AtDeploy,
    Function,
    HttpRoute,
    Schedule,
    Uploaded,
    gateway_routes,
    socket_functions,
)
from functions.modules import HOUSE
from gateway_bot.declaration import GATEWAY, PLATFORM_SECRETS
from local.api_gateway import GatewayRoute, SocketApi
from local.lambda_service import LocalFunction
from local.object_store import AT as OBJECT_STORE
from local.object_store import BUCKET, key_id_of, secret_of
from local.settings import ROOT, LocalSettings
from waddlebot.domain.database_users import APP, of_a_module, url_of
from waddlebot.domain.overlay_players import PLAYERS_AT
from waddlebot.runtime.needs import (
    FUNCTION_PREFIX,
    LAMBDA_ENDPOINT,
    MASTER_URL,
    MEDIA_ADDRESS,
    MEDIA_BUCKET,
    MEDIA_UPLOADS_AT,
    PARTITIONS,
    S3_ENDPOINT,
    SEAL_KEY,
    SEAL_KEY_BEFORE,
    STAND_INS,
    VARIABLES,
    Invoke,
    MediaFiles,
    Need,
    Outside,
    Secret,
    SocketAddress,
    Sockets,
    variables,
)
from waddlebot_sdk.web import AT

SHARED = ROOT / "layers" / "shared" / "python"
SDK = ROOT / "sdk" / "python"

LIBRARIES = ("hiredis", "msgspec", "nacl.signing", "psycopg", "redis", "re2")
OURS = (
    *("waddlebot.domain", "waddlebot.platforms", "waddlebot.platforms.discord"),
    *("waddlebot.platforms.slack", "waddlebot.platforms.twitch", "waddlebot.stores"),
)
"""Packages that warm functions use most of, and that need no library but those above."""

ISOLATED_PRELOAD = ("waddlebot_sdk.checked", "waddlebot_sdk.declared", "waddlebot_sdk.door")
"""The same for strangers' functions, each call of which has a process of its own: the files that
all of them come to, as the package itself loads none."""

PLATFORM_VARIABLES = (
    *PLATFORM_SECRETS,
    *GATEWAY.settings,
    *(SEAL_KEY, SEAL_KEY_BEFORE),
    *("DISCORD_API_URL", "SLACK_API_URL"),
    *("TWITCH_API_URL", "TWITCH_AUTH_URL", "TWITCH_EVENTSUB_URL"),
)

ELSEWHERE = (
    *("DISCORD_API_URL", "DISCORD_AUTH_URL", "SLACK_API_URL", "SLACK_AUTH_URL"),
    *("SLACK_INSTALL_URL",),
    *("TWITCH_API_URL", "TWITCH_AUTH_URL"),
)
"""Where a platform is that is not at its own address."""

ASKED_WITH = (
    *("SLACK_BOT_TOKEN", "SLACK_API_URL", "DISCORD_TOKEN", "DISCORD_API_URL"),
    *("TWITCH_APP_TOKEN", "TWITCH_CLIENT_ID", "TWITCH_API_URL"),
)
"""What functions that ask a platform about people find set; the gateways have all of it."""

ASKED_AT = "ASKED_TWITCH_API_URL"
"""Where functions that ask Twitch with the application's token find it: on one machine whoever
signs in is told of by another address of the stand-in."""

STORE_SECRET = "MEDIA_STORE_SECRET"  # noqa: S105 - the name of it

DATABASES = (VARIABLES[Need.WRITER], VARIABLES[Need.REPLICA])

AWS_CREDENTIALS = {
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "local",
    # The local Lambda service asks for a signature and checks no key.
    "AWS_SECRET_ACCESS_KEY": "local",
}


def preloaded() -> tuple[str, ...]:
    """What a fork server imports once for all functions, as SnapStart would on AWS."""
    folders = ((package, SHARED.joinpath(*package.split("."))) for package in OURS)
    modules = (f"{package}.{name}" for package, folder in folders for name in modules_in(folder))
    return (*LIBRARIES, *sorted(modules), "waddlebot.runtime.serve_module")


def modules_in(folder: Path) -> list[str]:
    """A file left beside them, as by a merge (`rules.orig.py`), is no module."""
    return [file.stem for file in folder.glob("[a-z]*.py") if file.stem.isidentifier()]


def local_functions(
    values: Mapping[str, str], *, lambda_url: str, assets: Path
) -> list[LocalFunction]:
    """Every row of the catalogue, each with exactly the variables of its needs."""
    return [
        local_function(function, values, lambda_url=lambda_url, assets=assets)
        for function in all_functions()
    ]


def local_function(
    function: Function, values: Mapping[str, str], *, lambda_url: str, assets: Path
) -> LocalFunction:
    return LocalFunction(
        name=function.name,
        handler=function.handler,
        environment=environment_of(function, values, lambda_url=lambda_url),
        timeout_seconds=function.timeout_seconds,
        memory_mb=function.memory_mb,
        concurrency=function.concurrency,
        isolated=function.isolated,
        python_path=_python_path(function, assets),
        warm=1 if function.quick else 0,
        # Nobody repeats a call behind the router's back (docs/journey.md).
        retries=0,
        maximum_age_seconds=60,
    )


def environment_of(
    function: Function, values: Mapping[str, str], *, lambda_url: str
) -> dict[str, str]:
    names = {name for need in function.needs for name in variables(need)}
    environment = {name: values[name] for name in sorted(names) if name in values}
    environment |= _entered_as(function, environment, values)
    if Need.STREAMS in function.needs:
        environment |= partitions_in(values)
    if any(isinstance(need, Secret) for need in function.needs):
        environment |= {name: values[name] for name in ELSEWHERE if name in values}
    if "TWITCH_APP_TOKEN" in environment and values.get(ASKED_AT):
        environment["TWITCH_API_URL"] = values[ASKED_AT]
    if any(isinstance(need, Outside) for need in function.needs) and values.get(STAND_INS):
        environment[STAND_INS] = values[STAND_INS]
    if any(isinstance(need, Invoke) for need in function.needs):
        environment |= {**AWS_CREDENTIALS, LAMBDA_ENDPOINT: lambda_url, FUNCTION_PREFIX: ""}
    if any(isinstance(need, SocketAddress) for need in function.needs):
        environment |= player_addresses(values)
    if any(isinstance(need, Sockets) for need in function.needs):
        environment |= AWS_CREDENTIALS
    for need in function.needs:
        if isinstance(need, MediaFiles):
            environment |= _at_the_store(need.may, values)
    return environment


def player_addresses(given: Mapping[str, str]) -> dict[str, str]:
    """Of players of videos that are elsewhere, where somebody has said it."""
    return {name: given[name] for name in PLAYERS_AT.values() if given.get(name)}


def store_variables(url: str, public_url: str) -> dict[str, str]:
    """Where functions find the store, and under which address others post a form to it."""
    return {
        MEDIA_BUCKET: BUCKET,
        S3_ENDPOINT: f"{url}{OBJECT_STORE}",
        MEDIA_UPLOADS_AT: f"{public_url}{OBJECT_STORE}/{BUCKET}",
    }


def files_variables(settings: LocalSettings, port: int) -> dict[str, str]:
    """The host of files, for a house that is reached on this machine alone: its port is another
    origin. Who comes by a name of the operator's has that one name.
    """
    is_here = settings.public_url == settings.url
    return {MEDIA_ADDRESS: f"http://localhost:{port}"} if is_here else {}


def _at_the_store(may: str, values: Mapping[str, str]) -> dict[str, str]:
    """With keys of its own, of which the local Lambda service takes any."""
    told = {name: values[name] for name in (S3_ENDPOINT, MEDIA_UPLOADS_AT) if values.get(name)}
    keys = {
        "AWS_ACCESS_KEY_ID": key_id_of(may),
        "AWS_SECRET_ACCESS_KEY": secret_of(may, values.get(STORE_SECRET, "")),
    }
    return {**AWS_CREDENTIALS, **told, **keys}


def entered_as_app(addresses: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The databases of the plane, as the app enters them; the plane knows their master alone.

    Whoever brings a server of their own has one user there, and it stays the only one.
    """
    if given.get(VARIABLES[Need.WRITER]):
        return {}
    master = addresses[VARIABLES[Need.WRITER]]
    ours = [name for name in DATABASES if not given.get(name)]
    return {MASTER_URL: master, **{name: url_of(master, APP, addresses[name]) for name in ours}}


def _entered_as(
    function: Function, environment: Mapping[str, str], values: Mapping[str, str]
) -> dict[str, str]:
    """The databases in `environment`, as this function's own user enters them."""
    user, master = database_user(function), values.get(MASTER_URL, "")
    urls = {name: environment[name] for name in DATABASES if environment.get(name)}
    if master:
        ours = {name: url for name, url in urls.items() if urlsplit(url).username == APP}
        return {name: _prepared(url_of(master, user, url)) for name, url in ours.items()}
    if function.name in HOUSE:  # what its user would begin with
        settings = of_a_module(function.timeout_seconds - 1)
        return {name: _with_settings(url, settings) for name, url in urls.items()}
    return {}


def _prepared(url: str) -> str:
    """No pooler stands before a database of the plane's own."""
    return _and(url, "prepare=1")


def _with_settings(url: str, settings: Mapping[str, str]) -> str:
    options = quote(" ".join(f"-c {name}={value}" for name, value in settings.items()))
    return _and(url, f"options={options}")


def _and(url: str, told: str) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{told}"


def partitions_in(given: Mapping[str, str]) -> dict[str, str]:
    """How many shares the streams are kept in, where somebody has said it."""
    return {PARTITIONS: given[PARTITIONS]} if given.get(PARTITIONS) else {}


def platform_variables(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name] for name in PLATFORM_VARIABLES if given.get(name)}


def gateway_environment(values: Mapping[str, str], *, lambda_url: str) -> dict[str, str]:
    """What gateway_bot sees: the data plane, the platforms' tokens and the Lambda service."""
    names = sorted({name for need in GATEWAY.needs for name in variables(need)})
    environment = {name: values[name] for name in names if name in values}
    if values.get(MASTER_URL):
        entered = {name: url for name, url in environment.items() if name in DATABASES}
        environment |= {name: _prepared(url) for name, url in entered.items()}
    environment |= platform_variables(values)
    path = {"PATH": os.environ.get("PATH", ""), "PYTHONUNBUFFERED": "1"}
    return {
        **path,
        **environment,
        **partitions_in(values),
        **AWS_CREDENTIALS,
        LAMBDA_ENDPOINT: lambda_url,
        FUNCTION_PREFIX: "",
    }


def _python_path(function: Function, assets: Path) -> tuple[Path, ...]:
    """A stranger's function sees a copy of its own folder and the SDK; ours see the tree."""
    if not function.isolated:
        return (ROOT, SHARED, SDK)
    return (lay_out(function, assets), SDK)


def lay_out(function: Function, assets: Path) -> Path:
    target = assets / function.name
    shutil.rmtree(target, ignore_errors=True)
    for path in asset_files(function, ROOT):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, target / path)
    return target


def routes() -> list[GatewayRoute]:
    return routes_of(all_functions())


def routes_of(functions: Iterable[Function]) -> list[GatewayRoute]:
    return [
        GatewayRoute(
            method=route.method,
            path=route.path,
            function=function.name,
            most_at_once=_most_at_once(function, route),
        )
        for function in functions
        for route in gateway_routes(function)
    ]


def _most_at_once(function: Function, route: HttpRoute) -> int:
    """Somebody else calls a module too: more workers than strangers can take stay free for that."""
    return function.concurrency // 2 if route.path.startswith(f"{AT}/") else 0


def socket_apis() -> list[SocketApi]:
    return [
        SocketApi(
            paths=SOCKET_PATHS[audience],
            functions={key: function.name for key, function in by_key.items()},
        )
        for audience, by_key in socket_functions(all_functions()).items()
    ]


def schedules() -> list[tuple[str, int]]:
    return [
        (function.name, door.every_minutes)
        for function in all_functions()
        for door in function.doors
        if isinstance(door, Schedule)
    ]


def told_of_uploads(key: str) -> Iterator[str]:
    """The functions that are told of an object that came under this key."""
    for function in all_functions():
        for door in function.doors:
            if isinstance(door, Uploaded) and key.startswith(door.under):
                yield function.name


def at_deploy() -> Sequence[str]:
    steps = [
        (door.order, function.name)
        for function in all_functions()
        for door in function.doors
        if isinstance(door, AtDeploy)
    ]
    return [name for _, name in sorted(steps)]
