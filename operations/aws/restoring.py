"""`waddlebot aws restore`: a server as it was then, and its rows brought back from inside.

Nobody outside reaches a database of the house. `upkeep-restore` does; the token with which it
enters the second server is made here, by whoever types (docs/decisions/0120).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from operations.api import NotDone
from operations.aws.account import find_account, find_parameter, in_words, open_session
from operations.speaking import is_sure, show_json, table
from waddlebot.domain.database_users import OWNER
from waddlebot.domain.stages import database_parameter, wrong_stage
from waddlebot.runtime.credentials import Credentials
from waddlebot.runtime.needs import LIVE
from waddlebot.runtime.signing import database_token

if TYPE_CHECKING:
    from boto3.session import Session

MADE_FOR = "waddlebot:restored-for"
"""The tag of a server that `begin` made: no other is ended."""
DATABASE, PORT = "waddlebot", 5432
WAITS_SECONDS = 15 * 60
LOAD = "waddlebot aws restore --stage {stage} load {name} TABLE…"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAt:
    host: str
    port: int = PORT
    database: str = DATABASE


def arguments(_verb: str, parser: argparse.ArgumentParser) -> None:
    does = parser.add_subparsers(dest="does", required=True, metavar="begin|compare|load|end")
    begin = does.add_parser("begin", help="a second server, as the database was then")
    begin.add_argument(
        "--at", metavar="TIME", help="2026-11-29T21:00:00Z; else the latest there is"
    )
    for name, what in {
        "compare": "how many rows each table has now, and had then",
        "load": "bring back what tables had then and lack now",
        "end": "delete the second server",
    }.items():
        one = does.add_parser(name, help=what)
        one.add_argument(
            "server", metavar="NAME", help="as begin names it; or host[:port]/database"
        )
        if name == "end":
            one.add_argument("--yes", action="store_true", help="without asking")
        else:
            one.add_argument("--json", action="store_true", help="the same as JSON")
        if name == "load":
            one.add_argument("tables", nargs="*", metavar="TABLE", help="as compare names them")
            one.add_argument("--all", action="store_true", help="every table: into a new house")
            one.add_argument(
                "--changed", action="store_true", help="put rows back too that are others now"
            )


def carry_out(asked: argparse.Namespace) -> int:
    """Raises NotDone."""
    if problem := wrong_stage(asked.stage):
        raise NotDone(problem)
    session = open_session()
    print(
        f"restore {asked.does} {asked.stage}: {find_account(session).words}",
        file=sys.stderr,
        flush=True,
    )
    with in_words():
        return _DOES[asked.does](asked, session)


def _begin(asked: argparse.Namespace, session: Session) -> int:
    """As the writer is, in its network and with its door; nothing of it is deleted by a deploy."""
    rds = session.client("rds")
    writer = _writer(asked.stage, session)
    now = datetime.now(UTC)
    name = f"waddlebot-{asked.stage}-then-{now:%Y%m%d-%H%M%S}"
    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier=writer["DBInstanceIdentifier"],
        TargetDBInstanceIdentifier=name,
        DBInstanceClass=writer["DBInstanceClass"],
        DBSubnetGroupName=writer["DBSubnetGroup"]["DBSubnetGroupName"],
        VpcSecurityGroupIds=[one["VpcSecurityGroupId"] for one in writer["VpcSecurityGroups"]],
        DBParameterGroupName=writer["DBParameterGroups"][0]["DBParameterGroupName"],
        PubliclyAccessible=False,
        MultiAZ=False,
        EnableIAMDatabaseAuthentication=True,
        Tags=[{"Key": MADE_FOR, "Value": asked.stage}],
        **_when(asked.at, now),
    )
    print(
        f"{name} comes up: the database of {asked.stage} as it was "
        f"{asked.at or 'some minutes ago'}, beside the one that runs. AWS takes some minutes; "
        f"it costs as much as that one until it is ended.\nNext, when it is there:\n"
        f"  aws rds wait db-instance-available --db-instance-identifier {name}\n"
        f"  waddlebot aws restore --stage {asked.stage} compare {name}"
    )
    return 0


def _when(at: str | None, now: datetime) -> Mapping[str, Any]:
    if not at:
        return {"UseLatestRestorableTime": True}
    try:
        then = datetime.fromisoformat(at)
    except ValueError as error:
        raise NotDone(f"'{at}' is no time: write 2026-11-29T21:00:00Z.") from error
    if then.tzinfo is None or then > now:
        raise NotDone(f"'{at}' is no time of the past with its zone: 2026-11-29T21:00:00Z.")
    return {"RestoreTime": then}


def _writer(stage: str, session: Session) -> Mapping[str, Any]:
    """The database that the data stack made, as RDS tells of it. Raises NotDone."""
    host = find_parameter(database_parameter(stage), session)
    pages = session.client("rds").get_paginator("describe_db_instances").paginate()
    for one in (one for page in pages for one in page["DBInstances"]):
        if one.get("Endpoint", {}).get("Address") == host:
            found: Mapping[str, Any] = one
            return found
    raise NotDone(
        f"No database of {stage} runs here. Where it was deleted, a copy of it is restored into "
        "another house: docs/aws.md, “Restore”."
    )


def _compare(asked: argparse.Namespace, session: Session) -> int:
    told = _call(asked, session, {})
    if asked.json:
        show_json(told)
        return 0
    now, then = told["now"], told["then"]
    rows = [
        (name, now.get(name, 0), then.get(name, 0))
        for name in sorted({*now, *then})
        if now.get(name) or then.get(name)
    ]
    print(table(("TABLE", "NOW", "THEN"), rows))
    print(f"\n{LOAD.format(stage=asked.stage, name=asked.server)}")
    return 0


def _load(asked: argparse.Namespace, session: Session) -> int:
    if bool(asked.tables) == asked.all:
        raise NotDone("Which tables? Name them as `compare` does, or --all into a new house.")
    tables = asked.tables or sorted(_call(asked, session, {})["now"])
    told = _call(asked, session, {"tables": tables, "changed": asked.changed})
    if asked.json:
        show_json(told)
        return 0
    came = {name: count for name, count in told["came"].items() if count or not asked.all}
    print(table(("TABLE", "CAME BACK"), list(came.items())) if came else "Nothing was missing.")
    print(
        "\nThe house sees it at its next event. Whoever was forgotten since then may be back: "
        "waddlebot person erase"
    )
    return 0


def _end(asked: argparse.Namespace, session: Session) -> int:
    rds = session.client("rds")
    told = _described(asked.server, session)
    tags = {one["Key"]: one["Value"] for one in told.get("TagList", ())}
    if tags.get(MADE_FOR) != asked.stage:
        raise NotDone(
            f"{asked.server} was not made by `restore begin` for {asked.stage}: it stays."
        )
    if not asked.yes and not is_sure(f"Delete {asked.server} and all that is in it?"):
        raise NotDone("Nothing was deleted.")
    rds.delete_db_instance(
        DBInstanceIdentifier=asked.server, SkipFinalSnapshot=True, DeleteAutomatedBackups=True
    )
    print(f"{asked.server} goes. The database that runs was not touched.")
    return 0


def _call(
    asked: argparse.Namespace, session: Session, more: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What `upkeep-restore` answers. Raises NotDone with its sentence."""
    from botocore.config import Config

    at = _server(asked.server, session)
    server = {"host": at.host, "port": at.port, "database": at.database}
    server["token"] = _token(at, session)
    patient = Config(read_timeout=WAITS_SECONDS, retries={"max_attempts": 0}, tcp_keepalive=True)
    client = session.client("lambda", config=patient)
    try:
        answer = client.invoke(
            FunctionName=f"waddlebot-{asked.stage}-upkeep-restore",
            Qualifier=LIVE,
            Payload=json.dumps({"server": server, **more}).encode(),
        )
    except client.exceptions.ResourceNotFoundException as error:
        raise NotDone(
            f"Stage {asked.stage} has no functions here that bring anything back: make deploy "
            f"stage={asked.stage} first."
        ) from error
    told: Mapping[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise NotDone(f"Nothing was changed: {told.get('errorMessage') or told}")
    return told


def _server(named: str, session: Session) -> ServerAt:
    """Raises NotDone."""
    if found := re.fullmatch(r"([\w.-]+)(?::(\d{1,5}))?/(\w+)", named):
        host, port, database = found.groups()
        return ServerAt(host=host, port=int(port or PORT), database=database)
    told = _described(named, session)
    if "Endpoint" not in told:
        raise NotDone(
            f"{named} is {told['DBInstanceStatus']}: wait until it is there, `aws rds wait "
            f"db-instance-available --db-instance-identifier {named}`."
        )
    return ServerAt(host=told["Endpoint"]["Address"], port=told["Endpoint"]["Port"])


def _described(name: str, session: Session) -> Mapping[str, Any]:
    """Raises NotDone."""
    rds = session.client("rds")
    try:
        told: Mapping[str, Any] = rds.describe_db_instances(DBInstanceIdentifier=name)
    except rds.exceptions.DBInstanceNotFoundFault as error:
        raise NotDone(
            f"RDS has no server {name} in {session.region_name}. `restore begin` makes one."
        ) from error
    found: Mapping[str, Any] = told["DBInstances"][0]
    return found


def _token(at: ServerAt, session: Session) -> str:
    """With the keys of whoever types: the function has no right to that server of its own."""
    keys: Any = session.get_credentials()
    told = keys.get_frozen_credentials()
    own = Credentials(
        key_id=told.access_key, secret=told.secret_key, session_token=told.token or ""
    )
    region, now = session.region_name or "", datetime.now(UTC)
    return database_token(at.host, at.port, OWNER, credentials=own, region=region, now=now)


_DOES: Mapping[str, Callable[[argparse.Namespace, Any], int]] = {
    "begin": _begin,
    "compare": _compare,
    "load": _load,
    "end": _end,
}
